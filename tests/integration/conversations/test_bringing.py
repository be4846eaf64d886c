"""A call whose caller typed the reference of a case: it becomes that case's, and nobody is identified by it."""

import threading
from datetime import timedelta

import pytest
from tests.clearing import LATER, person
from tests.companies import NOW, Company
from tests.conversing import NUMBER, Call, ask, call, keys_of, subject_of
from tests.forgetting import forget

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import ComplaintForm, Given, How, NewFollowUp, QueueRules, State
from trustdesk.conversations.services.bringing import Standing
from trustdesk.conversations.services.keeping import keep_rules
from trustdesk.conversations.services.telling import export
from trustdesk.kernel.errors import NotFoundError, RefusedError

OTHER = "+358 40 765 4321"


def bring(one: Call, case: Call) -> int:
    return conversing.bring_to_case(one.context, interaction_id=one.interaction_id, case_id=case.id, now=NOW)


def found(company: Company, reference: str) -> int | None:
    return conversing.by_reference(company.context(), digits=reference, asker="desk", now=NOW)


def test_the_call_and_all_that_is_in_it_goes_to_the_case(north: Company) -> None:
    case, fresh = call(north, queue="complaints"), call(north, party=OTHER)
    fresh.note("Wants to know how far it is.")
    due = NewFollowUp(due_at=LATER, text="Call.")
    conversing.follow_up(north.context(), conversation_id=fresh.id, new=due, now=NOW)
    assert bring(fresh, case) == case.id
    whole = conversing.conversation(north.context(), case.id)
    assert [one.interaction_id for one in whole.interactions] == [case.interaction_id, fresh.interaction_id]
    assert {one.text for one in whole.parties} == {NUMBER, OTHER}
    assert [note.text for note in whole.notes] == ["Wants to know how far it is."]
    assert [one.text for one in whole.follow_ups] == ["Call."]
    assert whole.interactions[1].queue == "complaints"
    (brought,) = [one for one in whole.happenings if one.kind == "brought"]
    assert brought.detail == fresh.opened.reference
    assert keys_of(north, fresh.id) == {"service": False}
    assert keys_of(north, case.id) == {"service": True}


def test_the_reference_that_was_said_leads_to_the_case_and_no_shell_is_left(north: Company) -> None:
    case, fresh = call(north), call(north)
    bring(fresh, case)
    assert found(north, fresh.opened.reference) == found(north, case.opened.reference) == case.id
    context = north.context()
    assert [one.conversation_id for one in conversing.conversations(context)] == [case.id]
    assert conversing.line(context, fresh.id).conversation_id == case.id
    assert conversing.conversation(context, fresh.id).line.conversation_id == case.id
    fresh.note("Written on a page that was open already.")
    assert [one.text for one in conversing.conversation(context, case.id).notes] == [
        "Written on a page that was open already."
    ]
    third = call(north)
    assert bring(third, fresh) == case.id  # by the reference that was said last
    assert found(north, third.opened.reference) == case.id


def test_told_twice_it_happened_once(north: Company) -> None:
    case, fresh = call(north), call(north)
    assert bring(fresh, case) == bring(fresh, case) == case.id
    happenings = conversing.conversation(north.context(), case.id).happenings
    assert [one.kind for one in happenings].count("brought") == 1
    assert bring(case, case) == case.id


def test_a_closed_case_is_open_again(north: Company) -> None:
    case = call(north).end()
    conversing.dispose(north.context(), interaction_id=case.interaction_id, disposition="done", given=Given(), now=NOW)
    if conversing.line(north.context(), case.id).state is not State.CLOSED:
        conversing.close(north.context(), conversation_id=case.id, now=NOW)
    bring(call(north), case)
    assert conversing.line(north.context(), case.id).state is State.OPEN


def test_nobody_is_identified_by_it(north: Company) -> None:
    anna = person(north, phone=NUMBER)
    case, fresh = call(north).identify(anna), call(north, party=OTHER)
    bring(fresh, case)
    context, one = north.context(), fresh.interaction_id
    assert conversing.standings(context, [one]) == {one: Standing(case.id, None, True)}
    whole = conversing.conversation(context, case.id)
    assert [each.unconfirmed for each in whole.interactions] == [False, True]
    told = [row["text"] for row in export(context, anna) if row["kind"] == "conversation-party"]
    assert told == [NUMBER]  # the stranger's number is not the customer's to have
    conversing.identify(
        context, conversation_id=case.id, customer_id=anna, how=How.QUESTIONS, interaction_id=one, now=NOW
    )
    assert conversing.standings(context, [one]) == {one: Standing(case.id, anna, False)}
    told = [row["text"] for row in export(context, anna) if row["kind"] == "conversation-party"]
    assert told == [NUMBER, OTHER]
    assert conversing.timeline(context, anna)[0].kind == "confirmed"


