"""A request is taken in by every way, with a reference, a clock and a receipt; it proves nothing."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.companies import Company
from tests.requesting import LATER, Person, ask, happenings, known, letters, officer, seen, somebody, take

from trustdesk.decision.api import working_days
from trustdesk.decision.contracts import Channel as Way
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError, ThrottledError
from trustdesk.rights import api as rights
from trustdesk.rights.clock import Place, due
from trustdesk.rights.contracts import Channel, Happening, Kind, ProofKind, State


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.HUMAN_REVIEW])
def test_it_gets_a_reference_and_a_last_day(north: Company, channel: Channel, kind: Kind) -> None:
    received = take(north, kind, channel=channel)
    held = seen(north, received.request_id)
    assert len(received.reference) == 12
    assert (held.kind, held.channel, held.state, held.proved) == (kind, channel, State.RECEIVED, None)
    place = Place(ZoneInfo("Europe/Helsinki"), working_days("FI"))
    assert held.clock.due_date == due(place.day(LATER), months=1, place=place)
    assert not held.clock.overdue(LATER)
    assert 27 < held.clock.days_left(LATER) < 36
    assert held.clock.overdue(LATER + timedelta(days=40))


def test_the_person_it_names_is_told_by_a_contact_point_that_proves(north: Company) -> None:
    person = somebody(north)
    take(north, Kind.ERASURE, person)
    assert letters(north, person) == [("request-received", Way.EMAIL)]


def test_who_has_no_such_contact_point_is_not_told_and_that_is_seen(north: Company) -> None:
    person = Person(north, north.person(given_name="Aino"))
    received = take(north, Kind.ERASURE, person)
    assert letters(north, person) == []
    assert happenings(north, received.request_id)[-1] == (Happening.NOT_TOLD, "request-received")


def test_what_was_said_is_sealed_and_opened_with_an_entry(north: Company) -> None:
    received = take(north, words="I am Zebulon, and want it all.", name="Zebulon", reply_to="z@example.com")
    rows = ask(north, "SELECT sealed::text FROM rights_request WHERE id = %s", received.request_id)
    assert "Zebulon" not in bytes.fromhex(rows[0][0][2:]).decode(errors="replace")
    told = rights.whole(officer(north), request_id=received.request_id, now=LATER).told
    assert (told.words, told.name, told.reply_to) == ("I am Zebulon, and want it all.", "Zebulon", "z@example.com")


def test_the_same_number_of_another_system_is_the_same_request(north: Company) -> None:
    first = take(north, external_id="a7551968")
    assert take(north, external_id="a7551968") == first
    assert len(rights.requests(north.context(), now=LATER)) == 1


def test_a_reference_finds_it_and_guessing_is_stopped(north: Company) -> None:
    received = take(north)
    found = rights.by_reference(north.context(), digits=received.reference, asker="somebody", now=LATER)
    assert found is not None
    assert found.request_id == received.request_id
    for _guess in range(5):
        assert rights.by_reference(north.context(), digits="123", asker="guesser of ours", now=LATER) is None
    with pytest.raises(ThrottledError):
        rights.by_reference(north.context(), digits=received.reference, asker="guesser of ours", now=LATER)


def test_the_person_writes_again(north: Company) -> None:
    received = take(north)
    rights.repeat(north.context(), request_id=received.request_id, words="Where is my answer?", now=LATER)
    told = rights.whole(officer(north), request_id=received.request_id, now=LATER)
    assert told.history[-1].happening is Happening.REPEATED
    assert told.history[-1].detail == "Where is my answer?"


def test_whose_it_may_be_is_said_later_and_proves_nothing(north: Company) -> None:
    person = somebody(north)
    received = take(north)
    rights.suppose(north.context(), request_id=received.request_id, customer_id=person.id, now=LATER)
    held = seen(north, received.request_id)
    assert (held.customer_id, held.proved, held.state) == (person.id, None, State.RECEIVED)
    assert letters(north, person) == [("request-received", Way.EMAIL)]
    with pytest.raises(NotFoundError):
        rights.suppose(north.context(), request_id=received.request_id, customer_id=1, now=LATER)


def test_who_is_proved_is_not_supposed_to_be_somebody_else(north: Company) -> None:
    person, other = somebody(north), somebody(north, "Eino")
    request_id = known(north, Kind.ACCESS, person)
    with pytest.raises(ConflictError):
        rights.suppose(north.context(), request_id=request_id, customer_id=other.id, now=LATER)


def test_neither_an_outsider_nor_a_neighbor_has_anything_of_it(north: Company, south: Company) -> None:
    received = take(north, Kind.ERASURE, somebody(north))
    nothing = replace(north.context(), operations=frozenset())
    for act in (
        lambda context: rights.request(context, request_id=received.request_id, now=LATER),
        lambda context: rights.whole(context, request_id=received.request_id, now=LATER),
        lambda context: rights.approve(context, request_id=received.request_id, now=LATER),
        lambda context: rights.withdraw(context, request_id=received.request_id, now=LATER),
        lambda context: rights.identify(context, request_id=received.request_id, kind=ProofKind.DOCUMENT, now=LATER),
    ):
        with pytest.raises(RefusedError):
            act(nothing)
        with pytest.raises(NotFoundError):
            act(replace(south.context(), operator_id=7))
    assert rights.requests(south.context(), now=LATER) == []
    assert rights.by_reference(south.context(), digits=received.reference, asker="neighbor", now=LATER) is None


def test_what_lies_in_the_future_was_not_received(north: Company) -> None:
    with pytest.raises(BadInputError):
        rights.receive(
            north.context(),
            new=rights.NewRequest(
                kind=Kind.ACCESS, channel=Channel.DESK, language="en", received_at=LATER + timedelta(days=1)
            ),
            now=LATER,
        )


def test_the_history_is_only_added_to(north: Company) -> None:
    take(north)
    from django.db import ProgrammingError, transaction  # noqa: PLC0415

    for statement in ("UPDATE rights_event SET code = 'x'", "DELETE FROM rights_event"):
        with pytest.raises(ProgrammingError), transaction.atomic():
            ask(north, statement)
