"""What a supervisor sees: calls, queues, agents, alarms, figures; and may listen in only where everything allows it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.surfaces import neighbor, seated
from tests.switching import Room, exchange, until
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.periods import Period
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallState, Ended, Presence
from trustdesk.switchboard.models import Spell, Wait
from trustdesk.telephony import api as telephony

pytestmark = pytest.mark.slow


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed) as made:
        yield made


def test_the_page_shows_queues_calls_and_agents_and_the_closed_door(room: Room) -> None:
    boss = room.agent("boss", skill=0, role="supervisor")
    agent = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(agent))
    browser = seated(boss, room.company)
    page = browser.get(reverse("desk:calls")).content.decode()
    assert telephony.queue(room.house(), room.code).name_in("en") in page
    assert "Nobody speaks in this call." in page
    assert f"{room.line}" not in page
    answer = browser.post(reverse("desk:overhear", args=[call]), {"on": "yes", "reason": "training"}, follow=True)
    assert "Your browser" in answer.content.decode()  # nothing to hear with
    assert seated(room.agents["anna"], room.company).get(reverse("desk:calls")).status_code == 403


def test_listening_in_is_allowed_by_rule_and_notice_with_a_reason_and_logged(room: Room) -> None:
    boss = room.attached(room.agent("boss", skill=0, role="supervisor"))
    agent = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(agent))
    api.accept(agent, call_id=call)
    with pytest.raises(RefusedError):
        api.overhear(boss, call_id=call, on=True, reason="training")  # nobody speaks yet
    room.edge.speaks(call, agent.operator_id)
    until(lambda: api.call(boss, call).state is CallState.TALKING)
    with pytest.raises(BadInputError):
        api.overhear(boss, call_id=call, on=True, reason=" ")
    with pytest.raises(RefusedError):
        api.overhear(agent, call_id=call, on=True, reason="training")
    with scoped(boss.scope):
        allowed = api.may_overhear(boss, call)
    assert allowed.allowed, allowed
    api.overhear(boss, call_id=call, on=True, reason="training")
    api.overhear(boss, call_id=call, on=False)
    browser, where = seated(room.agents["boss"], room.company), reverse("desk:overhear", args=[call])
    page = browser.post(where, {"on": "yes", "reason": "training"}, follow=True).content.decode()
    assert "You listen in; nobody hears you." in page
    assert "Listen no more" in page
    assert "Listen no more" not in browser.post(where, {"on": "no"}, follow=True).content.decode()


def test_figures_mean_what_they_say(room: Room) -> None:
    boss = room.context(room.agent("boss", skill=0, role="supervisor"))
    noon = clock.now() - timedelta(days=400)
    waits = [
        (5, Ended.ANSWERED),
        (15, Ended.ANSWERED),
        (40, Ended.ANSWERED),
        (60, Ended.ABANDONED),
        (9, Ended.OVERFLOW),
    ]
    spells = [(Presence.READY, 60), (Presence.RINGING, 10), (Presence.TALKING, 120), (Presence.WRAP_UP, 50)]
    with scoped(room.house().scope):
        for seconds, ended in waits:
            Wait.objects.create(
                controller_id=room.company.id,
                id=new_id(),
                call_id=new_id(),
                queue=room.code,
                queued_at=noon,
                left_at=noon + timedelta(seconds=seconds),
                ended=ended,
            )
        at = noon
        for state, seconds in [*spells, (Presence.PAUSED, 600)]:
            end = at + timedelta(seconds=seconds)
            in_call = state in {Presence.TALKING, Presence.WRAP_UP}
            Spell.objects.create(
                controller_id=room.company.id,
                id=new_id(),
                operator_id=boss.operator_id,
                state=state,
                call_id=7 if in_call else None,
                queue=room.code if in_call else "",
                starts_at=at,
                ends_at=end,
            )
            at = end
    counted = api.statistics(boss, Period(noon - timedelta(hours=1), noon + timedelta(hours=1)))
    (queue,) = counted.queues
    assert (queue.offered, queue.answered, queue.answered_in_time, queue.abandoned, queue.passed_on) == (5, 3, 2, 1, 1)
    assert queue.service_level == 2 / 4
    assert queue.average_speed == timedelta(seconds=20)
    assert queue.average_handling == timedelta(seconds=170)
    assert queue.abandonment == 1 / 4
    assert queue.longest_wait == timedelta(seconds=60)
    assert counted.occupancy == 180 / 240
    assert counted.agents[0].spent[Presence.PAUSED] == timedelta(seconds=600)
    next_door = room.world.context(room.world.supervisor_north, room.world.north)
    assert api.statistics(next_door, Period(noon - timedelta(hours=1), noon + timedelta(hours=1))).queues == []
    with pytest.raises(BadInputError):
        api.statistics(boss, Period(noon))
    page = seated(room.agents["boss"], room.company).get(reverse("desk:figures"), {"period": "month"})
    assert "Service level" in page.content.decode()


def test_who_may_not_supervise_sees_nothing(room: Room) -> None:
    agent = room.context(room.agent())
    now = clock.now()
    for look in (
        lambda: api.calls_now(agent),
        lambda: api.may_overhear(agent, 1),
        lambda: api.statistics(agent, Period(now - timedelta(hours=1), now)),
    ):
        with pytest.raises(RefusedError):
            look()
    assert neighbor(room.world).id
