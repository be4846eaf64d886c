"""The whole register looked through at once: the engine finds whom a look part by part finds, and a person decides."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import found_company
from tests.reviewing import ANN, House, found_house, house_of

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.matching.api import splink_on_duckdb
from trustdesk.register.api import shown_as_one
from trustdesk.server.cluster import Cluster
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import Looked
from trustdesk.updates.models import Duplicate
from trustdesk.updates.services import cleaning
from trustdesk.updates.services.doubles import look_at
from trustdesk.updates.tasks import look_for_duplicates

GIVEN = ("Aino", "Eero", "Ilmari", "Kaisa", "Lauri")
FAMILIES = ("Virtanen", "Korhonen", "Nieminen", "Mäkelä")
STREETS = ("Rantatie", "Kauppakatu", "Koulutie")


def person(at: int) -> dict[str, str]:
    return {
        "given_name": GIVEN[at % 5],
        "family_name": FAMILIES[at % 4],
        "birth_date": f"19{40 + at}-0{1 + at % 9}-{1 + at % 28:02d}",
        "address": f"{STREETS[at % 3]} {at + 1}, 90100 Oulu",
        "phone": f"+358 40 12{at:05d}",
    }


@pytest.fixture(scope="module")
def house(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Forty people, three of them recorded a second time: with a slip, without a phone, after a move."""
    with django_db_blocker.unblock():
        house = found_house(f"Cleaned {new_id()}")
        for at in range(40):
            house.known(**person(at))
        house.known(**person(3) | {"family_name": "Mäkelä-"})
        house.known(**{name: text for name, text in person(11).items() if name != "phone"})
        house.known(**person(17) | {"address": "Torikatu 5, 40100 Jyväskylä"})
        yield house


def pairs(house: House) -> set[tuple[int, int]]:
    return {(line.left_id, line.right_id) for line in updates.duplicates(house.by(ANN))}


def nothing_proposed(house: House) -> None:
    context = house.by(ANN)
    with scoped(context.scope):
        Duplicate.objects.filter(controller_id=context.controller_id).delete()


def clean_up(house: House) -> Looked:
    return updates.clean_up(house.company.controller_id, engine=splink_on_duckdb())


def test_it_proposes_what_a_look_part_by_part_proposes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    look_for_duplicates(controller_id=house.company.controller_id, after=0)
    before = pairs(house)
    assert len(before) == 3
    nothing_proposed(house)
    monkeypatch.setattr(cleaning, "PART", 2)  # several parts
    assert clean_up(house) == Looked(looked=43, found=3, after=None)
    assert pairs(house) == before
    clean_up(house)
    assert pairs(house) == before
    assert all(len(shown_as_one(house.by(ANN), left)) == 1 for left, _right in before)


def test_killed_between_two_parts_it_is_begun_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_proposed(house)
    monkeypatch.setattr(cleaning, "PART", 2)
    parts: list[int] = []

    def dies(context: AccessContext, customer_ids: Sequence[int], *, now: datetime) -> AbstractSet[tuple[int, int]]:
        if parts:
            raise KeyboardInterrupt
        parts.append(1)
        return look_at(context, customer_ids, now=now)

    with monkeypatch.context() as killed:
        killed.setattr(cleaning, "look_at", dies)
        with pytest.raises(KeyboardInterrupt):
            clean_up(house)
    some = pairs(house)
    clean_up(house)
    assert some < pairs(house)
    assert len(pairs(house)) == 3


@pytest.mark.slow  # a whole program is started
def test_the_command_says_how_many(house: House) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from trustdesk.cli.main import main; main()", "duplicates"),
            *("--controller", str(house.company.controller_id)),
        ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "43 records looked through, 3 pairs proposed" in done.stdout, done.stdout + done.stderr


def test_an_empty_register_has_nobody_twice(house: House) -> None:
    empty = house_of(found_company(f"Empty {new_id()}", "FI"))
    assert clean_up(empty) == Looked(looked=0, found=0, after=None)
    assert clean_up(house).looked == 43
