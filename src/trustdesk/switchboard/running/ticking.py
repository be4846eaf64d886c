"""What happens on the floor because time passes: nobody answered, somebody waits too long, an alarm is near."""

from datetime import datetime, timedelta

from trustdesk.sipedge.contracts import APOLOGY, Farewell, Happened, Requeue, Say, Told
from trustdesk.switchboard.contracts import CallState, Direction, Ended, Pause, Presence
from trustdesk.switchboard.distribution import Waiting, estimate, minutes, place_of
from trustdesk.switchboard.running.facts import Speaking
from trustdesk.switchboard.running.floor import RING, Commands, Floor
from trustdesk.switchboard.running.hearing import hear
from trustdesk.switchboard.running.people import Call

FIRST_SAID = timedelta(seconds=20)
SAID_EVERY = timedelta(seconds=60)
USUAL_HANDLING = timedelta(minutes=4)
_ALARM_SHARE = 0.8  # of the time within which the law wants an answer
_MISSING = timedelta(seconds=5)


def tick(floor: Floor, now: datetime, speak: Speaking) -> Commands:
    """Once a second."""
    commands: Commands = []
    for call in list(floor.calls.values()):
        commands += _ring_over(floor, call, now) or _waited(floor, call, now, speak)
        _look_at_alarm(floor, call, now)
        if call.missing_since is not None and now - call.missing_since >= _MISSING:
            # An incoming call of which the edge never said a word never was at the edge: its plan did not arrive.
            reason = "edge-lost" if call.heard or call.direction is not Direction.IN else APOLOGY
            gone = Told(happened=Happened.ENDED, call=call.id, at=call.missing_since, reason=reason, status=503)
            commands += hear(floor, gone)
    return commands


def wrapped_up(floor: Floor, now: datetime) -> list[int]:
    """Operators whose time to write down is over; ready again where no disposition is missing."""
    return [
        agent.operator
        for agent in floor.agents.values()
        if agent.state is Presence.WRAP_UP and agent.wrap_up_until is not None and agent.wrap_up_until <= now
    ]


def _ring_over(floor: Floor, call: Call, now: datetime) -> Commands:
    """A browser that did not accept. A phone's ringing is counted by the edge; a lost word of it, here, much later."""
    agent = floor.agents.get(call.offered) if call.offered is not None else None
    if agent is None or call.offered_at is None or call.direction is not Direction.IN:
        return []
    patience = RING if agent.by_browser and not agent.accepted else RING * 2
    return floor.not_taken(call, Pause.NOT_ANSWERED, now) if now - call.offered_at >= patience else []


def _waited(floor: Floor, call: Call, now: datetime, speak: Speaking) -> Commands:
    if call.state is not CallState.WAITING or call.queued_at is None:
        return []
    queue, waited = floor.queue(call.controller, call.queue), now - call.queued_at
    whole = now - (call.waiting_since or call.queued_at)
    if whole >= timedelta(seconds=queue.longest_wait_seconds) or (
        queue.overflow == "closed" and waited >= timedelta(seconds=queue.overflow_after_seconds)
    ):
        call.leaving = Ended.OVERFLOW
        call.state = CallState.PLAN
        return [Requeue(call=call.id, steps=(Farewell(clips=queue.closed.get(call.language, ())),))]
    over = waited >= timedelta(seconds=queue.overflow_after_seconds) and not call.overflowed
    if over and queue.overflow == "queue" and queue.overflow_queue != call.queue:
        call.overflowed = True
        return floor.requeue(call, queue.overflow_queue, Ended.OVERFLOW, now)
    if over and queue.overflow == "callback" and not queue.callback_offered:
        call.overflowed, call.said_at = True, now
        return [Say(call=call.id, clips=clips)] if (clips := queue.callback_offer.get(call.language, ())) else []
    last = call.said_at
    if waited >= FIRST_SAID and (last is None or now - last >= SAID_EVERY):
        call.said_at = now
        return _said(floor, call, speak)
    return []


def _said(floor: Floor, call: Call, speak: Speaking) -> Commands:
    """Place and estimated wait, and how to be called back; nothing where it can't be said in the caller's language."""
    queue = floor.queue(call.controller, call.queue)
    waiting = floor.waiting()
    own = Waiting(call.id, call.controller, call.queue, call.waiting_since or call.began_at)
    place = place_of(own, waiting)
    there = [
        agent
        for agent in floor.agents.values()
        if agent.controller == call.controller
        and agent.state in {Presence.READY, Presence.RINGING, Presence.TALKING, Presence.WRAP_UP}
        and queue.skills.get(agent.operator, 0) > 0
    ]
    handling = floor.measured.mean(call.controller, call.queue) or USUAL_HANDLING
    wait = estimate(place, agents=len(there), handling=handling)
    clips = speak(call.language, place, minutes(wait) if wait is not None else None)
    if queue.callback_offered or (queue.overflow == "callback" and call.overflowed):
        clips += queue.callback_offer.get(call.language, ())
    return [Say(call=call.id, clips=clips)] if clips else []


def _look_at_alarm(floor: Floor, call: Call, now: datetime) -> None:
    if call.alarm or call.answer_by is None or call.answer_within is None or not call.waits:
        return
    if now >= call.answer_by - timedelta(seconds=call.answer_within * (1 - _ALARM_SHARE)):
        call.alarm = True
        floor.touch(call)
