"""What the edge tells of a call, and what it means on the floor. Told twice, it happened once: each word has its place
in the call's story, and how far the story was heard stands in the call's row.
"""

from collections.abc import Callable
from datetime import timedelta

from trustdesk.conversations.contracts import Again
from trustdesk.kernel.ids import new_id
from trustdesk.sipedge.contracts import APOLOGY, Deed, Farewell, Happened, Requeue, Told
from trustdesk.switchboard.contracts import (
    APOLOGISED,
    NOT_DIALLED,
    CallbackState,
    CallState,
    Direction,
    Ended,
    Pause,
    Presence,
)
from trustdesk.switchboard.running.acts import (
    AgentJoined,
    AgentLeft,
    CallbackAsked,
    CallbackSettled,
    InteractionOver,
    NotRecorded,
    OverhearingOver,
    RecordingClosed,
)
from trustdesk.switchboard.running.floor import Commands, Floor
from trustdesk.switchboard.running.people import Agent, Call

_BUSY = frozenset({486, 600})
_SAID_NO = frozenset({403, 603})
_SILENT = frozenset({408, 480, 487})
_TAKEN = range(200, 300)
Handler = Callable[[Floor, Call, Told], Commands]


def hear(floor: Floor, told: Told) -> Commands:
    """Let it happen; what the edge is to do now."""
    call = floor.calls.get(told.call)
    known = call or floor.gone.get(told.call)
    if known is None or (told.nth and told.nth <= known.heard):
        return []
    known.heard = told.nth or known.heard
    if call is None:
        if told.happened is Happened.RECORDED:
            floor.acts.append(RecordingClosed(controller=known.controller, told=told))
        return []
    call.missing_since = None
    handler = _HANDLERS.get(told.happened)
    if handler is None:
        return []
    floor.touch(call)  # what it does and how far was heard are one transaction
    return handler(floor, call, told)


def _queued(floor: Floor, call: Call, told: Told) -> Commands:
    if call.queued_at is not None and call.queue != told.queue:
        floor.end_wait(call, Ended(call.leaving or Ended.MOVED), told.at)
    commands: Commands = floor.release_offered(call, told.at) if call.queue != told.queue else []
    call.leaving = ""
    call.queue = told.queue
    call.queued_at = call.queued_at or told.at
    call.waiting_since = call.waiting_since or told.at
    if call.answer_within is not None and call.answer_by is None:
        call.answer_by = told.at + timedelta(seconds=call.answer_within)
    if call.state is not CallState.RINGING:
        call.state = CallState.WAITING
    floor.touch(call)
    return [*commands, *floor.distribute(told.at)]


def _callback_asked(floor: Floor, call: Call, told: Told) -> Commands:
    queue = floor.queue(call.controller, call.queue)
    offered = queue.callback_offered or (queue.overflow == "callback" and call.overflowed)
    if not offered or call.callback is not None:
        return []
    call.callback = new_id()
    asked = CallbackAsked(controller=call.controller, id=call.callback, call=call.id, queue=call.queue, at=told.at)
    floor.acts.append(asked)
    commands = floor.release_offered(call, told.at)
    floor.end_wait(call, Ended.CALLBACK, told.at)
    call.state = CallState.PLAN
    farewell = Farewell(clips=queue.called_back.get(call.language, ()))
    return [*commands, Requeue(call=call.id, steps=(farewell,)), *floor.distribute(told.at)]


def _not_answered(floor: Floor, call: Call, told: Told) -> Commands:
    if told.role == "customer":
        call.result = _result_of(told.status)
        floor.touch(call)
        return []
    if told.operator and told.operator == call.offered:
        if call.direction is not Direction.IN:
            call.result = NOT_DIALLED  # the agent is brought first: nobody was rung
        if told.reason == "withdrawn":
            return []
        return floor.not_taken(call, Pause.NOT_ANSWERED, told.at)
    if told.operator and told.operator == call.consulted:
        _not_consulted(floor, call, told, "" if told.reason == "withdrawn" else Pause.NOT_ANSWERED)
        if not call.operators and not call.outsiders:
            return floor.requeue(call, call.queue, Ended.MOVED, told.at)
    return floor.distribute(told.at)


