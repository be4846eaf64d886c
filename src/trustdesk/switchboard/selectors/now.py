"""How calls, queues and agents stand. Nothing here writes, and nothing is opened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.switchboard.contracts import (
    CallbackState,
    CallbackView,
    CallResult,
    CallState,
    CallView,
    Certainty,
    Direction,
    Presence,
    PresenceView,
    QueueView,
    ReadyAgent,
)
from trustdesk.switchboard.doors import queues_of
from trustdesk.switchboard.models import AgentNow, Call, Callback

MOST = 500
TRIED_AGAIN = timedelta(days=3)


def my_call(context: AccessContext) -> CallView | None:
    """The call that rings at the operator's, or that is in the operator's hand, or about which a colleague asks just
    now. Needs `call:take`. Of several who speak for the company each sees the call as its own.
    """
    context.check_operation("call:take")
    mine = Q(offered_to=context.operator_id) | Q(operator_id=context.operator_id)
    with scoped(context.scope):
        here = AgentNow.objects.filter(controller_id=context.controller_id, operator_id=context.operator_id)
        agent = here.filter(state__in=[Presence.RINGING, Presence.TALKING]).first()
        if agent is not None and agent.call_id is not None:
            mine |= Q(id=agent.call_id)
        row = _going(context).filter(mine).order_by("-began_at", "-id").first()
    if row is None:
        return None
    speaks = agent is not None and agent.state == Presence.TALKING and agent.call_id == row.id
    return replace(_view(row), operator_id=context.operator_id) if speaks else _view(row)


def my_presence(context: AccessContext) -> PresenceView | None:
    """What the operator is doing here; None before the first time. Needs `call:take`."""
    context.check_operation("call:take")
    with scoped(context.scope):
        row = AgentNow.objects.filter(controller_id=context.controller_id, operator_id=context.operator_id).first()
    return _presence(row) if row is not None else None


def call(context: AccessContext, call_id: int) -> CallView:
    """One call, also one that is over. Needs `call:take` or `call:supervise`. NotFoundError where there is none."""
    _either(context)
    with scoped(context.scope):
        row = Call.objects.filter(controller_id=context.controller_id, id=call_id).first()
    if row is None:
        raise NotFoundError(_("There is no such call."), place="call", mend=_("Load the page again."))
    return _view(row)


def calls_now(context: AccessContext) -> Sequence[CallView]:
    """Every call of the company that goes on, the oldest first. Needs `call:supervise`."""
    context.check_operation("call:supervise")
    with scoped(context.scope):
        return [_view(row) for row in _going(context).order_by("began_at", "id")[:MOST]]


def agents_now(context: AccessContext) -> Sequence[PresenceView]:
    """Everybody who answers calls here, but for those who are offline. Needs `call:take` (whom to ask or to give a
    call) or `call:supervise`.
    """
    _either(context)
    with scoped(context.scope):
        rows = AgentNow.objects.filter(controller_id=context.controller_id).exclude(state=Presence.OFFLINE)
        return [_presence(row) for row in rows.order_by("state", "since", "operator_id")]


def queues_now(context: AccessContext) -> Sequence[QueueView]:
    """The company's queues: who waits since when, and what the agents with a skill for it do. Needs `call:take` or
    `call:supervise`.
    """
    _either(context)
    with scoped(context.scope):
        waiting = list(_going(context).filter(state__in=[CallState.WAITING, CallState.RINGING], direction=Direction.IN))
        agents = AgentNow.objects.filter(controller_id=context.controller_id).exclude(state=Presence.OFFLINE)
        states = {row.operator_id: Presence(row.state) for row in agents.order_by("operator_id")}
        skilled = queues_of(context)
    named = sorted({*skilled, *(row.queue for row in waiting)})
    return [
        _queue(queue, [row for row in waiting if row.queue == queue], skilled.get(queue, ()), states) for queue in named
    ]


def ready_agents(context: AccessContext, queue: str) -> Sequence[ReadyAgent]:
    """Who sits ready for a queue and can be reached, the longest idle first, as it was written a moment ago: the
    exchange asks again when it dials. Needs `call:supervise`.
    """
    context.check_operation("call:supervise")
    with scoped(context.scope):
        skilled = queues_of(context).get(queue, ())
        ready = AgentNow.objects.filter(
            controller_id=context.controller_id, state=Presence.READY, reachable=True, operator_id__in=skilled
        )
        return [
            ReadyAgent(operator_id=row.operator_id, mandate_id=row.mandate_id, purpose=row.purpose, since=row.since)
            for row in ready.order_by("since", "operator_id")
        ]


def results(context: AccessContext, call_ids: Collection[int]) -> Mapping[int, CallResult]:
    """What became of calls, by their numbers; those there are none of are left out. Needs `call:take` or
    `call:supervise`.
    """
    _either(context)
    with scoped(context.scope):
        rows = Call.objects.filter(controller_id=context.controller_id, id__in=call_ids).order_by("id")
        return {
            row.id: CallResult(
                call_id=row.id,
                operator_id=row.operator_id,
                conversation_id=row.conversation_id,
                interaction_id=row.interaction_id,
                decision_id=row.decision_id,
                result=row.result if row.state == CallState.ENDED else "",
            )
            for row in rows
        }


def callbacks(context: AccessContext, *, now: datetime) -> Sequence[CallbackView]:
    """Who waits to be called, the first who asked first; whoever was not reached, for three days after the last time.
    Needs `call:dial` or `call:supervise`.
    """
    if not context.allows("call:dial"):
        context.check_operation("call:supervise")
    with scoped(context.scope):
        waits = Q(state=CallbackState.WAITING)
        waits |= Q(state=CallbackState.NOT_REACHED, changed_at__gte=now - TRIED_AGAIN)
        waiting = Callback.objects.filter(waits, controller_id=context.controller_id)
        rows = list(waiting.order_by("asked_at", "id")[:MOST])
        calls = Call.objects.filter(controller_id=context.controller_id, id__in=[row.call_id for row in rows])
        conversations = dict(calls.values_list("id", "conversation_id"))
    return [
        CallbackView(
            callback_id=row.id,
            call_id=row.call_id,
            conversation_id=conversations.get(row.call_id),
            queue=row.queue,
            asked_at=row.asked_at,
            state=CallbackState(row.state),
            reason=row.reason,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _either(context: AccessContext) -> None:
    if not context.allows("call:take"):
        context.check_operation("call:supervise")


def _going(context: AccessContext) -> QuerySet[Call]:
    return Call.objects.filter(controller_id=context.controller_id).exclude(state=CallState.ENDED)


def _queue(queue: str, waiting: Sequence[Call], skilled: Sequence[int], states: Mapping[int, Presence]) -> QueueView:
    doing = [states[operator] for operator in skilled if operator in states]
    return QueueView(
        queue=queue,
        waiting=len(waiting),
        longest_since=min((row.queued_at for row in waiting if row.queued_at), default=None),
        alarms=sum(row.alarm for row in waiting),
        agents={state: doing.count(state) for state in Presence if state in doing},
    )


def _presence(row: AgentNow) -> PresenceView:
    return PresenceView(
        operator_id=row.operator_id,
        state=Presence(row.state),
        reason=row.reason,
        since=row.since,
        call_id=row.call_id,
        reachable=row.reachable,
        wrap_up_until=row.wrap_up_until,
    )


def _view(row: Call) -> CallView:
    return CallView(
        call_id=row.id,
        direction=Direction(row.direction),
        state=CallState(row.state),
        line=row.line,
        queue=row.queue,
        language=row.language,
        conversation_id=row.conversation_id,
        interaction_id=row.interaction_id,
        case_id=row.case_id,
        certainty=Certainty(row.certainty),
        matches=tuple(row.matches),
        customer_id=row.customer_id,
        operator_id=row.operator_id,
        offered_to=row.offered_to,
        began_at=row.began_at,
        queued_at=row.queued_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        answer_by=row.answer_by,
        alarm=row.alarm,
        recorded=row.recorded,
        paused=row.paused,
        held=row.held,
        unrecorded=row.unrecorded,
        result=row.result,
    )
