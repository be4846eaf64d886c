"""What happened on the floor, written down: rows as they stand, and acts in order. Written twice, it stands once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Result
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.recordings import api as recordings
from trustdesk.switchboard.contracts import APOLOGISED, EVERY_QUEUE, NOT_DIALLED, PRESENCE, QUEUE, CallbackState
from trustdesk.switchboard.models import AgentNow, Callback, Spell, Wait
from trustdesk.switchboard.running import acts
from trustdesk.switchboard.services.images import AGENTS, CALLS, Image, put

log = structlog.get_logger(__name__)
_RESULTS = {
    "answered": Result.ANSWERED,
    "busy": Result.BUSY,
    "no-answer": Result.NO_ANSWER,
    "refused": Result.REFUSED,
    "failed": Result.FAILED,
    NOT_DIALLED: Result.FAILED,
    APOLOGISED: Result.FAILED,
}


def write(context: AccessContext, calls: Sequence[Image], agents: Sequence[Image], done: Sequence[acts.Act]) -> None:
    """One company's changes in one transaction, and its pages told."""
    with scoped(context.scope):
        put(CALLS, calls, "controller_id", "id")
        put(AGENTS, agents, "controller_id", "operator_id")
        Wait.objects.bulk_create(map(_wait, _of(done, acts.WaitOver)), ignore_conflicts=True)
        Spell.objects.bulk_create(map(_spell, _of(done, acts.SpellOver)), ignore_conflicts=True)
        Callback.objects.bulk_create(map(_callback, _of(done, acts.CallbackAsked)), ignore_conflicts=True)
        for settled in _of(done, acts.CallbackSettled):
            Callback.objects.filter(controller_id=context.controller_id, id=settled.id).update(
                state=settled.state, changed_at=settled.at
            )
        announce(
            context,
            *(Thing(PRESENCE, operator) for operator in _whose_screens(context, calls, agents)),
            Thing(QUEUE, EVERY_QUEUE),
        )


def _whose_screens(context: AccessContext, calls: Sequence[Image], agents: Sequence[Image]) -> Sequence[int]:
    """Whose telephone shows something else now: who does something else, and everybody who is in a call that changed
    or at whom it rings.
    """
    told = {image["operator_id"] for image in agents}
    if calls:
        there = AgentNow.objects.filter(
            controller_id=context.controller_id, call_id__in=[image["id"] for image in calls]
        )
        told.update(there.values_list("operator_id", flat=True))
    return sorted(told)


def carry_out(context: AccessContext, act: acts.Act, *, now: datetime) -> None:
    """An act in a room below: of conversations or recordings. What can't be done any more is said in the log once."""
    try:
        _carry_out(context, act, now)
    except TrustdeskError as fault:
        log.warning("act-refused", act=type(act).__name__, code=fault.code, place=fault.place)


def _carry_out(context: AccessContext, act: acts.Act, now: datetime) -> None:
    if isinstance(act, acts.AgentJoined):
        conversations.join(context, interaction_id=act.interaction, operator_id=act.operator, now=act.at)
    elif isinstance(act, acts.AgentLeft):
        conversations.leave(context, interaction_id=act.interaction, operator_id=act.operator, now=act.at)
    elif isinstance(act, acts.InteractionOver):
        result = _RESULTS.get(act.result, Result.ABANDONED)
        conversations.end_interaction(
            context, interaction_id=act.interaction, result=result, ended_at=act.at, again=act.again, now=now
        )
        if act.result == APOLOGISED and act.conversation is not None:
            conversations.close(context, conversation_id=act.conversation, now=now)
    elif isinstance(act, acts.NotRecorded):
        recordings.not_recorded(
            context,
            conversation_id=_stands(context, act.interaction, act.conversation),
            interaction_id=act.interaction,
            call_id=act.call,
            reason=act.reason,
            queue=act.queue,
            now=act.at,
        )
    elif isinstance(act, acts.RecordingClosed):
        told = act.told
        recordings.finish(
            context,
            recording_id=told.recording,
            chunks=told.chunks,
            head=told.head,
            milliseconds=told.milliseconds,
            reason=told.reason,
            now=told.at,
        )
    elif isinstance(act, acts.OverhearingOver):
        with scoped(context.scope):
            detail: dict[str, object] = {"call": act.call, "operator": act.operator}
            context.journal.deed(context, "switchboard.overhearing.ended", detail=detail)


def _stands(context: AccessContext, interaction: int, conversation: int) -> int:
    """Meanwhile the call may have gone to a case."""
    place = conversations.standings(context, [interaction]).get(interaction)
    return place.conversation_id if place is not None else conversation


ELSEWHERE = (
    acts.AgentJoined,
    acts.AgentLeft,
    acts.InteractionOver,
    acts.NotRecorded,
    acts.RecordingClosed,
    acts.OverhearingOver,
)
"""Acts of rooms below, each with a transaction of its own."""


def _of(done: Iterable[acts.Act], kind: type[acts.A]) -> list[acts.A]:
    return [act for act in done if isinstance(act, kind)]


def _wait(act: acts.WaitOver) -> Wait:
    return Wait(
        controller_id=act.controller,
        id=act.id,
        call_id=act.call,
        queue=act.queue,
        queued_at=act.queued_at,
        left_at=act.left_at,
        ended=act.ended,
    )


def _spell(act: acts.SpellOver) -> Spell:
    return Spell(
        controller_id=act.controller,
        id=act.id,
        operator_id=act.operator,
        state=act.state,
        reason=act.reason,
        call_id=act.call,
        queue=act.queue,
        starts_at=act.starts_at,
        ends_at=act.ends_at,
    )


def _callback(act: acts.CallbackAsked) -> Callback:
    return Callback(
        controller_id=act.controller,
        id=act.id,
        call_id=act.call,
        queue=act.queue,
        asked_at=act.at,
        state=CallbackState.WAITING,
        changed_at=act.at,
    )