def _not_consulted(floor: Floor, call: Call, told: Told, reason: str) -> None:
    """Who was asked is free again, or paused where they did not come."""
    call.consulted = None
    agent = floor.agents.get(told.operator)
    if agent is None or agent.call != call.id:
        return
    if reason:
        floor.become(agent, Presence.PAUSED, told.at, reason=reason)
    else:
        floor.rest(agent, told.at)


def _joined(floor: Floor, call: Call, told: Told) -> Commands:
    if told.role == "third":
        call.outsiders += 1
    if not told.operator or told.operator in call.operators:
        return []
    agent = floor.agents.get(told.operator)
    if call.offered == told.operator:
        call.offered = call.offered_at = None
    elif call.offered is not None:
        floor.release_offered(call, told.at)
    call.consulted = None if call.consulted == told.operator else call.consulted
    call.operators.append(told.operator)
    call.spoke = told.operator
    floor.end_wait(call, Ended.ANSWERED, told.at)
    call.state, call.alarm = CallState.TALKING, False
    call.waiting_since = None
    call.answered_at = call.answered_at or told.at
    floor.touch(call)
    if agent is not None:
        floor.become(agent, Presence.TALKING, told.at, call=call)
    if call.interaction is not None:
        joined = AgentJoined(
            controller=call.controller, interaction=call.interaction, operator=told.operator, at=told.at
        )
        floor.acts.append(joined)
    if call.callback is not None and call.direction is Direction.CALLBACK:
        floor.acts.append(
            CallbackSettled(controller=call.controller, id=call.callback, state=CallbackState.REACHED, at=told.at)
        )
    return []


def _left(floor: Floor, call: Call, told: Told) -> Commands:
    if told.role == "third":
        call.outsiders = max(0, call.outsiders - 1)
    elif told.operator in call.operators:
        call.operators.remove(told.operator)
        if call.interaction is not None:
            left = AgentLeft(
                controller=call.controller, interaction=call.interaction, operator=told.operator, at=told.at
            )
            floor.acts.append(left)
        _part(floor, call, told.operator, told)
    elif told.operator and told.operator == call.consulted:
        # Asked, and sent back: the caller never heard this one.
        _not_consulted(floor, call, told, "")
        return floor.distribute(told.at)
    else:
        return []
    call.spoke = call.operators[-1] if call.operators else call.spoke
    floor.touch(call)
    if call.operators or call.outsiders or call.consulted is not None or told.reason == "transferred":
        return floor.distribute(told.at)
    if told.reason == "lost" and call.queue:
        # The agent's browser or phone is gone, not the agent's will: the caller waits for somebody else.
        return [*floor.requeue(call, call.queue, Ended.MOVED, told.at), *floor.distribute(told.at)]
    return [Deed(call=call.id, verb="hang-up"), *floor.distribute(told.at)]


def _part(floor: Floor, call: Call, operator: int, told: Told) -> Agent | None:
    agent = floor.agents.get(operator)
    if agent is not None and agent.call == call.id:
        floor.wrap_up(agent, call, told.at)
    return agent


def _ended(floor: Floor, call: Call, told: Told) -> Commands:
    ended = Ended.ABANDONED if told.reason != "edge-lost" else Ended.LOST
    floor.end_wait(call, Ended(call.leaving) if call.leaving else ended, told.at)
    floor.release_offered(call, told.at)
    for operator in list(call.operators):
        _part(floor, call, operator, told)
    for agent in floor.agents.values():
        if agent.call == call.id and agent.state is Presence.RINGING:
            floor.rest(agent, told.at)
    call.operators.clear()
    _close(floor, call, told)
    return floor.distribute(told.at)


