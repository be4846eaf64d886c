"""What the caller does not want is on record before the agent says goodbye."""

import pytest
from tests.clearing import person
from tests.companies import NOW, Company
from tests.conversing import call

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ALL_MARKETING, Method, Scope
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Given, Meaning, State
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.errors import ConflictError, RefusedError


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        (Given(), ALL_MARKETING),
        (Given(channel=Channel.CALL_HUMAN), Scope(kind=ALL_MARKETING.kind, channel=Channel.CALL_HUMAN)),
        (Given(purpose="news", channel=Channel.EMAIL), Scope(purpose="news", channel=Channel.EMAIL)),
    ],
)
def test_it_is_recorded_for_purpose_and_channel(north: Company, given: Given, scope: Scope) -> None:
    anna = person(north, name="Anna")
    one = call(north).identify(anna).end()
    conversing.dispose(
        north.context(), interaction_id=one.interaction_id, disposition="objection", given=given, now=NOW
    )
    (said,) = clearance.objections(north.context(), anna)
    assert (said.scope, said.method) == (scope, Method.TOLD_OPERATOR)
    assert conversing.line(north.context(), one.id).state is State.CLOSED
    assert conversing.conversation(north.context(), one.id).interactions[0].meaning is Meaning.OBJECTION


def test_nobodys_objection_is_refused_and_nothing_is_half_done(north: Company) -> None:
    one = call(north).end()
    with pytest.raises(ConflictError):
        conversing.dispose(north.context(), interaction_id=one.interaction_id, disposition="objection", now=NOW)
    whole = conversing.conversation(north.context(), one.id)
    assert whole.interactions[0].disposition == ""
    assert "disposed" not in {each.kind for each in whole.happenings}


def test_who_may_not_record_it_may_not_do_it_in_this_way_either(north: Company) -> None:
    anna = person(north, name="Anna")
    one = call(north).identify(anna).end()
    agent = north.context("conversation:work", "conversation:read")
    with pytest.raises(RefusedError):
        conversing.dispose(agent, interaction_id=one.interaction_id, disposition="objection", now=NOW)
    assert clearance.objections(north.context(), anna) == []
