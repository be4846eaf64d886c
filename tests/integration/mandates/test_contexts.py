"""Who may enter, under which mandate, for which purpose, until when."""

import secrets
from datetime import datetime, timedelta

import pytest
from django.db import connection
from tests.world import SESSION, Person, World, make_person

from trustdesk.accounts import api as accounts
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates import api


def seats_seen(context: AccessContext) -> int:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mandates_seat")
        return int(cursor.fetchone()[0])


def mandate_of(world: World, **changes: object) -> api.MandateView:
    now = clock.now()
    given: dict[str, object] = {
        "controller_id": world.north.id,
        "processor_id": world.processor,
        "purposes": ["service", "claims"],
        "categories": [api.EVERY_CATEGORY],
        "operations": ["customer:search", "customer:open", "token:manage"],
        "starts_at": now - timedelta(minutes=5),
        "ends_at": None,
        "by": None,
        "now": now,
    }
    return api.create_mandate(**{**given, **changes})  # type: ignore[arg-type]


def seated(
    world: World,
    mandate: api.MandateView,
    role: str = "agent",
    purposes: tuple[str, ...] = ("service",),
) -> Person:
    person = make_person(f"p{secrets.token_hex(6)}")
    now = clock.now()
    api.give_seat(
        controller_id=world.north.id,
        mandate_id=mandate.id,
        operator_id=person.id,
        role=role,
        purposes=purposes,
        starts_at=now - timedelta(minutes=5),
        ends_at=None,
        by=None,
        now=now,
    )
    return Person(person.id, person.email, {world.north.id: mandate.id})


def enter(world: World, person: Person, purpose: str = "service", now: datetime | None = None) -> AccessContext:
    return api.enter(
        person.id,
        SESSION,
        controller_id=world.north.id,
        mandate_id=person.seats[world.north.id],
        purpose=purpose,
        now=now or clock.now(),
    )


def test_an_operator_chooses_among_the_own_seats(committed: World) -> None:
    found = api.choices(committed.agent_both.id, SESSION, now=clock.now())
    assert [choice.controller.name for choice in found] == ["Alföldi Víz", "Pohjolan Sähkö"]
    assert {choice.processor_name for choice in found} == {"Answering House"}
    found = api.choices(committed.agent_north.id, SESSION, now=clock.now())
    assert [choice.controller.id for choice in found] == [committed.north.id]
    assert api.choices(committed.outsider.id, SESSION, now=clock.now()) == []


def test_an_outsider_enters_nowhere(committed: World) -> None:
    stranger = Person(committed.outsider.id, "", committed.agent_north.seats)
    with pytest.raises(RefusedError):
        enter(committed, stranger)


def test_a_neighbor_does_not_enter(committed: World) -> None:
    neighbor = Person(committed.agent_south.id, "", committed.agent_north.seats)
    with pytest.raises(RefusedError):
        enter(committed, neighbor)


def test_a_mandate_of_another_company_does_not_fit(committed: World) -> None:
    with pytest.raises(RefusedError):
        api.enter(
            committed.agent_both.id,
            SESSION,
            controller_id=committed.north.id,
            mandate_id=committed.agent_both.seats[committed.south.id],
            purpose="service",
            now=clock.now(),
        )


@pytest.mark.parametrize("purpose", ["marketing", "", "curiosity"])
def test_an_unknown_purpose_is_refused(committed: World, purpose: str) -> None:
    with pytest.raises(RefusedError):
        committed.context(committed.agent_north, committed.north, purpose)


def test_a_purpose_must_be_the_seats_and_the_mandates(committed: World) -> None:
    person = seated(committed, mandate_of(committed), purposes=("service",))
    enter(committed, person, "service")
    with pytest.raises(RefusedError):
        enter(committed, person, "claims")


def test_operations_are_those_of_role_and_mandate(committed: World) -> None:
    person = seated(committed, mandate_of(committed), role="officer")
    assert enter(committed, person).operations == {"customer:search", "customer:open"}


def test_an_ended_mandate_opens_nothing_not_even_what_was_signed_before(committed: World) -> None:
    mandate = mandate_of(committed)
    person = seated(committed, mandate)
    before = enter(committed, person)
    assert seats_seen(before) > 0
    api.end_mandate(
        controller_id=committed.north.id,
        mandate_id=mandate.id,
        reason="contract over",
        by=None,
        now=clock.now(),
    )
    assert seats_seen(before) == 0
    with pytest.raises(RefusedError):
        enter(committed, person)
    assert api.choices(person.id, SESSION, now=clock.now()) == []


