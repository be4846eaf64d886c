"""Campaigns of calls: one for one agent who is free, decided when it is dialled, and none made twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.campaigns.telephoning import SCRIPT, Calling, calling
from tests.switching import over, until
from tests.world import World

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import CampaignView, Outcome, Release, State, TargetState
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services import calling as calls_made
from trustdesk.campaigns.services import calls, releasing
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.conversations import api as conversations
from trustdesk.decision.contracts import CAMPAIGN_STANDS, Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.sipedge.contracts import Dial, Happened
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import Presence, PresenceView, ReadyAgent
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import Reach

pytestmark = pytest.mark.slow  # each with a process of the switchboard


@pytest.fixture
def here(committed: World, tmp_path: Path) -> Iterator[Calling]:
    with calling(committed, tmp_path) as made:
        yield made


def dialled(here: Calling) -> int:
    """How many were rung of whom nobody has taken notice yet."""
    return sum(isinstance(one, Dial) for one in list(here.room.edge.commands.queue))


NOBODY = PresenceView(
    operator_id=0,
    state=Presence.OFFLINE,
    reason="",
    since=datetime(2026, 1, 1, tzinfo=UTC),
    call_id=None,
    reachable=True,
    wrap_up_until=None,
)


def is_ready(context: AccessContext) -> bool:
    seen = switchboard.my_presence(context)
    return seen is not None and seen.state is Presence.READY


def counts(view: CampaignView) -> dict[TargetState, int]:
    return {state: many for state, many in view.counts.items() if many}


def talk(here: Calling, context: AccessContext, call: int) -> int:
    """The person answers, and hangs up; the interaction that waits for its disposition."""
    edge = here.room.edge
    edge.calls[call] = edge.snapshot_of(call, here.room.company.id)
    edge.speaks(call, context.operator_id)
    until(lambda: switchboard.call(context, call).answered_at)
    edge.ends(call)
    over(context, call)
    return until(lambda: conversations.pending_wrap_up(context, context.operator_id))[0].interaction_id


def test_nobody_is_dialled_without_an_agent_and_one_agent_is_one_call(here: Calling) -> None:
    campaign = here.started("+36301120001", "+36301120002")
    here.drive(campaign)
    assert counts(here.view(campaign)) == {TargetState.WAITING: 2}
    assert here.attempts(campaign) == []
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    here.drive(campaign)
    command = here.room.edge.commanded(Dial)
    assert command.caller == here.room.line
    assert command.number in here.people
    assert command.agent is not None
    assert command.agent.operator == context.operator_id
    here.drive(campaign)
    assert dialled(here) == 0, "a second one for the same agent"
    assert counts(here.view(campaign)) == {TargetState.WAITING: 1, TargetState.IN_HAND: 1}
    call = command.plan.call
    made = campaigns.of_call(context, call)
    assert made is not None
    assert (made.script, made.customer_id) == (SCRIPT, here.people[command.number])
    interaction = talk(here, context, call)
    here.drive(campaign)
    assert [one.outcome for one in here.attempts(campaign)] == [""], "waits for what the agent says"
    conversations.dispose(context, interaction_id=interaction, disposition="done", now=clock.now())
    here.drive(campaign)
    attempt = here.attempts(campaign)[-1]
    assert (attempt.outcome, attempt.call_id) == (Outcome.SAID_DONE, call)
    decided = clearance.decisions(here.room.house(), made.customer_id, limit=1)[0]
    assert decided.decision_id == attempt.decision_id
    assert counts(here.view(campaign))[TargetState.DONE] == 1


def test_who_objected_is_not_rung_the_reason_is_on_record_and_the_agent_stays_free(here: Calling) -> None:
    campaign = here.started("+36301120011")
    person = here.people["+36301120011"]
    scope, method = Scope(channel=Channel.CALL_HUMAN), Method.TOLD_OPERATOR
    clearance.record_objection(here.room.house(), customer_id=person, scope=scope, method=method, now=clock.now())
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    here.drive(campaign)
    assert dialled(here) == 0
    refused = campaigns.report(here.room.house(), campaign).refused
    assert [one.people for one in refused] == [1]
    assert is_ready(context)


def test_nobody_answers_and_the_person_waits_for_a_day(here: Calling) -> None:
    campaign = here.started("+36301120021")
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    here.drive(campaign)
    call = here.room.edge.commanded(Dial).plan.call
    edge = here.room.edge
    edge.tell(Happened.NOT_ANSWERED, call, role="customer", reason="not-answered", status=480)
    edge.tell(Happened.ENDED, call, reason="not-answered", status=0)
    over(context, call)
    here.drive(campaign)
    assert [one.outcome for one in here.attempts(campaign)] == [Outcome.NO_ANSWER]
    assert counts(here.view(campaign)) == {TargetState.WAITING: 1}
    due = campaigns.report(here.room.house(), campaign).next_at
    assert due is not None
    assert due > clock.now() + timedelta(hours=23)
    until(lambda: is_ready(context))
    here.drive(campaign)
    assert dialled(here) == 0


def test_an_edge_that_does_not_dial_costs_no_attempt(here: Calling) -> None:
    campaign = here.started("+36301120031")
    here.room.edge.refuses[Dial] = "no-route"
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    here.drive(campaign)
    over(context, here.attempts(campaign)[0].call_id or 0)
    here.drive(campaign)
    assert [one.outcome for one in here.attempts(campaign)] == [Outcome.HELD]
    assert counts(here.view(campaign)) == {TargetState.WAITING: 1}
    with scoped(here.room.house().scope):
        assert Target.objects.get(controller_id=here.room.company.id, campaign_id=campaign).attempts == 0


def test_a_cap_holds_and_a_closed_destination_fails(here: Calling) -> None:
    campaign = here.started("+36301120041")
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    house = here.room.house()
    capped = Reach(countries=frozenset({"HU"}), per_company_day=0)
    telephony.set_reach(house, reach=capped, now=clock.now())
    here.drive(campaign)
    assert [(one.outcome, one.reason) for one in here.attempts(campaign)] == [(Outcome.HELD, "cap")]
    closed = here.started("+36301120042")
    telephony.set_reach(house, reach=Reach(countries=frozenset({"FI"})), now=clock.now())
    here.drive(closed)
    assert [(one.outcome, one.reason) for one in here.attempts(closed)] == [(Outcome.FAILED, "destination")]
    assert dialled(here) == 0
    assert clearance.decisions(house, here.people["+36301120042"]) == [], "what was not tried is no attempt"


def test_an_agent_looks_puts_back_and_presses(here: Calling) -> None:
    campaign = here.started("+36301120051", "+36301120052", release=Release.PREVIEW)
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    here.drive(campaign)
    assert dialled(here) == 0
    assert [(one.campaign_id, one.due) for one in campaigns.to_call(context, now=clock.now())] == [(campaign, 2)]
    first = campaigns.take(context, campaign_id=campaign, now=clock.now())
    assert first is not None
    assert campaigns.take(context, campaign_id=campaign, now=clock.now()) == first
    other = here.room.ready(here.room.agent("bela"))
    second = campaigns.take(other, campaign_id=campaign, now=clock.now())
    assert second is not None
    assert second.customer_id != first.customer_id
    assert campaigns.take(here.room.ready(here.room.agent("cili")), campaign_id=campaign, now=clock.now()) is None
    campaigns.put_back(other, call_id=second.call_id, now=clock.now())
    with pytest.raises(NotFoundError):
        campaigns.dial(other, call_id=second.call_id, now=clock.now())
    with pytest.raises(NotFoundError):
        campaigns.dial(other, call_id=first.call_id, now=clock.now())
    switchboard.set_presence(context, state=Presence.OFFLINE)
    here.room.edge.reach(attachments=[])
    until(lambda: not (switchboard.my_presence(context) or NOBODY).reachable)
    with pytest.raises(ConflictError):
        campaigns.dial(context, call_id=first.call_id, now=clock.now())
    assert campaigns.in_hand(context) == first, "without a telephone the person stays in hand"
    here.room.ready(here.room.agents["anna"])
    until(lambda: is_ready(context))
    campaigns.dial(context, call_id=first.call_id, now=clock.now())
    assert here.room.edge.commanded(Dial).plan.call == first.call_id
    with pytest.raises(ConflictError):
        campaigns.put_back(context, call_id=first.call_id, now=clock.now())
    unskilled = here.room.context(here.room.agent("dora", skill=0))
    assert campaigns.to_call(unskilled, now=clock.now()) == []
    with pytest.raises(RefusedError):
        campaigns.take(unskilled, campaign_id=campaign, now=clock.now())
    stranger = here.room.world.context(here.room.world.agent_north, here.room.world.north)
    with pytest.raises(NotFoundError):
        campaigns.take(stranger, campaign_id=campaign, now=clock.now())
    assert campaigns.of_call(stranger, first.call_id) is None


def test_a_pause_stops_the_next_call_also_one_that_an_agent_has_in_hand(here: Calling) -> None:
    campaign = here.started("+36301120061", release=Release.PREVIEW)
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    held = campaigns.take(context, campaign_id=campaign, now=clock.now())
    assert held is not None
    campaigns.pause(here.room.house(), campaign_id=campaign, now=clock.now())
    with pytest.raises(RefusedError):
        campaigns.dial(context, call_id=held.call_id, now=clock.now())
    assert dialled(here) == 0
    assert [(one.outcome, one.reason) for one in here.attempts(campaign)] == [(Outcome.HELD, CAMPAIGN_STANDS)]
    assert counts(here.view(campaign)) == {TargetState.WAITING: 1}
    with pytest.raises(ConflictError):
        campaigns.take(context, campaign_id=campaign, now=clock.now())


def begun(here: Calling, campaign: int, operator: int) -> tuple[Campaign, Attempt]:
    """As far as a worker comes that is killed before it dials."""
    house, made = here.room.house(), list[Attempt]()
    with scoped(house.scope):
        row = Campaign.objects.get(controller_id=house.controller_id, id=campaign)
    target = releasing.due(house, row, limit=1, now=clock.now())[0]
    releasing.release(house, row, target, now=clock.now(), begin=calls_made.begin(operator, made))
    return row, made[0]


def agent_of(context: AccessContext) -> ReadyAgent:
    return ReadyAgent(
        operator_id=context.operator_id,
        mandate_id=context.mandate_id,
        purpose=context.purpose,
        since=clock.now(),
    )


def test_killed_before_it_dials_the_attempt_was_not_made_and_can_not_be_made_late(here: Calling) -> None:
    campaign = here.started("+36301120071")
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    row, attempt = begun(here, campaign, context.operator_id)
    house = here.room.house()
    assert calls.hear(house, row, now=clock.now()) == 0, "it may still be on its way"
    assert calls.hear(house, row, now=clock.now() + timedelta(minutes=2)) == 1
    assert [(one.outcome, one.reason) for one in here.attempts(campaign)] == [(Outcome.HELD, calls.NOT_BEGUN)]
    with pytest.raises(RefusedError):
        calls_made.dial(house, row, attempt, agent_of(context))
    assert dialled(here) == 0


def test_killed_after_it_dialled_the_call_is_heard_of_and_not_made_again(here: Calling) -> None:
    campaign = here.started("+36301120081")
    context = here.room.ready(here.room.agent())
    until(lambda: is_ready(context))
    row, attempt = begun(here, campaign, context.operator_id)
    house = here.room.house()
    calls_made.dial(house, row, attempt, agent_of(context))
    assert here.room.edge.commanded(Dial).plan.call == attempt.call_id
    here.room.edge.tell(Happened.NOT_ANSWERED, attempt.call_id or 0, role="customer", status=486)
    here.room.edge.tell(Happened.ENDED, attempt.call_id or 0, reason="not-answered", status=0)
    over(context, attempt.call_id or 0)
    until(lambda: is_ready(context))
    with pytest.raises(ConflictError):
        calls_made.dial(house, row, attempt, agent_of(context))
    here.drive(campaign)
    assert [one.outcome for one in here.attempts(campaign)] == [Outcome.BUSY]
    assert dialled(here) == 0
    assert here.view(campaign).state is State.RUNNING