def _close(floor: Floor, call: Call, told: Told) -> None:
    call.state, call.ended_at = CallState.ENDED, told.at
    call.offered = call.offered_at = None
    call.matches, call.alarm, call.paused, call.held = (), False, False, False
    if told.reason == APOLOGY:
        call.result = APOLOGISED
    elif call.answered_at is not None:
        call.result = "answered"
    elif call.direction is Direction.IN:
        call.result = (
            "callback" if call.callback is not None else "closed" if told.reason == "farewell" else "abandoned"
        )
    else:
        call.result = call.result or _result_of(told.status)
    if call.interaction is not None:
        over = InteractionOver(
            controller=call.controller,
            conversation=call.conversation,
            interaction=call.interaction,
            result=call.result,
            at=told.at,
            again=Again(started_at=call.began_at, answered_at=call.answered_at) if call.moved else None,
        )
        floor.acts.append(over)
    if call.direction is Direction.CALLBACK and call.callback is not None and call.answered_at is None:
        state = CallbackState.NOT_REACHED
        floor.acts.append(CallbackSettled(controller=call.controller, id=call.callback, state=state, at=told.at))
    floor.touch(call)
    floor.forget(call)


def _result_of(status: int) -> str:
    """What the network said, by its SIP status (RFC 3261 section 21). Who hung up before anybody spoke took it."""
    if status in _TAKEN:
        return "abandoned"
    if status in _BUSY:
        return "busy"
    if status in _SAID_NO:
        return "refused"
    return "no-answer" if status in _SILENT or not status else "failed"


def _recording(floor: Floor, call: Call, told: Told) -> Commands:
    call.recordings[told.recording] = told.leg
    call.recorded, call.unrecorded = True, ""
    floor.touch(call)
    return []


def _recorded(floor: Floor, call: Call, told: Told) -> Commands:
    call.recordings.pop(told.recording, None)
    call.recorded = bool(call.recordings)
    floor.acts.append(RecordingClosed(controller=call.controller, told=told))
    floor.touch(call)
    return []


def _not_recorded(floor: Floor, call: Call, told: Told) -> Commands:
    call.unrecorded = told.reason
    floor.touch(call)
    if call.conversation is not None and call.interaction is not None:
        act = NotRecorded(
            controller=call.controller,
            conversation=call.conversation,
            interaction=call.interaction,
            call=call.id,
            queue=call.queue,
            reason=told.reason,
            at=told.at,
        )
        floor.acts.append(act)
    return []


def _consent(floor: Floor, call: Call, told: Told) -> Commands:
    call.consent_key = told.digits
    floor.touch(call)
    return []


def _overhearing_ended(floor: Floor, call: Call, told: Told) -> Commands:
    """By the supervisor, by a browser that is gone, or with the call."""
    agent = floor.agents.get(told.operator)
    if agent is not None and agent.overhearing == call.id:
        agent.overhearing = None
    floor.acts.append(OverhearingOver(controller=call.controller, call=call.id, operator=told.operator, at=told.at))
    return []


def _standing(name: str, *, on: bool) -> Handler:
    def handler(floor: Floor, call: Call, told: Told) -> Commands:  # noqa: ARG001 - one shape for all
        setattr(call, name, on)
        if name == "held" and call.state in {CallState.TALKING, CallState.HELD}:
            call.state = CallState.HELD if on else CallState.TALKING
        floor.touch(call)
        return []

    return handler


_HANDLERS: dict[Happened, Handler] = {
    Happened.QUEUED: _queued,
    Happened.CALLBACK_ASKED: _callback_asked,
    Happened.NOT_ANSWERED: _not_answered,
    Happened.JOINED: _joined,
    Happened.LEFT: _left,
    Happened.HELD: _standing("held", on=True),
    Happened.RESUMED: _standing("held", on=False),
    Happened.PAUSED: _standing("paused", on=True),
    Happened.UNPAUSED: _standing("paused", on=False),
    Happened.RECORDING: _recording,
    Happened.RECORDED: _recorded,
    Happened.NOT_RECORDED: _not_recorded,
    Happened.CONSENT: _consent,
    Happened.OVERHEARING_ENDED: _overhearing_ended,
    Happened.ENDED: _ended,
}
