"""The post's files in the database, and the addresses that they complete."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from trustdesk.feeds.api import load_reference
from trustdesk.feeds.completing import completed
from trustdesk.feeds.contracts import LoadedReference
from trustdesk.feeds.models import Postcode, Street
from trustdesk.feeds.readers.values import Fault, Record
from trustdesk.feeds.samples.posti import STREETS, TOWNS, postcode_record, postcodes, street_record, streets
from trustdesk.kernel.errors import BadInputError
from trustdesk.matching.contracts import Said
from trustdesk.server.cluster import Cluster
from trustdesk.updates.contracts import Change, ChangeKind

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
RUN = date(2026, 11, 23)


@pytest.fixture
def empty(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM feeds_postcode; DELETE FROM feeds_street")


@pytest.fixture
def loaded(empty: None, tmp_path: Path) -> None:
    load(tmp_path, postcodes())
    load(tmp_path, streets())


def load(tmp_path: Path, content: bytes) -> LoadedReference:
    file = tmp_path / "post.dat"
    file.write_bytes(content)
    return load_reference(file=file, by=None, now=NOW)


def held() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    columns = ("key", "postcode", "side", "lowest", "highest", "edition")
    return sorted(Postcode.objects.values_list("postcode", "town_fi", "edition")), sorted(
        Street.objects.values_list(*columns), key=str
    )


def move(to: str, *, country: str = "FI") -> Change:
    return Change(
        position=to,
        kind=ChangeKind.MOVE,
        person=(Said("name", "name", "Aino Esimerkki"),),
        becomes=(Said("phone", "phone", "+358 40 1234567"), Said("address", "address", to)),
        as_of=NOW,
        country=country,
    )


def becomes(to: str, *, country: str = "FI") -> str:
    (found,) = completed([move(to, country=country)])
    assert isinstance(found, Change)
    assert found.becomes[0] == Said("phone", "phone", "+358 40 1234567")
    return found.becomes[1].text


@pytest.mark.usefixtures("empty")
def test_a_file_is_loaded_whole_and_twice_is_once(tmp_path: Path) -> None:
    first = load(tmp_path, postcodes())
    assert first == LoadedReference(what="postcodes", edition=RUN, rows=len(TOWNS), faults=0)
    swedish = sum(bool(street[2]) for street in STREETS)
    assert load(tmp_path, streets()).rows == len(STREETS) + swedish
    before = held()
    load(tmp_path, postcodes())
    load(tmp_path, streets())
    assert held() == before


@pytest.mark.usefixtures("loaded")
def test_a_newer_file_takes_the_place_of_the_older_and_not_the_other_way_round(tmp_path: Path) -> None:
    newer = load(tmp_path, postcode_record("00100", "HELSINKI", "HELSINGFORS", run=date(2026, 11, 24)))
    assert newer.rows == 1
    before = held()
    with pytest.raises(BadInputError) as fault:
        load(tmp_path, postcodes())
    assert fault.value.place == "run date"
    assert held() == before


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (postcodes()[:-40], f"row {len(TOWNS)}"),
        (postcodes() + b"PONOT\n", "file"),
        (b"PONOT\n", "file"),
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_file_that_is_not_whole_leaves_what_is_held(tmp_path: Path, content: bytes, place: str) -> None:
    before = held()
    with pytest.raises(BadInputError) as fault:
        load(tmp_path, content)
    assert fault.value.place == place
    assert held() == before


@pytest.mark.usefixtures("empty")
def test_one_bad_record_in_hundreds_is_counted_and_passed_over(tmp_path: Path) -> None:
    many = b"".join(street_record("00100", f"Katu{number}tie") for number in range(200))
    found = load(tmp_path, many + b"KATUN and nothing\n")
    assert (found.rows, found.faults) == (200, 1)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Mannerheimintie 5 A 12, Helsinki", "Mannerheimintie 5 A 12, 00100 Helsinki"),
        ("Mannerheimvägen 40, Helsingfors", "Mannerheimvägen 40, 00100 Helsingfors"),
        ("Mannerheimint. 7\nHelsinki", "Mannerheimint. 7, 00100 Helsinki"),
        ("Hämeenkatu 3, Tampere", "Hämeenkatu 3, 33100 Tampere"),
        ("Vapaudenkatu 31, 40100", "Vapaudenkatu 31, 40100 Jyväskylä"),
    ],
)
def test_what_an_address_does_not_say_is_added(text: str, whole: str) -> None:
    assert becomes(text) == whole


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "text",
    [
        "Mannerheimintie 5, 00100 Helsinki",  # says it all
        "Mannerheimintie 5, Espoo",  # there is no such street there
        "Mannerheimintie 50, Helsinki",  # nor such a house
        "Vapaudenkatu 30, Jyväskylä",  # nor on this side
        "Hämeenkatu, Tampere",
        "Tuntematontie 3, 99999",
        "Hämeenkatu 3",
    ],
)
def test_nothing_is_added_where_there_is_doubt(text: str) -> None:
    assert becomes(text) == text


@pytest.mark.usefixtures("loaded")
def test_addresses_of_other_countries_stay(tmp_path: Path) -> None:
    assert becomes("Hämeenkatu 3, Tampere", country="DE") == "Hämeenkatu 3, Tampere"


@pytest.mark.usefixtures("loaded")
def test_faults_and_order_stay() -> None:
    records: list[Record] = [
        move("Hämeenkatu 3, Tampere"),
        Fault("row 3", "Ab", "bad-date"),
        move("Hämeenkatu 5, Tampere"),
    ]
    found = list(completed(records))
    assert [record.position for record in found] == [record.position for record in records]
    assert found[1] is records[1]


@pytest.mark.usefixtures("empty")
def test_without_the_posts_files_nothing_is_added() -> None:
    assert becomes("Hämeenkatu 3, Tampere") == "Hämeenkatu 3, Tampere"
