"""Companies, mandates and seats: what begins, what ends, what the database refuses."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.mandates.test_contexts import mandate_of, seated
from tests.world import World, make_person

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.mandates import api, scopes


def company(**changes: Any) -> api.ControllerView:  # noqa: ANN401  # whatever create_controller takes
    given: dict[str, Any] = {
        "name": f"Company {secrets.token_hex(6)}",
        "country": "PL",
        "languages": ["pl"],
        "time_zone": "Europe/Warsaw",
        "by": None,
        "now": clock.now(),
    }
    return api.create_controller(**{**given, **changes})


def seat_of(world: World, mandate_id: int, **changes: Any) -> api.SeatView:  # noqa: ANN401  # whatever give_seat takes
    now = clock.now()
    given: dict[str, Any] = {
        "controller_id": world.north.id,
        "mandate_id": mandate_id,
        # Somebody new each time: the outsider of the world stays one, in whatever order the tests run.
        "operator_id": changes.get("operator_id") or make_person(f"sitter_{secrets.token_hex(4)}").id,
        "role": "agent",
        "purposes": ["service"],
        "starts_at": now,
        "ends_at": None,
        "by": None,
        "now": now,
    }
    return api.give_seat(**{**given, **changes})


@pytest.mark.parametrize(
    "changes",
    [{"country": "Poland"}, {"country": "pl"}, {"languages": []}, {"languages": ["tlh"]}, {"time_zone": "Moon/Sea"}],
)
def test_a_company_is_described_properly(committed: World, changes: dict[str, Any]) -> None:
    with pytest.raises(BadInputError):
        company(**changes)


def test_one_name_one_company(committed: World) -> None:
    with pytest.raises(ConflictError):
        company(name=committed.north.name)


def test_a_new_company_can_work_at_once(committed: World) -> None:
    new = company()
    context = api.system_context(new.id, purpose="service", now=clock.now(), on_behalf_of=0)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mandates_mandate")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM audit_entry")
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": []},
        {"purposes": ["curiosity"]},
        {"operations": ["customer:sell"]},
        {"categories": []},
        {"ends_at": clock.now() - timedelta(days=9)},
    ],
)
def test_a_mandate_is_described_properly(committed: World, changes: dict[str, Any]) -> None:
    with pytest.raises(BadInputError):
        mandate_of(committed, **changes)


def test_an_unknown_processor_gets_no_mandate(committed: World) -> None:
    with pytest.raises(NotFoundError):
        mandate_of(committed, processor_id=1)


def test_only_who_may_begins_and_ends(committed: World) -> None:
    with pytest.raises(RefusedError):
        company(by=committed.agent_north.id)
    with pytest.raises(RefusedError):
        mandate_of(committed, by=committed.agent_north.id)
    with pytest.raises(RefusedError):
        seat_of(committed, committed.agent_north.seats[committed.north.id], by=committed.manager_north.id)
    mandate = mandate_of(committed, by=committed.admin.id)
    with pytest.raises(RefusedError):
        api.end_mandate(
            controller_id=committed.north.id,
            mandate_id=mandate.id,
            reason="x",
            by=committed.officer_north.id,
            now=clock.now(),
        )


def test_ending_a_mandate_ends_its_seats(committed: World) -> None:
    mandate = mandate_of(committed)
    person = seated(committed, mandate)
    now = clock.now()
    api.end_mandate(controller_id=committed.north.id, mandate_id=mandate.id, reason="over", by=None, now=now)
    seats = api.seats(committed.context(committed.officer_north, committed.north))
    assert [seat.ends_at for seat in seats if seat.operator_id == person.id] == [now]
    with pytest.raises(ConflictError):
        api.end_mandate(controller_id=committed.north.id, mandate_id=mandate.id, reason="again", by=None, now=now)


def test_a_refused_end_leaves_no_deed(committed: World) -> None:
    before = api.mandates(committed.context(committed.officer_north, committed.north))
    context = committed.context(committed.officer_north, committed.north)

    def deeds() -> int:
        with scoped(context.scope), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_entry WHERE kind = 'deed'")
            return int(cursor.fetchone()[0])

    count = deeds()
    with pytest.raises(NotFoundError):
        api.end_mandate(controller_id=committed.north.id, mandate_id=1, reason="over", by=None, now=clock.now())
    assert deeds() == count
    assert api.mandates(context) == before


def test_the_companys_own_mandate_stays(committed: World) -> None:
    new = company()
    own = api.system_context(new.id, purpose="service", now=clock.now(), on_behalf_of=0).mandate_id
    with pytest.raises(ConflictError):
        api.end_mandate(controller_id=new.id, mandate_id=own, reason="over", by=None, now=clock.now())


def test_one_seat_at_a_time(committed: World) -> None:
    mandate = mandate_of(committed)
    seat = seat_of(committed, mandate.id)
    with pytest.raises(ConflictError):
        seat_of(committed, mandate.id, role="officer", operator_id=seat.operator_id)
    now = clock.now()
    api.end_seat(controller_id=committed.north.id, seat_id=seat.id, by=None, now=now)
    again = seat_of(committed, mandate.id, starts_at=now, now=now, operator_id=seat.operator_id)
    assert again.id != seat.id


@pytest.mark.parametrize(
    "changes",
    [{"role": "emperor"}, {"purposes": []}, {"purposes": ["marketing"]}, {"ends_at": clock.now()}],
)
def test_a_seat_is_described_properly(committed: World, changes: dict[str, Any]) -> None:
    if "ends_at" in changes:
        changes = {**changes, "starts_at": clock.now() + timedelta(days=1)}
    with pytest.raises(BadInputError):
        seat_of(committed, mandate_of(committed).id, **changes)


def test_a_seat_needs_an_operator_and_a_mandate_of_the_company(committed: World) -> None:
    with pytest.raises(NotFoundError):
        seat_of(committed, mandate_of(committed).id, operator_id=1)
    with pytest.raises(NotFoundError):
        seat_of(committed, committed.agent_both.seats[committed.south.id])


def test_the_database_refuses_a_seat_under_the_neighbors_mandate(committed: World) -> None:
    scope = scopes.administering(committed.north.id, None, now=clock.now())
    person = make_person(f"p{secrets.token_hex(6)}")
    values = [committed.north.id, committed.agent_both.seats[committed.south.id], person.id]
    with pytest.raises(DatabaseError, match="mandates_seat_mandate"), scoped(scope), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mandates_seat (controller_id, id, mandate_id, operator_id, role, purposes, starts_at)"
            " VALUES (%s, 1, %s, %s, 'agent', '{service}', now())",
            values,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mandates_mandate SET ends_at = starts_at",
        "UPDATE mandates_mandate SET ended_reason = 'because'",
        "UPDATE mandates_mandate SET purposes = '{}'",
        "UPDATE mandates_seat SET ends_at = starts_at - interval '1 day'",
        "UPDATE mandates_seat SET purposes = '{}'",
    ],
)
def test_the_database_holds_the_facts(committed: World, statement: str) -> None:
    mandate_of(committed)
    scope = scopes.administering(committed.north.id, None, now=clock.now())
    where = " WHERE ends_at IS NULL"
    with pytest.raises(DatabaseError, match="violates check"), scoped(scope), connection.cursor() as cursor:
        cursor.execute(statement + where)


def test_nobody_writes_into_the_neighbors_mandates(committed: World) -> None:
    context = committed.context(committed.agent_north, committed.north)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("UPDATE mandates_mandate SET ends_at = now() WHERE controller_id = %s", [committed.south.id])
        assert cursor.rowcount == 0
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        scoped(context.scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO mandates_mandate"
            " (controller_id, id, purposes, categories, operations, starts_at, ended_reason)"
            " VALUES (%s, 1, '{service}', '{}', '{}', now(), '')",
            [committed.south.id],
        )
