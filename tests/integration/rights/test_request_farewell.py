"""Requests are reminded of, escalated, handed out, forgotten, and kept no longer than they are needed."""

import json
from datetime import timedelta

from tests.companies import Company
from tests.conversing import keys_of
from tests.requesting import LATER, ask, happenings, known, officer, seen, somebody, take

from trustdesk.kernel import registries
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Ground, Happening, Kind, State
from trustdesk.rights.services import keeping

DECLARATION = registries.privacy.get("rights")


def test_what_is_due_is_said_once_and_what_is_late_again(north: Company) -> None:
    request_id = take(north).request_id
    due_at = seen(north, request_id).clock.due_at
    assert keeping.keep(north.context(), now=due_at - timedelta(days=8)) == 0
    assert keeping.keep(north.context(), now=due_at - timedelta(days=6)) == 1
    assert keeping.keep(north.context(), now=due_at - timedelta(days=5)) == 0
    assert rights.standing(north.context(), now=due_at - timedelta(days=2)).due == 1
    assert keeping.keep(north.context(), now=due_at) == 1
    assert rights.standing(north.context(), now=due_at).overdue == 1
    assert [one for one in happenings(north, request_id) if one[0] in {Happening.REMINDED, Happening.ESCALATED}] == [
        (Happening.REMINDED, "due"),
        (Happening.ESCALATED, "overdue"),
    ]


def test_while_somebody_is_asked_nothing_is_late_but_silence_is_said(north: Company) -> None:
    request_id = take(north, Kind.ACCESS, somebody(north)).request_id
    rights.ask_identity(north.context(), request_id=request_id, now=LATER)
    assert keeping.keep(north.context(), now=LATER + timedelta(days=29)) == 0
    assert keeping.keep(north.context(), now=LATER + timedelta(days=60)) == 1
    assert happenings(north, request_id)[-1] == (Happening.REMINDED, "silent")
    assert rights.standing(north.context(), now=LATER + timedelta(days=60)).overdue == 0


def test_it_is_kept_three_years_and_goes_with_its_key(north: Company) -> None:
    request_id = take(north).request_id
    rights.refuse(officer(north), request_id=request_id, ground=Ground.UNFOUNDED, reason="No.", now=LATER)
    assert keys_of(north, request_id) == {"proof": True}
    assert keeping.keep(north.context(), now=LATER + timedelta(days=3 * 365 - 40)) == 0
    assert keeping.keep(north.context(), now=LATER + timedelta(days=4 * 366)) == 1
    assert keys_of(north, request_id) == {"proof": False}
    assert ask(north, "SELECT count(*) FROM rights_request WHERE id = %s", request_id) == [(0,)]
    assert ask(north, "SELECT count(*) FROM rights_event WHERE request_id = %s", request_id) == [(0,)]


def test_the_customer_is_handed_the_own_requests_and_only_told_of_others(north: Company) -> None:
    person = somebody(north)
    known(north, Kind.ACCESS, person)
    take(north, Kind.ERASURE, person, words="I am an impostor who lives in Turku.")
    assert DECLARATION.export is not None
    told = list(DECLARATION.export(north.context(), person.id))
    requests = [(one["right"], one["words"]) for one in told if one["kind"] == "request"]
    assert requests == [("access", "Tell me all."), ("erasure", None)]
    assert {one["reference"] for one in told if one["kind"] == "request-event"} == {told[0]["reference"]}
    assert "Turku" not in json.dumps(told, default=str)


def test_after_an_erasure_a_request_names_nobody_and_can_still_be_finished(north: Company) -> None:
    person, other = somebody(north), somebody(north, "Eino", phone="+358 50 111 1111")
    request_id = known(north, Kind.HUMAN_REVIEW, person)
    rights.approve(officer(north), request_id=request_id, now=LATER)
    kept = known(north, Kind.ACCESS, other)
    assert DECLARATION.erase is not None
    assert DECLARATION.erase(north.context(), [(person.id,)]) == [1]
    held = seen(north, request_id)
    assert (held.customer_id, held.state) == (None, State.RUNNING)
    told = rights.whole(officer(north), request_id=request_id, now=LATER)
    assert (told.told.words, told.history[-1].happening) == (None, Happening.MINIMISED)
    assert keys_of(north, request_id) == {"proof": False}
    rights.finish(north.context(), request_id=request_id, now=LATER)
    assert seen(north, request_id).state is State.DONE
    assert rights.whole(officer(north), request_id=kept, now=LATER).told.words == "Tell me all."
    assert DECLARATION.erase(north.context(), [(person.id,)]) == [0]
