"""The floor after a restart, of this process or of the edge: the tables say what was, the edge tells what happened
since (`hearing` passes over what stands already) and then what is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from trustdesk.sipedge.contracts import CallNow, Command, Deed, Requeue, Snapshot
from trustdesk.switchboard.contracts import CallState, Direction, Ended, Presence
from trustdesk.switchboard.running.floor import Commands, Floor
from trustdesk.switchboard.running.people import Agent, Call

_PLACES = {
    "plan": CallState.PLAN,
    "waiting": CallState.WAITING,
    "ringing": CallState.WAITING,  # a phone that rings tells what becomes of it
    "talking": CallState.TALKING,
    "held": CallState.HELD,
    "alone": CallState.WAITING,
}
_NOTHING: Mapping[int, Command] = MappingProxyType({})


def adopt(floor: Floor, calls: Iterable[Call], agents: Iterable[Agent]) -> None:
    """What the tables know, before the edge has said anything."""
    for agent in agents:
        floor.agents.setdefault(agent.operator, agent)
    for call in calls:
        if call.id not in floor.gone:
            floor.calls.setdefault(call.id, call)
    for agent in floor.agents.values():
        held = floor.calls.get(agent.call) if agent.call is not None else None
        if held is not None and agent.state is Presence.TALKING and agent.operator not in held.operators:
            held.operators.append(agent.operator)


def still_meant(meant: dict[int, Command], commands: Commands) -> None:
    """What would have been commanded while the edge told what had happened: the last of each call. Much of it was done
    long ago; `compare` knows of which it can be told by how the call stands.
    """
    meant.update({command.call: command for command in commands if isinstance(command, Requeue | Deed)})


def compare(floor: Floor, word: Snapshot, now: datetime, meant: Mapping[int, Command] = _NOTHING) -> Commands:
    """Make the floor say what the edge says. Calls it does not know any more are given a moment: their end may be on
    its way.
    """
    there = {call.call: call for call in word.calls}
    for call in list(floor.calls.values()):
        if call.id not in there:
            call.missing_since = call.missing_since or now
    commands: Commands = []
    for told in word.calls:
        if told.call in floor.gone:
            continue
        commands += _compare_one(floor, told, now, meant.get(told.call))
        _compare_listeners(floor, told)
    _compare_agents(floor, now)
    return [*commands, *floor.reached(word.reachable, now)]


def _compare_one(floor: Floor, told: CallNow, now: datetime, meant: Command | None) -> Commands:
    call = floor.calls.get(told.call)
    if call is None:
        call = Call(
            id=told.call,
            controller=told.controller,
            direction=Direction.IN,
            line="",
            language="",
            began_at=told.since,
        )
        floor.begin(call)
    call.missing_since = None
    if told.queue and told.queue != call.queue:
        floor.end_wait(call, Ended.MOVED, now)
        call.queue = told.queue
    call.operators = list(told.operators) if told.place in {"talking", "held"} else []
    call.outsiders = told.outsiders
    call.paused, call.held = told.paused, told.place == "held"
    call.recordings = dict.fromkeys(told.recordings, "")
    call.recorded = bool(told.recordings)
    ringing = call.state is CallState.RINGING and call.offered is not None and told.place in {"waiting", "ringing"}
    dialled = told.place == "ringing" and call.direction is not Direction.IN
    call.state = CallState.RINGING if ringing or dialled else _PLACES[told.place]
    if not ringing and not dialled:
        call.offered = call.offered_at = None
    if call.operators:
        call.spoke = call.operators[-1]
        floor.end_wait(call, Ended.ANSWERED, now)
        call.answered_at = call.answered_at or told.since
    elif call.state is CallState.WAITING and _goes(call, told) and meant is not None:
        # Who asked to be called back, and has not been told goodbye.
        call.state = CallState.PLAN
        floor.touch(call)
        return [meant]
    elif call.state is CallState.WAITING:
        call.queued_at = call.queued_at or now
        call.waiting_since = call.waiting_since or call.queued_at
    floor.touch(call)
    if told.place == "alone" and call.queue:
        return [meant or Requeue(call=call.id, steps=(floor.queue(call.controller, call.queue).wait(call.language),))]
    return []


def _goes(call: Call, told: CallNow) -> bool:
    return told.place == "waiting" and call.callback is not None and call.direction is Direction.IN


def _compare_listeners(floor: Floor, told: CallNow) -> None:
    for agent in floor.agents.values():
        if agent.operator in told.overhearing:
            agent.overhearing = told.call
        elif agent.overhearing == told.call:
            agent.overhearing = None


def _compare_agents(floor: Floor, now: datetime) -> None:
    """Who speaks is who the edge says; whose call is gone has time to write it down."""
    speaking = {operator: call for call in floor.calls.values() for operator in call.operators}
    ringing = {call.offered: call for call in floor.calls.values() if call.offered is not None}
    for agent in floor.agents.values():
        call = speaking.get(agent.operator)
        if call is not None:
            if agent.call != call.id or agent.state is not Presence.TALKING:
                floor.become(agent, Presence.TALKING, now, call=call)
        elif agent.operator in ringing and agent.state is Presence.RINGING:
            agent.call = ringing[agent.operator].id
        elif agent.state is Presence.TALKING and agent.call in floor.calls:
            floor.wrap_up(agent, floor.calls[agent.call], now)
        elif agent.state in {Presence.RINGING, Presence.TALKING}:
            floor.rest(agent, now)
