"""A legal hold keeps the conversation with its recordings, from its day and from an erasure; released, it goes."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import NOW, Company, found_company
from tests.conversing import NUMBER, Call, ask, keys_of, subject_of
from tests.integration.conversations.test_complaints import answer, complain
from tests.integration.recordings.conftest import said
from tests.integration.recordings.test_following import erase, heard, recorded_call
from tests.recorded import AGENT_HZ, CALLER_HZ, conversation

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How, QueueRules
from trustdesk.conversations.services import keeping
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Ground

LATER = NOW + timedelta(days=31)
READER = ("conversation:read", "recording:read")


def closed(house: Company) -> Call:
    """A recorded conversation whose own time is over on day 31."""
    one = recorded_call(house).end()
    conversing.save_queue_rules(one.context, rules=QueueRules(required=False, keep_days=30), now=NOW)
    conversing.close(one.context, conversation_id=one.id, now=NOW)
    return one


def hold(one: Call, context: AccessContext | None = None) -> int:
    context = context or one.context
    return recordings.hold(
        context, conversation_id=one.id, ground=Ground.CLAIM, file_number="12.P.345/2026", now=clock.now()
    )


def release(one: Call, hold_id: int) -> None:
    recordings.release(one.context, hold_id=hold_id, now=clock.now())


def there(one: Call) -> bool:
    return ask(one.company, "SELECT count(*) FROM conversations_conversation WHERE id = %s", one.id) == [(1,)]


def test_what_is_held_outlives_its_day_and_the_rest_does_not(house: Company) -> None:
    evidence, other = closed(house), closed(house)
    first, second = hold(evidence), hold(evidence)
    keeping.keep_rules(house.context(), now=LATER)
    assert (there(evidence), there(other)) == (True, False)
    release(evidence, first)
    keeping.keep_rules(house.context(), now=LATER)
    assert there(evidence), "the other hold still keeps it"
    release(evidence, second)
    assert there(evidence), "the rules of keeping count again, and they run at night"
    keeping.keep_rules(house.context(), now=LATER)
    assert not there(evidence)
    assert keys_of(house, evidence.id) == {"service": False}
    assert heard(evidence) == (CALLER_HZ, AGENT_HZ), "its recordings have days of their own"


def test_held_ones_do_not_stand_in_the_way_of_others(house: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence, other = closed(house), closed(house)
    hold(evidence)
    monkeypatch.setattr(keeping, "_MOST", 1)
    keeping.keep_rules(house.context(), now=LATER)
    assert (there(evidence), there(other)) == (True, False)


def test_a_neighbor_holds_nothing_here(house: Company) -> None:
    one, neighbor = closed(house), found_company(f"Neighbor {new_id()}", "FI")
    hold(recorded_call(neighbor))
    with pytest.raises(NotFoundError):
        hold(replace(one, company=neighbor))
    keeping.keep_rules(house.context(), now=LATER)
    assert not there(one)


def test_an_erasure_leaves_held_evidence_restricted_until_it_is_released(house: Company) -> None:
    """GDPR Art. 17(3)(e), 18: neither the customer's row nor their keys are left, and the agent reads nothing."""
    anna = house.person(name="Anna", phone=NUMBER)
    one, other = recorded_call(house), recorded_call(house)
    for each in (one, other):
        each.note("Wants the money back.")
        each.identify(anna)
    hold_id = hold(one)
    erase(house, anna)
    assert (there(one), there(other)) == (True, False)
    assert keys_of(house, anna)["service"] is False
    assert ask(house, "SELECT count(*) FROM register_customer WHERE id = %s", anna) == [(0,)]
    whole = conversing.conversation(house.context(), one.id)
    assert [note.text for note in whole.notes] == ["Wants the money back."]
    assert [party.text for party in whole.parties] == [NUMBER]
    assert (whole.line.customer_id, whole.line.how, whole.hidden) == (None, How.UNIDENTIFIED, False)
    agent = house.context(*READER)
    assert conversing.conversations(agent) == []
    assert conversing.conversation(agent, one.id).hidden
    assert [note.text for note in conversing.conversation(agent, one.id).notes] == [None]
    (entry,) = said(house.context(), "conversations.erased")
    assert dict(entry.detail or {})["held"] == [one.id]
    assert heard(one) == (CALLER_HZ, AGENT_HZ)
    with pytest.raises(RefusedError):
        one.identify(house.person(name="Bea"))
    own = subject_of(one)
    release(one, hold_id)
    assert not there(one)
    assert keys_of(house, own) == {"service": False}
    assert recordings.of_conversation(house.context(), one.id) == []
    assert said(house.context(), "conversations.let_go")


def test_the_number_of_who_was_erased_stays_in_evidence_and_goes_with_it(house: Company) -> None:
    anna = house.person(name="Anna", phone=NUMBER)
    evidence, other = recorded_call(house), recorded_call(house)
    hold_id = hold(evidence)
    erase(house, anna)
    assert [party.text for party in conversing.conversation(house.context(), evidence.id).parties] == [NUMBER]
    assert conversing.conversation(house.context(), other.id).parties == []
    assert conversing.conversation(house.context(*READER), evidence.id).hidden
    release(evidence, hold_id)
    assert (there(evidence), there(other)) == (False, True)


def test_a_complaint_file_stays_with_the_evidence(house: Company) -> None:
    one, complaint_id = complain(house)
    conversation(house.context(), conversation_id=one.id)
    answer(house, complaint_id)
    hold_id = hold(one)
    until = conversing.complaint(house.context(), complaint_id).line.keep_until
    assert until is not None
    keeping.keep_rules(house.context(), now=until)
    assert conversing.complaint(house.context(), complaint_id).minutes is not None
    release(one, hold_id)
    keeping.keep_rules(house.context(), now=until)
    with pytest.raises(NotFoundError):
        conversing.complaint(house.context(), complaint_id)


def test_a_hold_that_is_being_placed_is_waited_for(house: Company) -> None:
    """The night's round and an officer at the same moment: whoever is first is right, and nothing is deleted held."""
    one = closed(house)
    context = house.context()
    sweep = threading.Thread(target=keeping.keep_rules, args=[house.context()], kwargs={"now": LATER})
    with scoped(context.scope):
        hold(one, context)
        sweep.start()
        time.sleep(0.5)
        assert sweep.is_alive(), "it waits for the row"
    sweep.join(30)
    assert there(one)
