"""The clock of the machine is set by an hour while calls wait and go on: nobody's time gets longer, shorter or
negative by it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.clocks import Clock
from tests.switching import Room, exchange, over, until
from tests.world import World

from trustdesk.conversations import api as conversations
from trustdesk.conversations.models import Interaction
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock as daytime
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.periods import Period
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallState, Presence
from trustdesk.switchboard.models import Call, Spell, Wait

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)
BRIEF = timedelta(minutes=2)  # more than any of it takes on a busy machine, and far less than an hour


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.fixture(params=[1, -1], ids=["forward", "back"])
def by(request: pytest.FixtureRequest) -> timedelta:
    return HOUR * int(request.param)


@pytest.fixture
def room(committed: World, clock: Clock, by: timedelta) -> Iterator[Room]:
    """Where the clock is to be set back it is an hour fast before: earlier than their seats nobody may do anything."""
    ahead = max(-by, timedelta())
    clock.set(int(ahead.total_seconds()))
    with exchange(committed, environment=clock.environment, wrap_up_seconds=1) as made:
        made.edge.ahead = ahead
        yield made


def set_by(room: Room, clock: Clock, by: timedelta, call: int) -> None:
    """And the floor goes by it: it has dated its calls anew."""
    before = api.call(room.house(), call).began_at
    room.edge.ahead += by
    clock.set(int(room.edge.ahead.total_seconds()))
    until(lambda: abs(api.call(room.house(), call).began_at - before - by) < timedelta(seconds=5))


def test_waits_calls_and_wrap_up_are_as_long_as_they_are(room: Room, clock: Clock, by: timedelta) -> None:
    context = room.ready(room.agent())
    spoken = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    api.accept(context, call_id=spoken)
    room.edge.speaks(spoken, context.operator_id)
    until(lambda: api.call(context, spoken).state is CallState.TALKING)
    waiting = room.edge.waits(room.line, room.code, "+36302223344")
    until(lambda: api.call(context, waiting).state is CallState.WAITING)
    set_by(room, clock, by, waiting)
    assert api.call(context, waiting).state is CallState.WAITING
    room.edge.ends(spoken)
    assert over(context, spoken).result == "answered"
    written_down(context)
    offered = until(lambda: api.my_call(context), seconds=30)  # the wrap-up is over: it rings again
    assert offered.call_id == waiting
    api.accept(context, call_id=waiting)
    room.edge.speaks(waiting, context.operator_id)
    room.edge.ends(waiting)
    assert over(context, waiting).result == "answered"
    written_down(context)
    until(lambda: (api.my_presence(context) or offered).state is Presence.READY, seconds=30)
    api.set_presence(context, state=Presence.OFFLINE)
    check(room, by)


def written_down(context: AccessContext) -> None:
    """What came of the call: before that nothing rings again."""
    (one,) = until(lambda: conversations.pending_wrap_up(context, context.operator_id))
    conversations.dispose(context, interaction_id=one.interaction_id, disposition="done", now=daytime.now())


def check(room: Room, by: timedelta) -> None:
    house = room.house()
    own = {"controller_id": room.company.id}
    with scoped(house.scope):
        calls = list(Call.objects.filter(**own, line=room.line))
        spells = list(Spell.objects.filter(**own, operator_id=room.agents["anna"].id))
        waits = list(Wait.objects.filter(**own, call_id__in=[call.id for call in calls]))
        begun = list(Interaction.objects.filter(**own, line=room.line))
    assert (len(calls), len(waits), len(begun)) == (2, 2, 2)
    assert {spell.state for spell in spells} >= {"ready", "ringing", "talking", "wrap-up"}
    periods: list[tuple[datetime | None, datetime | None]] = [(spell.starts_at, spell.ends_at) for spell in spells]
    periods += [(wait.queued_at, wait.left_at) for wait in waits]
    periods += [(one.started_at, one.ended_at) for one in begun] + [(one.answered_at, one.ended_at) for one in begun]
    periods += [(call.began_at, call.ended_at) for call in calls] + [
        (call.answered_at, call.ended_at) for call in calls
    ]
    for start, end in periods:
        assert start is not None
        assert end is not None
        assert timedelta() <= end - start < BRIEF, (start, end)
    check_figures(room, daytime.now(), by)


def check_figures(room: Room, now: datetime, by: timedelta) -> None:
    seer = room.context(room.agent("seer", skill=0, role="supervisor"))
    counted = api.statistics(seer, Period(now - abs(by) - HOUR, now + abs(by) + HOUR))
    (queue,) = [one for one in counted.queues if one.queue == room.code]
    assert (queue.offered, queue.answered) == (2, 2)
    assert queue.longest_wait is not None
    assert timedelta() <= queue.longest_wait < BRIEF
    (agent,) = [one for one in counted.agents if one.operator_id == room.agents["anna"].id]
    assert all(timedelta() <= spent < BRIEF for spent in agent.spent.values()), agent.spent


def test_who_does_not_answer_is_asked_no_longer_and_no_shorter(room: Room, clock: Clock, by: timedelta) -> None:
    """Forward it would be over at once, and back it would ring for an hour."""
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    set_by(room, clock, by, call)
    assert until(lambda: api.my_call(context)).call_id == call
    until(lambda: (found := api.my_presence(context)) and found.state is Presence.PAUSED, seconds=60)
    assert api.call(context, call).state is CallState.WAITING
    room.edge.ends(call)
    over(context, call)
