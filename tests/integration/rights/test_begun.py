"""What takes longer: an erasure is told of before it begins and ends by itself; a copy is done when it was sent."""

from datetime import timedelta

from tests.companies import Company
from tests.requesting import LATER, happenings, known, letters, officer, seen, somebody

from trustdesk.copies import api as copies
from trustdesk.copies.models import Copy
from trustdesk.decision.contracts import Channel as Way
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import PlanState
from trustdesk.isolation.api import scoped
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Happening, Kind, State
from trustdesk.rights.models import Request
from trustdesk.rights.services import copying, erasing


def planned(company: Company, request_id: int) -> int:
    rights.plan(officer(company), request_id=request_id, now=LATER)
    with scoped(company.context().scope):
        work_id: int | None = Request.objects.get(controller_id=company.controller_id, id=request_id).work_id
    assert work_id is not None
    erasure.carry_out(company.context(), plan_id=work_id, now=LATER)  # what prepares
    return work_id


def test_an_erasure_waits_for_its_letter_and_ends_the_request(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.ERASURE, person)
    plan_id = planned(north, request_id)
    assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.RUNNING
    assert letters(north, person)[-1] == ("request-erasing", Way.EMAIL)
    waiting = erasure.carry_out(north.context(), plan_id=plan_id, now=LATER)
    assert waiting.state is PlanState.RUNNING
    assert seen(north, request_id).customer_id == person.id, "nothing is gone while the letter is on its way"
    later = LATER + erasing.PATIENCE + timedelta(hours=1)
    assert erasure.carry_out(north.context(), plan_id=plan_id, now=later).state is PlanState.DONE
    held = seen(north, request_id)
    assert (held.state, held.customer_id) == (State.DONE, None)
    assert (Happening.FULFILLED, "erased") in happenings(north, request_id)
    assert (Happening.NOT_TOLD, "request-done") not in happenings(north, request_id)


def test_two_requests_of_one_person_are_one_erasure_and_both_are_done(north: Company) -> None:
    person = somebody(north)
    first, second = (known(north, Kind.ERASURE, person) for _each in range(2))
    plan_id = planned(north, first)
    assert planned(north, second) == plan_id
    for request_id in (first, second):
        assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.RUNNING
    later = LATER + erasing.PATIENCE + timedelta(hours=1)
    assert erasure.carry_out(north.context(), plan_id=plan_id, now=later).state is PlanState.DONE
    assert {seen(north, each).state for each in (first, second)} == {State.DONE}


def test_a_hold_of_the_plan_is_a_hold_of_the_request_and_a_dismissed_one_goes_back(north: Company) -> None:
    request_id = known(north, Kind.ERASURE, somebody(north))
    plan_id = planned(north, request_id)
    rights.approve(officer(north), request_id=request_id, now=LATER)
    context = north.context()
    erasure.hold(context, plan_id=plan_id, because="A court asks for it.", now=LATER)
    with scoped(context.scope):
        assert erasing.follow(context, now=LATER) == 1
        assert erasing.follow(context, now=LATER) == 0
    assert seen(north, request_id).state is State.HELD
    erasure.release(context, plan_id=plan_id, now=LATER)
    erasure.dismiss(context, plan_id=plan_id, because="Drawn by mistake.", now=LATER)
    with scoped(context.scope):
        assert erasing.follow(context, now=LATER) == 1
    held = seen(north, request_id)
    assert (held.state, held.approved_at) == (State.IDENTIFIED, None)
    assert held.proved is not None


def test_a_copy_is_ordered_and_the_request_is_done_when_it_was_sent(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.ACCESS, person)
    assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.RUNNING
    context = north.context()
    (copy,) = copies.of_customer(context, person.id)
    assert copy.kind == "access"
    with scoped(context.scope):
        assert copying.follow(context, now=LATER) == 0
        Copy.objects.filter(controller_id=north.controller_id, id=copy.copy_id).update(sent_at=LATER)
        assert copying.follow(context, now=LATER) == 1
    assert seen(north, request_id).state is State.DONE
