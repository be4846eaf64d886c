"""Lists kept by others: loaded as tokens, exchanged as a whole, and worth nothing once they are stale."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.clearing import ASSESSMENT, DAY, LATER, consent, person, phone, verdict
from tests.companies import NOW, Company
from tests.integration.clearance.listed import declare_ecg, digests, ecg

from trustdesk.batch.contracts import Reading, UnreadableFileError
from trustdesk.clearance.api import (
    assess_purpose,
    decide,
    declare_outside_list,
    load_outside_list,
    outside_lists,
    record_collection,
)
from trustdesk.clearance.contracts import Collection, NewOutsideList, PointKind
from trustdesk.decision.contracts import Channel, Outcome, Verdict
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.register.api import card, set_relationship
from trustdesk.register.contracts import Relationship

POWER = {"product": "power"}
OWN = NewOutsideList(code="own-robinson", name="Robinson", country="FI", kind=PointKind.PHONE)


@pytest.fixture(autouse=True)
def _assessed(north: Company) -> None:
    assess_purpose(north.context(), code="offers", assessment=ASSESSMENT, now=NOW)


def write(folder: Path, *lines: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def called(company: Company, customer_id: int) -> Verdict:
    """May a person in Finland be called with an offer? Until they say no (SVPL 200 § 2 mom.)."""
    return verdict(company, customer_id, Channel.CALL_HUMAN, purpose="offers", about=POWER)


def test_who_is_on_an_own_list_is_left_in_peace(north: Company, tmp_path: Path) -> None:
    declare_outside_list(north.context(), outside=OWN, now=NOW)
    anna, bela = person(north, phone="040 1234567"), person(north, phone="040 7654321")
    assert [called(north, each).permitted for each in (anna, bela)] == [True, True]
    file = write(tmp_path, "number;remark", "040-123 4567;x", "no number;y", ";z")
    loaded = load_outside_list(
        north.context(),
        code="own-robinson",
        path=file,
        column="number",
        refreshed_at=NOW,
        now=LATER,
    )
    assert (loaded.entries, loaded.unreadable, loaded.refreshed_at) == (1, 2, NOW)
    assert [called(north, each).permitted for each in (anna, bela)] == [False, True]
    stranger = decide(
        north.context(),
        customer_id=0,
        point=phone("040 1234567", "FI"),
        channel=Channel.CALL_HUMAN,
        purpose="offers",
        now=LATER,
        about=POWER,
    )
    assert "EU-SUPPRESSION" in {reason.rule_id for reason in stranger.reasons}
    consent(north, anna, Channel.CALL_HUMAN, purpose="offers")
    assert called(north, anna).permitted  # the person's own word outweighs a list


def test_a_load_replaces_the_old_content_as_a_whole(north: Company, tmp_path: Path) -> None:
    declare_outside_list(north.context(), outside=OWN, now=NOW)
    anna = person(north, phone="040 1234567")
    first = write(tmp_path, "number", "040 1234567")
    load_outside_list(north.context(), code="own-robinson", path=first, refreshed_at=NOW, now=NOW)
    assert not called(north, anna).permitted
    second = write(tmp_path, "number", "040 9999999", name="second.csv")
    load_outside_list(north.context(), code="own-robinson", path=second, refreshed_at=NOW, now=LATER)
    assert called(north, anna).permitted


@pytest.mark.parametrize("content", ["number\nnothing here\n", "number\n", 'number\n"never closed\n'])
def test_a_file_that_cant_be_read_leaves_the_old_content(north: Company, tmp_path: Path, content: str) -> None:
    declare_outside_list(north.context(), outside=OWN, now=NOW)
    anna = person(north, phone="040 1234567")
    good = write(tmp_path, "number", "040 1234567")
    load_outside_list(north.context(), code="own-robinson", path=good, refreshed_at=NOW, now=NOW)
    bad = tmp_path / "bad.csv"
    bad.write_text(content)
    with pytest.raises((BadInputError, UnreadableFileError)):
        load_outside_list(north.context(), code="own-robinson", path=bad, refreshed_at=LATER, now=LATER)
    held = next(each for each in outside_lists(north.context()) if each.code == "own-robinson")
    assert (held.refreshed_at, held.entries) == (NOW, 1)
    assert not called(north, anna).permitted


def test_the_loader_asks_for_what_it_needs(north: Company, south: Company, tmp_path: Path) -> None:
    file = write(tmp_path, "a;b", "1;2")
    with pytest.raises(NotFoundError):
        load_outside_list(north.context(), code="own-robinson", path=file, refreshed_at=NOW, now=NOW)
    declare_outside_list(north.context(), outside=OWN, now=NOW)
    with pytest.raises(ConflictError):
        declare_outside_list(north.context(), outside=OWN, now=NOW)
    with pytest.raises(BadInputError) as refusal:
        load_outside_list(north.context(), code="own-robinson", path=file, refreshed_at=NOW, now=NOW)
    assert refusal.value.place == "column"
    with pytest.raises(BadInputError) as refusal:
        load_outside_list(
            north.context(),
            code="own-robinson",
            path=file,
            column="a",
            refreshed_at=LATER,
            now=NOW,
            reading=Reading(),
        )
    assert refusal.value.place == "refreshed_at"
    with pytest.raises(RefusedError):
        load_outside_list(north.context("clearance:read"), code="own-robinson", path=file, refreshed_at=NOW, now=NOW)
    assert [each.code for each in outside_lists(south.context())] == []


def soft(company: Company, email: str) -> Verdict:
    """A customer in Austria, offered something similar without a consent (TKG 2021 § 174(4)): there the list counts."""
    context = company.context()
    anna = person(company, country="AT", email=email)
    bought = Relationship(customer_since=NOW.date(), last_sale_date=NOW.date(), product_groups=("power",))
    set_relationship(context, customer_id=anna, relationship=bought, language="de", now=NOW)
    value = next(value for value in card(context, anna, now=NOW).values if value.attribute == "email").value_id
    obtained = Collection(value_id=value, from_sale=True, told=True, refused=False)
    record_collection(context, customer_id=anna, collection=obtained, at=NOW, now=NOW)
    return verdict(company, anna, Channel.EMAIL, purpose="offers", value_id=value, about=POWER)


def test_austria_can_decide_nothing_before_the_list_is_there_and_when_it_is_stale(
    north: Company,
    tmp_path: Path,
) -> None:
    """ECG § 7(2): whoever sends mail without a consent asks the list."""
    assert soft(north, "anna@example.at").outcome is Outcome.UNDECIDED
    code = declare_ecg(north)
    assert soft(north, "anna@example.at").outcome is Outcome.UNDECIDED
    file = digests(tmp_path, "listed@example.at", "@listed.example.at")
    load_outside_list(north.context(), code=code, path=file, refreshed_at=NOW, now=NOW)
    assert soft(north, "anna@example.at").permitted
    assert soft(north, "Listed@Example.AT").outcome is Outcome.DENY
    assert soft(north, "anybody@listed.example.at").outcome is Outcome.DENY
    holds = ecg().refresh_holds
    if holds is not None:
        stale = NOW - holds - timedelta(days=1)
        load_outside_list(north.context(), code=code, path=file, refreshed_at=stale, now=NOW)
        assert soft(north, "anna@example.at").outcome is Outcome.UNDECIDED


def test_a_file_of_digests_is_made_of_digests(north: Company, tmp_path: Path) -> None:
    code = declare_ecg(north)
    broken = tmp_path / "ecg-liste.hash"
    broken.write_bytes(b"x" * 30)
    with pytest.raises(BadInputError):
        load_outside_list(north.context(), code=code, path=broken, refreshed_at=NOW, now=NOW + DAY)
