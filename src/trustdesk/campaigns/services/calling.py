"""Calls of a campaign: one for one agent who is there. The attempt is begun with the number of its call before anybody
is dialled; the switchboard makes a call of a number once, so that none is made twice, whoever is killed when.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from trustdesk.campaigns.contracts import State
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services import calls, releasing, settling, steering
from trustdesk.campaigns.services.persons import shown_as
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import new_id
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import CampaignCall, ReadyAgent

_LOOKED_AT = 100  # whose hours have not begun costs no agent a turn
T = TypeVar("T")
A = TypeVar("A")


def release(own: AccessContext, context: AccessContext, row: Campaign, *, limit: int, now: datetime) -> int:
    """Call for every agent who sits ready for the queue, and for nobody else; how many calls were begun."""
    agents = _free(own, row)[:limit]
    if not agents:
        return 0

    def call(target: Target, agent: ReadyAgent) -> bool | None:
        if steering.find(own, row.id).state != State.RUNNING:
            return None
        return _call(own, context, row, target, agent, now=clock.now())

    return hand_out(releasing.due(context, row, limit=_LOOKED_AT, now=now), agents, call)


def hand_out(targets: Iterable[T], agents: Sequence[A], call: Callable[[T, A], bool | None]) -> int:
    """One call for one agent, each agent once; how many. `call` says whether the agent is taken by it: who can't be
    called now costs nobody a turn. None ends it.
    """
    taken = 0
    for target in targets:
        if taken == len(agents):
            break
        done = call(target, agents[taken])
        if done is None:
            break
        taken += done
    return taken


def anybody_there(own: AccessContext, row: Campaign) -> bool:
    """Whether agents of the queue are at work at all, whatever they do now."""
    return any(queue.queue == row.queue and queue.agents for queue in switchboard.queues_now(own))


def begin(operator_id: int, begun: list[Attempt]) -> releasing.Begin:
    """Begins the attempt of a call for this operator, and puts it into `begun`."""

    def attempt(context: AccessContext, _row: Campaign, target: Target, _person: int, now: datetime) -> None:
        made = Attempt.objects.create(
            controller_id=context.controller_id,
            campaign_id=target.campaign_id,
            customer_id=target.customer_id,
            number=target.number + 1,
            at=now,
            call_id=new_id(),
            operator_id=operator_id,
        )
        settling.in_hand(target, number=made.number, now=now)
        begun.append(made)

    return attempt


def dial(context: AccessContext, row: Campaign, attempt: Attempt, agent: ReadyAgent | None) -> None:
    """Have it dialled, as whom the person is shown now; without `agent` for the operator of the context."""
    with scoped(context.scope):
        target = Target.objects.get(
            controller_id=row.controller_id, campaign_id=row.id, customer_id=attempt.customer_id
        )
        person = shown_as(context, target).customer_id
    call = CampaignCall(
        call_id=attempt.call_id or 0,
        campaign_id=row.id,
        customer_id=person,
        value_id=target.value_id,
        purpose=row.purpose,
        queue=row.queue,
        line=row.line,
        about=row.about,
    )
    switchboard.dial_in_campaign(context, call=call, agent=agent)


def _call(
    own: AccessContext, context: AccessContext, row: Campaign, target: Target, agent: ReadyAgent, *, now: datetime
) -> bool | None:
    """Whether the agent can have no other one after it; None where the exchange dials for nobody just now."""
    begun: list[Attempt] = []
    releasing.release(context, row, target, now=now, begin=begin(agent.operator_id, begun))
    if not begun:
        return False
    try:
        dial(own, row, begun[0], agent)
    except switchboard.UnreachableError:
        return None  # it may have been dialled: what becomes of it is heard
    except TrustdeskError as fault:
        calls.not_dialled(own, row, begun[0], fault, now=clock.now())
        if calls.nobody_can(fault):
            raise
        return None if fault.place == calls.EDGE else calls.of_agent(fault)
    return True


def _free(own: AccessContext, row: Campaign) -> list[ReadyAgent]:
    """Who sits ready and has no call of any campaign before them: what is said of agents is written a little late."""
    ready = switchboard.ready_agents(own, row.queue)
    with scoped(own.scope):
        begun = Attempt.objects.filter(
            controller_id=own.controller_id, outcome="", operator_id__in=[agent.operator_id for agent in ready]
        )
        open_calls = dict(begun.order_by("call_id").values_list("call_id", "operator_id"))
    results = switchboard.results(own, [call or 0 for call in open_calls])
    over = {call for call, found in results.items() if found.result}
    busy = {operator for call, operator in open_calls.items() if call not in over}
    return [agent for agent in ready if agent.operator_id not in busy]
