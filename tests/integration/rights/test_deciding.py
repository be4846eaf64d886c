"""The company decides: what is approved is done by those whose business it is, what is refused names its law."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.clearing import consent, verdict
from tests.companies import NOW, Company
from tests.requesting import LATER, Person, happenings, known, letters, officer, replaced, seen, somebody, take

from trustdesk.decision.contracts import Channel as Way
from trustdesk.decision.contracts import Outcome
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError
from trustdesk.register.api import card, lock
from trustdesk.register.contracts import RestrictionGround
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Ground, Happening, Kind, State, Wish
from trustdesk.rights.states import NoSuchStepError


def approved(company: Company, kind: Kind, person: Person, wish: Wish | None = None) -> State:
    request_id = known(company, kind, person, wish=wish)
    return rights.approve(officer(company), request_id=request_id, now=LATER).state


def test_a_correction_stands_against_lists(north: Company) -> None:
    person = somebody(north)
    wish = Wish(corrections=[(person.point("family_name"), "Mäkinen")])
    assert approved(north, Kind.RECTIFICATION, person, wish) is State.DONE
    held = next(
        value for value in card(north.context(), person.id, now=LATER).values if value.attribute == "family_name"
    )
    assert (held.text, held.rectified, held.source_name) == ("Mäkinen", True, "Requests of customers")
    assert letters(north, person)[-1] == ("request-done", Way.EMAIL)


def test_a_restriction_has_its_ground(north: Company) -> None:
    person = somebody(north)
    wish = Wish(ground=RestrictionGround.ACCURACY_CONTESTED)
    assert approved(north, Kind.RESTRICTION, person, wish) is State.DONE
    restriction = card(north.context(), person.id, now=LATER).restriction
    assert restriction is not None
    assert restriction.ground is RestrictionGround.ACCURACY_CONTESTED


def test_an_objection_ends_marketing_at_once(north: Company) -> None:
    person = somebody(north)
    consent(north, person.id)
    assert verdict(north, person.id, at=LATER).outcome is Outcome.PERMIT
    assert approved(north, Kind.OBJECTION, person) is State.DONE
    assert verdict(north, person.id, at=LATER + timedelta(minutes=1)).outcome is not Outcome.PERMIT


def test_a_withdrawal_names_its_purpose(north: Company) -> None:
    person = somebody(north)
    consent(north, person.id)
    with pytest.raises(BadInputError):
        approved(north, Kind.WITHDRAWAL, person)
    assert approved(north, Kind.WITHDRAWAL, person, Wish(purpose="news")) is State.DONE
    assert verdict(north, person.id, at=LATER + timedelta(minutes=1)).outcome is not Outcome.PERMIT


def test_what_is_not_said_exactly_is_said_before_it_is_approved(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.RESTRICTION, person)
    with pytest.raises(BadInputError):
        rights.approve(officer(north), request_id=request_id, now=LATER)
    assert seen(north, request_id).state is State.IDENTIFIED, "a fault undoes the approval with it"
    rights.specify(
        officer(north), request_id=request_id, wish=Wish(ground=RestrictionGround.UNLAWFUL_BUT_KEEP), now=LATER
    )
    assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.DONE
    with pytest.raises(ConflictError):
        rights.specify(officer(north), request_id=request_id, wish=Wish(), now=LATER)


def test_a_decision_is_looked_at_by_a_person_who_says_how_it_ended(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.HUMAN_REVIEW, person)
    assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.RUNNING
    with pytest.raises(BadInputError):
        rights.conclude(officer(north), request_id=request_id, outcome=" ", now=LATER)
    rights.conclude(officer(north), request_id=request_id, outcome="The contract is made after all.", now=LATER)
    assert seen(north, request_id).state is State.DONE
    assert letters(north, person)[-1] == ("request-answer", Way.EMAIL)
    told = rights.whole(officer(north), request_id=request_id, now=LATER).history
    assert [one.detail for one in told if one.happening is Happening.FULFILLED] == ["The contract is made after all."]


def test_only_a_review_is_concluded_by_hand(north: Company) -> None:
    request_id = known(north, Kind.ACCESS, somebody(north))
    with pytest.raises(NoSuchStepError):
        rights.conclude(officer(north), request_id=request_id, outcome="Done.", now=LATER)


def test_what_nobody_here_can_do_is_not_promised(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights.fulfilments, "_things", {})
    request_id = known(north, Kind.ACCESS, somebody(north))
    with pytest.raises(RefusedError, match="can't fulfil"):
        rights.approve(officer(north), request_id=request_id, now=LATER)
    erasing = known(north, Kind.ERASURE, somebody(north))
    with pytest.raises(RefusedError, match="can't fulfil"):
        rights.plan(officer(north), request_id=erasing, now=LATER)
    assert seen(north, request_id).state is State.IDENTIFIED


def test_an_erasure_is_planned_approved_held_and_done_by_whoever_carries_it_out(
    north: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[str] = []

    def plan(_context: AccessContext, one: rights.ToFulfil, _now: datetime) -> int:
        acts.append(f"plan {one.customer_id}")
        return 7

    def fulfil(_context: AccessContext, one: rights.ToFulfil, _now: datetime) -> bool:
        acts.append(f"fulfil {one.customer_id}")
        return False

    means = rights.Fulfilment(fulfil, plan)
    monkeypatch.setattr(rights.fulfilments, "_things", {Kind.ERASURE: means})
    person = somebody(north)
    request_id = known(north, Kind.ERASURE, person)
    with pytest.raises(NoSuchStepError):
        rights.approve(officer(north), request_id=request_id, now=LATER)
    rights.plan(officer(north), request_id=request_id, now=LATER)
    assert rights.approve(officer(north), request_id=request_id, now=LATER).state is State.RUNNING
    assert acts == [f"plan {person.id}", f"fulfil {person.id}"]
    rights.held(north.context(), request_id=request_id, now=LATER)
    rights.released(north.context(), request_id=request_id, now=LATER)
    rights.finish(north.context(), request_id=request_id, code="certificate", now=LATER)
    assert seen(north, request_id).state is State.DONE
    with pytest.raises(NoSuchStepError):
        rights.finish(north.context(), request_id=request_id, now=LATER)


def test_who_has_not_the_companys_word_does_not_approve(north: Company) -> None:
    """A processor's mandate without `request:approve`, and an agent's role: received and assisted, not decided."""
    request_id = known(north, Kind.OBJECTION, somebody(north))
    helping = replace(officer(north), operations=frozenset({"request:take", "request:work"}))
    with pytest.raises(RefusedError):
        rights.approve(helping, request_id=request_id, now=LATER)
    with pytest.raises(RefusedError):
        rights.refuse(helping, request_id=request_id, ground=Ground.UNFOUNDED, reason="No.", now=LATER)
    deciding = replace(helping, operations=frozenset({"request:approve"}))
    assert rights.approve(deciding, request_id=request_id, now=LATER).state is State.DONE, "nothing else is needed"


def test_a_duplicate_needs_its_own_proof(north: Company) -> None:
    person = somebody(north)
    approved(north, Kind.OBJECTION, person)
    again = take(north, Kind.OBJECTION, person).request_id
    with pytest.raises(NoSuchStepError):
        rights.approve(officer(north), request_id=again, now=LATER)


def test_a_refusal_names_its_law_and_where_to_go(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.ERASURE, person)
    with pytest.raises(BadInputError):
        rights.refuse(officer(north), request_id=request_id, ground=Ground.CORRECT, reason="It is so.", now=LATER)
    with pytest.raises(BadInputError):
        rights.refuse(officer(north), request_id=request_id, ground=Ground.LEGAL_DUTY, reason=" ", now=LATER)
    rights.refuse(officer(north), request_id=request_id, ground=Ground.LEGAL_DUTY, reason="Invoices.", now=LATER)
    held = seen(north, request_id)
    assert (held.state, held.refused, held.law) == (State.REFUSED, Ground.LEGAL_DUTY, "GDPR Art. 17(3)(b)")
    assert letters(north, person)[-1] == ("request-refused", Way.EMAIL)
    with pytest.raises(NoSuchStepError):
        rights.approve(officer(north), request_id=request_id, now=LATER)


def test_who_does_not_say_who_they_are_is_refused_for_that(north: Company) -> None:
    request_id = take(north).request_id
    rights.ask_identity(north.context(), request_id=request_id, now=LATER)
    rights.refuse(officer(north), request_id=request_id, ground=Ground.NOT_IDENTIFIED, reason="No answer.", now=LATER)
    assert seen(north, request_id).law == "GDPR Art. 12(2)"
    assert happenings(north, request_id)[-1] == (Happening.NOT_TOLD, "request-refused")


def test_more_time_once_and_told_within_the_first_month(north: Company) -> None:
    person = somebody(north)
    early, late = (known(north, Kind.ACCESS, person) for _each in range(2))
    rights.extend(officer(north), request_id=early, reason="Ten years of calls.", now=LATER + timedelta(days=20))
    held = seen(north, early)
    assert held.clock.extended_at == LATER + timedelta(days=20)
    assert held.clock.extendable_until is None
    assert 80 < held.clock.days_left(LATER) < 100
    assert letters(north, person)[-1] == ("request-extended", Way.EMAIL)
    for request_id, at in ((early, LATER + timedelta(days=21)), (late, LATER + timedelta(days=40))):
        with pytest.raises(ConflictError):
            rights.extend(officer(north), request_id=request_id, reason="More.", now=at)


def test_untold_it_is_no_extension(north: Company) -> None:
    person = Person(north, north.person(given_name="Aino"))
    request_id = known(north, Kind.ACCESS, person)
    with pytest.raises(ConflictError):
        rights.extend(officer(north), request_id=request_id, reason="Ten years.", now=LATER)
    assert seen(north, request_id).clock.extended_at is None


def test_the_person_takes_it_back_until_it_is_approved(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.HUMAN_REVIEW, person)
    rights.withdraw(officer(north), request_id=request_id, now=LATER)
    assert seen(north, request_id).state is State.WITHDRAWN
    running = known(north, Kind.HUMAN_REVIEW, person)
    rights.approve(officer(north), request_id=running, now=LATER)
    with pytest.raises(NoSuchStepError):
        rights.withdraw(officer(north), request_id=running, now=LATER)


def test_to_who_is_restricted_nobody_writes_and_that_is_seen(north: Company) -> None:
    person = somebody(north)
    lock(north.context(), customer_id=person.id, ground=RestrictionGround.UNLAWFUL_BUT_KEEP, now=NOW)
    request_id = take(north, Kind.ACCESS, person).request_id
    assert happenings(north, request_id)[-1] == (Happening.NOT_TOLD, "request-received")
    assert letters(north, person) == []


def test_the_replaced_telephone_is_alerted_in_the_words_of_the_right(north: Company) -> None:
    person = somebody(north)
    replaced(person, "phone", "+358 50 999 9999")
    take(north, Kind.PORTABILITY, person)
    assert letters(north, person) == [("request-alert", Way.SMS), ("request-received", Way.EMAIL)]
