"""Who it is: sealed under an own key until then, under the customer's from then on; and taken back."""

import pytest
from tests.clearing import LATER, person
from tests.companies import NOW, Company
from tests.conversing import NUMBER, call, keys_of, subject_of

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import ComplaintForm, Given, How, NewFollowUp
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround

FIELDS = {
    "complainant_name": "Anna",
    "complainant_address": "Street 1",
    "submitted": "By telephone",
    "description": "The bill is wrong.",
}


def said(company: Company, conversation_id: int) -> list[str | None]:
    whole = conversing.conversation(company.context(), conversation_id)
    return [
        *(each.text for each in whole.parties),
        *(each.text for each in whole.notes),
        *(each.text for each in whole.follow_ups),
    ]


def test_everything_is_sealed_anew_and_the_own_key_is_destroyed(north: Company) -> None:
    anna = person(north, phone=NUMBER)
    one = call(north)
    one.note("The meter stands still.")
    new = NewFollowUp(due_at=LATER, text="Send somebody.")
    conversing.follow_up(north.context(), conversation_id=one.id, new=new, now=NOW)
    given = Given(complaint=ComplaintForm(fields=FIELDS))
    conversing.dispose(
        north.context(), interaction_id=one.interaction_id, disposition="complaint", given=given, now=NOW
    )
    before = said(north, one.id)
    assert keys_of(north, one.id) == {"service": True, "statutory:complaint": True}
    one.identify(anna, How.CALLED_BACK)
    assert said(north, one.id) == before == [NUMBER, "The meter stands still.", "Send somebody."]
    assert keys_of(north, one.id) == {"service": False, "statutory:complaint": False}
    assert subject_of(one) == anna
    line = conversing.line(north.context(), one.id)
    assert (line.customer_id, line.how) == (anna, How.CALLED_BACK)
    (file,) = conversing.complaints(north.context())
    assert file.customer_id == anna
    assert conversing.complaint(north.context(), file.complaint_id).minutes is not None
    assert conversing.timeline(north.context(), anna)[0].kind == "identified"


def test_the_same_again_changes_nothing_and_another_one_is_refused(north: Company) -> None:
    anna, bea = person(north, name="Anna"), person(north, name="Bea")
    one = call(north).identify(anna).identify(anna, How.DOCUMENT)
    assert conversing.line(north.context(), one.id).how is How.QUESTIONS
    with pytest.raises(ConflictError):
        one.identify(bea)


@pytest.mark.parametrize("how", [How.UNIDENTIFIED, How.NUMBER_MATCHED])
def test_a_number_identifies_nobody(north: Company, how: How) -> None:
    anna, one = person(north, phone=NUMBER), call(north)
    with pytest.raises(BadInputError):
        one.identify(anna, how)
    assert conversing.line(north.context(), one.id).customer_id is None


def test_several_matches_are_offered_and_none_is_guessed(north: Company) -> None:
    anna, bea = person(north, phone=NUMBER, name="Anna"), person(north, phone=NUMBER, name="Bea")
    one = call(north)
    context = north.context()
    conversing.note_matches(context, conversation_id=one.id, customer_ids=[anna, bea, anna], now=NOW)
    whole = conversing.conversation(context, one.id)
    assert (whole.matches, whole.line.how, whole.line.customer_id) == ((anna, bea), How.NUMBER_MATCHED, None)
    assert subject_of(one) == one.id
    conversing.note_matches(context, conversation_id=one.id, customer_ids=[], now=NOW)
    assert conversing.line(context, one.id).how is How.UNIDENTIFIED
    one.identify(anna)
    conversing.note_matches(context, conversation_id=one.id, customer_ids=[bea], now=NOW)
    assert conversing.conversation(context, one.id).matches == ()


def test_taken_back_it_is_nobodys_under_a_fresh_key_and_then_somebody_elses(north: Company) -> None:
    anna, bea = person(north, name="Anna"), person(north, name="Bea")
    one = call(north)
    one.note("My name is Bea.")
    one.identify(anna)
    conversing.take_back(north.context(), conversation_id=one.id, now=LATER)
    own = subject_of(one)
    assert own not in {one.id, anna}
    assert said(north, one.id) == [NUMBER, "My name is Bea."]
    assert keys_of(north, own) == {"service": True}
    assert keys_of(north, anna)["service"], "the customer's own key is the customer's"
    assert conversing.timeline(north.context(), anna) == []
    one.identify(bea, now=LATER)
    assert keys_of(north, own) == {"service": False}
    assert said(north, one.id) == [NUMBER, "My name is Bea."]
    with pytest.raises(ConflictError):
        conversing.take_back(north.context(), conversation_id=call(north).id, now=LATER)


def test_who_is_merged_is_the_one_shown(north: Company) -> None:
    anna, double = person(north, name="Anna"), person(north, name="Anna")
    first = call(north).identify(double)
    register.merge(north.context(), into=anna, customer_id=double, reason="same", now=LATER)
    second = call(north).identify(double)
    assert conversing.line(north.context(), second.id).customer_id == anna
    shown = conversing.conversations(north.context(), customer_id=anna)
    assert {one.conversation_id for one in shown} == {first.id, second.id}


def test_a_restricted_customers_words_are_hidden_from_agents(north: Company) -> None:
    """GDPR Art. 18."""
    anna = person(north, name="Anna")
    one = call(north)
    one.note("A secret.")
    one.identify(anna)
    register.lock(north.context(), customer_id=anna, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    agent = north.context("conversation:read")
    whole = conversing.conversation(agent, one.id)
    assert whole.hidden
    assert [*(each.text for each in whole.notes), *(each.text for each in whole.parties)] == [None, None]
    assert not conversing.conversation(north.context(), one.id).hidden


def test_a_neighbor_and_an_outsider_identify_nobody(north: Company, south: Company) -> None:
    theirs, one = person(south, name="Bea"), call(north)
    with pytest.raises(NotFoundError):
        one.identify(theirs)
    with pytest.raises(NotFoundError):
        conversing.identify(south.context(), conversation_id=one.id, customer_id=theirs, how=How.QUESTIONS, now=NOW)
    anna = person(north, name="Anna")
    with pytest.raises(RefusedError):
        conversing.identify(
            north.context("conversation:read"), conversation_id=one.id, customer_id=anna, how=How.QUESTIONS, now=NOW
        )