def test_a_number_of_somebody_who_is_forgotten_is_forgotten_in_the_case_too(north: Company) -> None:
    anna, bea = person(north, phone=NUMBER, name="Anna"), person(north, phone=OTHER, name="Bea")
    case, fresh = call(north).identify(anna), call(north, party=OTHER)
    bring(fresh, case)
    forget("conversations", north.context(), bea)
    assert [one.text for one in conversing.conversation(north.context(), case.id).parties] == [NUMBER]


def test_matches_are_offered_in_a_case_of_nobody(north: Company) -> None:
    anna, bea = person(north, phone=NUMBER, name="Anna"), person(north, phone=OTHER, name="Bea")
    case, fresh = call(north), call(north, party=OTHER)
    for one, who in ((case, anna), (fresh, bea)):
        conversing.note_matches(north.context(), conversation_id=one.id, customer_ids=[who], now=NOW)
    bring(fresh, case)
    whole = conversing.conversation(north.context(), case.id)
    assert (whole.matches, whole.line.how) == ((anna, bea), How.NUMBER_MATCHED)


def test_what_a_person_found_out_is_not_moved_by_twelve_digits(north: Company) -> None:
    anna, bea = person(north, name="Anna"), person(north, name="Bea")
    case = call(north).identify(anna)
    identified = call(north).identify(bea)
    assert bring(identified, case) == identified.id
    assert bring(identified, call(north)) == identified.id
    grown = call(north)
    second = call(north)
    bring(second, grown)
    assert bring(grown, case) == grown.id  # two calls stand in it
    filed = call(north)
    fields = {"complainant_name": "A", "complainant_address": "B", "submitted": "C", "description": "D"}
    conversing.dispose(
        north.context(),
        interaction_id=filed.interaction_id,
        disposition="complaint",
        given=Given(complaint=ComplaintForm(fields=fields)),
        now=NOW,
    )
    assert bring(filed, case) == filed.id
    own = call(north).identify(anna)
    assert bring(own, case) == case.id
    assert conversing.standings(north.context(), [own.interaction_id])[own.interaction_id].customer_id == anna


def test_the_reference_is_kept_as_long_as_the_case(north: Company) -> None:
    rules = QueueRules(keep_days=10, required=False)
    conversing.save_queue_rules(north.context(), rules=rules, now=NOW)
    case, fresh = call(north), call(north)
    bring(fresh, case)
    keep_rules(north.context(), now=NOW + timedelta(days=30))
    assert found(north, fresh.opened.reference) == case.id
    for one in (case, fresh):
        one.end()
    conversing.close(north.context(), conversation_id=case.id, now=NOW)
    keep_rules(north.context(), now=NOW + timedelta(days=30))
    assert found(north, fresh.opened.reference) is None
    assert ask(north, "SELECT count(*) FROM conversations_conversation WHERE id = %s", fresh.id) == [(0,)]


def test_outsider_and_neighbor_bring_nothing(north: Company, south: Company) -> None:
    case, fresh = call(north), call(north)
    theirs = call(south)
    with pytest.raises(NotFoundError):
        conversing.bring_to_case(south.context(), interaction_id=fresh.interaction_id, case_id=theirs.id, now=NOW)
    with pytest.raises(NotFoundError):
        bring(fresh, theirs)
    with pytest.raises(RefusedError):
        conversing.bring_to_case(
            north.context("conversation:read"),
            interaction_id=fresh.interaction_id,
            case_id=case.id,
            now=NOW,
        )
    assert conversing.standings(south.context(), [fresh.interaction_id]) == {}
    assert subject_of(fresh) == fresh.id


def test_two_calls_that_go_to_each_other_wait_for_each_other(alone: Company) -> None:
    one, other = call(alone), call(alone)
    ended: list[int] = []
    threads = [
        threading.Thread(target=lambda mine=mine, case=case: ended.append(bring(mine, case)))
        for mine, case in ((one, other), (other, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ended) == 2
    assert len(set(ended)) == 1  # both stand in one of the two
    assert len(conversing.conversation(alone.context(), ended[0]).interactions) == 2