def test_a_mandate_not_begun_opens_nothing(committed: World) -> None:
    mandate = mandate_of(committed, starts_at=clock.now() + timedelta(days=1))
    person = seated(committed, mandate)
    with pytest.raises(RefusedError):
        enter(committed, person)


def test_a_context_lives_no_longer_than_its_mandate(committed: World) -> None:
    soon = clock.now() + timedelta(minutes=2)
    person = seated(committed, mandate_of(committed, ends_at=soon))
    assert enter(committed, person).expires_at == soon


def test_an_ended_seat_is_felt_at_the_next_request(committed: World) -> None:
    person = seated(committed, mandate_of(committed))
    seat = next(
        seat
        for seat in api.seats(committed.context(committed.officer_north, committed.north))
        if seat.operator_id == person.id
    )
    enter(committed, person)
    api.end_seat(controller_id=committed.north.id, seat_id=seat.id, by=None, now=clock.now())
    with pytest.raises(RefusedError):
        enter(committed, person)


def test_a_disabled_operator_enters_nowhere(committed: World) -> None:
    person = seated(committed, mandate_of(committed))
    accounts.disable(operator_id=person.id, by=None, now=clock.now())
    with pytest.raises(RefusedError):
        enter(committed, person)


def test_choosing_shows_no_colleagues(committed: World) -> None:
    from trustdesk.mandates import scopes  # noqa: PLC0415  # a window on purpose: the scope itself is looked at

    scope = scopes.choosing(committed.agent_north.id, SESSION, now=clock.now())
    with scoped(scope), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT operator_id FROM mandates_seat")
        assert cursor.fetchall() == [(committed.agent_north.id,)]
        cursor.execute("SELECT DISTINCT id FROM mandates_mandate")
        assert cursor.fetchall() == [(committed.agent_north.seats[committed.north.id],)]
        cursor.execute("SELECT count(*) FROM mandates_api_token")
        assert cursor.fetchall() == [(0,)]


def test_a_full_scope_shows_no_seat_at_the_neighbor(committed: World) -> None:
    context = committed.context(committed.agent_both, committed.north)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT controller_id FROM mandates_seat")
        assert cursor.fetchall() == [(committed.north.id,)]


def test_administering_opens_mandates_and_nothing_else(committed: World) -> None:
    from trustdesk.mandates import scopes  # noqa: PLC0415  # as above

    scope = scopes.administering(committed.north.id, None, now=clock.now())
    with scoped(scope), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT controller_id FROM mandates_seat")
        assert cursor.fetchall() == [(committed.north.id,)]
        cursor.execute("SELECT trustdesk_scope_controller(), trustdesk_scope_mandate()")
        assert cursor.fetchall() == [(None, None)]


def test_a_job_stands_on_the_companys_own_mandate_or_ends_with_the_one_it_was_given(committed: World) -> None:
    own = api.system_context(committed.north.id, purpose="records", now=clock.now(), on_behalf_of=0)
    assert own.mandate_id not in committed.agent_north.seats.values()
    mandate = mandate_of(committed)
    given = api.system_context(
        committed.north.id,
        purpose="service",
        now=clock.now(),
        on_behalf_of=0,
        mandate_id=mandate.id,
    )
    assert given.mandate_id == mandate.id
    with pytest.raises(RefusedError):
        api.system_context(
            committed.north.id,
            purpose="records",
            now=clock.now(),
            on_behalf_of=0,
            mandate_id=mandate.id,
        )
    with pytest.raises(RefusedError):
        api.system_context(
            committed.south.id,
            purpose="service",
            now=clock.now(),
            on_behalf_of=0,
            mandate_id=mandate.id,
        )


def test_sitting_down_is_a_deed(committed: World) -> None:
    context = committed.context(committed.officer_north, committed.north)
    api.choose(
        committed.agent_north.id,
        SESSION,
        controller_id=committed.north.id,
        mandate_id=committed.agent_north.seats[committed.north.id],
        purpose="service",
        now=clock.now(),
    )
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE kind = 'deed'")
        assert cursor.fetchone()[0] > 0


def test_a_context_shows_no_scope() -> None:
    assert "scope" not in {
        name for name, field in AccessContext.__dataclass_fields__.items() if field.repr and name != "session_id"
    }
