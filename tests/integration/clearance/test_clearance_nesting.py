"""A new key around the suppression tokens, twice, while numbers come, go and are asked for: nobody is missed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tests.clearing import ASSESSMENT, LATER, person, phone, verdict
from tests.companies import NOW, Company

from trustdesk.clearance.api import (
    assess_purpose,
    begin_renesting,
    declare_outside_list,
    load_outside_list,
    renest_suppressions,
    suppress,
)
from trustdesk.clearance.contracts import EVERYTHING, NewOutsideList, PointKind, Progress, SuppressionReason
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.errors import RefusedError
from trustdesk.vault.services import keyring

OLD, LISTED, FREE = "+358401000001", "+358401000002", "+358401000003"
MEANWHILE = 6  # steps
TABLES = ("clearance_point", "clearance_suppression", "clearance_outside_entry")


@pytest.fixture(autouse=True)
def _rings() -> Iterator[None]:
    """Keys that a rollback takes away are not kept for the next test."""
    yield
    keyring.forget()


@pytest.fixture
def people(north: Company, tmp_path: Path) -> dict[str, int]:
    context = north.context()
    assess_purpose(context, code="offers", assessment=ASSESSMENT, now=NOW)
    outside = NewOutsideList(code="own", name="Robinson", country="FI", kind=PointKind.PHONE)
    declare_outside_list(context, outside=outside, now=NOW)
    file = tmp_path / "list.csv"
    file.write_text(f"number\n{LISTED}\n+358409999999\n")
    load_outside_list(context, code="own", path=file, refreshed_at=NOW, now=NOW)
    stop(north, OLD)
    return {number: person(north, phone=number) for number in (OLD, LISTED, FREE)}


def stop(company: Company, number: str) -> None:
    suppress(company.context(), point=phone(number), scope=EVERYTHING, reason=SuppressionReason.HAND, now=NOW)


def reached(company: Company, customer_id: int) -> bool:
    found = verdict(company, customer_id, Channel.CALL_HUMAN, purpose="offers", about={"product": "power"})
    return found.permitted


def kept_out(company: Company, number: str) -> bool:
    gate = registries.admission.get("clearance.suppression")
    asked = registries.Candidate("import", [("phone", number)], company.imported)
    return not gate.ask(company.context(), [asked])[0].admitted


def holds(company: Company, people: dict[str, int]) -> bool:
    found = [reached(company, people[number]) for number in (OLD, LISTED, FREE)]
    return found == [False, False, True] and [kept_out(company, each) for each in (OLD, FREE)] == [True, False]


def levels(company: Company) -> dict[str, set[int]]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT DISTINCT level FROM {table}")
            found[table] = {row[0] for row in cursor.fetchall()}
        return found


def steps(company: Company) -> Iterator[Progress]:
    for _step in range(100):
        progress = renest_suppressions(company.context(), chunk=1)
        yield progress
        if progress.finished:
            return
    raise AssertionError("it never ends")


def test_everybody_is_found_before_while_and_after_the_key_is_nested_twice(
    north: Company,
    people: dict[str, int],
) -> None:
    assert holds(north, people)
    for level in (2, 3):
        assert begin_renesting(north.context(), now=NOW) == level
        assert holds(north, people)
        for number, _progress in enumerate(steps(north)):
            assert holds(north, people), (level, number)
        assert levels(north) == {table: {level} for table in TABLES}
        assert holds(north, people)


def test_who_comes_meanwhile_is_found_too(north: Company, people: dict[str, int]) -> None:
    begin_renesting(north.context(), now=NOW)
    for number, _progress in enumerate(steps(north)):
        if number >= MEANWHILE:
            continue
        before, after = f"+35840200{number:04d}", f"+35840300{number:04d}"
        early = person(north, phone=before)
        stop(north, before)
        stop(north, after)
        late = person(north, phone=after)
        assert (reached(north, early), reached(north, late), kept_out(north, before)) == (False, False, True), number
    assert holds(north, people)
    assert {level for found in levels(north).values() for level in found} == {2}


def test_two_nestings_at_once(north: Company, people: dict[str, int]) -> None:
    begin_renesting(north.context(), now=NOW)
    for progress in steps(north):
        if progress.done:
            break
    begin_renesting(north.context(), now=LATER)
    for _progress in steps(north):
        assert holds(north, people)
    assert levels(north) == {table: {3} for table in TABLES}


def test_finished_means_that_no_old_token_is_left(north: Company, people: dict[str, int]) -> None:
    assert renest_suppressions(north.context(), chunk=10) == Progress(0, 0, finished=True)
    begin_renesting(north.context(), now=NOW)
    first = renest_suppressions(north.context(), chunk=2)
    assert (first.done, first.finished) == (2, False)
    assert first.left > 0
    with pytest.raises(ValueError, match="at least one"):
        renest_suppressions(north.context(), chunk=0)


def test_without_the_operation_nothing_is_nested(north: Company, south: Company) -> None:
    for call in (
        lambda: begin_renesting(north.context("consent:record"), now=NOW),
        lambda: renest_suppressions(north.context("consent:record"), chunk=1),
    ):
        with pytest.raises(RefusedError):
            call()
