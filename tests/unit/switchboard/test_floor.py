"""The floor, one thing at a time: what is said to who waits, where they go, and what a call came to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trustdesk.sipedge.contracts import (
    CallNow,
    Connect,
    Deed,
    Farewell,
    Happened,
    Registered,
    Requeue,
    Say,
    Snapshot,
    Told,
    Wait,
    Withdraw,
)
from trustdesk.switchboard.contracts import NOT_DIALLED, CallState, Direction, Ended, Pause, Presence
from trustdesk.switchboard.running.acts import CallbackAsked, InteractionOver, RecordingClosed, WaitOver
from trustdesk.switchboard.running.facts import QueueFacts
from trustdesk.switchboard.running.floor import Floor
from trustdesk.switchboard.running.hearing import hear
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.running.rebuilding import compare
from trustdesk.switchboard.running.ticking import tick, wrapped_up

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
QUIET = ()


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def speak(language: str, place: int, minutes: int | None) -> tuple[str, ...]:
    return (f"{language} {place} {minutes}",)


def floor_with(**more: Any) -> Floor:  # noqa: ANN401 - fields of the queue
    floor = Floor()
    main = QueueFacts(
        code="main",
        skills={1: 50, 2: 40},
        closed={"hu": ("closed.al",)},
        callback_offer={"hu": ("offer.al",)},
        called_back={"hu": ("soon.al",)},
        **more,
    )
    floor.queues = {(1, "main"): main, (1, "other"): QueueFacts(code="other", skills={2: 50})}
    floor.reached(Registered(phones=("p2",), attachments=("b1",), trunks=()), NOW)
    return floor


def seat(floor: Floor, operator: int, state: Presence = Presence.READY) -> Agent:
    attachment, phone = ("b1", "") if operator == 1 else ("", "p2")
    agent = floor.sit_down(
        Agent(
            operator=operator, controller=1, mandate=1, purpose="service", since=NOW, attachment=attachment, phone=phone
        ),
        NOW,
    )
    floor.become(agent, state, NOW, reason=Pause.LUNCH if state is Presence.PAUSED else "")
    return agent


def begin(floor: Floor, number: int = 7, direction: Direction = Direction.IN, **more: Any) -> Call:  # noqa: ANN401 - fields of the call
    call = Call(
        id=number, controller=1, direction=direction, line="+3611", language="hu", began_at=NOW, interaction=70, **more
    )
    floor.begin(call)
    return call


def tell(floor: Floor, happened: Happened, at: datetime = NOW, **words: Any) -> list[object]:  # noqa: ANN401
    return list(hear(floor, Told(happened=happened, call=7, at=at, **words)))


def test_place_and_wait_are_said_after_a_while_and_every_minute() -> None:
    floor = floor_with()
    begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    assert tick(floor, later(19), speak) == []
    assert tick(floor, later(20), speak) == [Say(call=7, clips=("hu 1 None",))]
    seat(floor, 1, Presence.TALKING)
    assert tick(floor, later(79), speak) == []
    assert tick(floor, later(80), speak) == [Say(call=7, clips=("hu 1 4",))]


def test_who_waits_too_long_goes_on_and_keeps_the_place_in_time() -> None:
    floor = floor_with(overflow="queue", overflow_queue="other", overflow_after_seconds=60)
    call = begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    (moved,) = tick(floor, later(60), lambda *_words: QUIET)
    assert isinstance(moved, Requeue)
    assert isinstance(moved.steps[0], Wait)
    assert moved.steps[0].queue == "other"
    tell(floor, Happened.QUEUED, later(61), queue="other")
    assert [act.ended for act in floor.acts if isinstance(act, WaitOver)] == [Ended.OVERFLOW]
    assert (call.queue, call.waiting_since, call.queued_at) == ("other", NOW, later(61))


def test_the_wait_is_estimated_by_how_long_calls_take_there() -> None:
    floor = floor_with()
    agent = seat(floor, 1)
    for number in range(101, 106):
        call = Call(id=number, controller=1, direction=Direction.IN, line="", language="hu", began_at=NOW, queue="main")
        floor.become(agent, Presence.TALKING, NOW, call=call)
        floor.become(agent, Presence.WRAP_UP, later(600), call=call)
        floor.become(agent, Presence.READY, later(660))
        begun = floor.measured.mean(1, "main")
        assert begun == (timedelta(minutes=11) if number == 105 else None)
    assert floor.measured.mean(1, "other") is None
    for number in range(200, 250):
        floor.measured.add(1, "main", number, timedelta(minutes=2))
    assert floor.measured.mean(1, "main") == timedelta(minutes=2)  # of the last fifty only
    floor.become(agent, Presence.TALKING, later(660))
    begin(floor)
    tell(floor, Happened.QUEUED, later(660), queue="main")
    assert tick(floor, later(680), speak) == [Say(call=7, clips=("hu 1 2",))]


def test_who_has_waited_too_long_may_be_called_back() -> None:
    floor = floor_with(overflow="callback", overflow_after_seconds=60, callback_key="5")
    call = begin(floor)
    assert floor.queue(1, "main").wait("hu").callback_key == "5"
    tell(floor, Happened.QUEUED, queue="main")
    assert tell(floor, Happened.CALLBACK_ASKED, later(30)) == []  # a key that nobody spoke of
    assert tick(floor, later(60), lambda *_words: QUIET) == [Say(call=7, clips=("offer.al",))]
    assert tick(floor, later(61), speak) == []
    seat(floor, 1, Presence.PAUSED)
    assert tick(floor, later(120), speak) == [Say(call=7, clips=("hu 1 None", "offer.al"))]
    (goes,) = tell(floor, Happened.CALLBACK_ASKED, later(125))
    assert isinstance(goes, Requeue)
    assert goes.steps == (Farewell(clips=("soon.al",)),)
    assert [act.queue for act in floor.acts if isinstance(act, CallbackAsked)] == ["main"]
    assert call.callback is not None


@pytest.mark.parametrize(("more", "seconds"), [({"longest_wait_seconds": 300}, 300), ({"overflow": "closed"}, 300)])
def test_nobody_waits_for_ever(more: dict[str, object], seconds: int) -> None:
    floor = floor_with(**more)
    begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    (last,) = tick(floor, later(seconds), lambda *_words: QUIET)
    assert isinstance(last, Requeue)
    assert last.steps == (Farewell(clips=("closed.al",)),)


def test_the_alarm_comes_before_the_time_of_the_law_is_over() -> None:
    floor = floor_with()
    call = begin(floor, answer_within=300)
    tell(floor, Happened.QUEUED, queue="main")
    tick(floor, later(239), lambda *_words: QUIET)
    assert not call.alarm
    tick(floor, later(240), lambda *_words: QUIET)
    assert call.alarm
    assert call.answer_by == later(300)
    tell(floor, Happened.JOINED, later(250), operator=1, role="agent")
    assert not call.alarm


def test_a_phone_is_rung_and_taken_off_when_the_caller_leaves() -> None:
    floor = floor_with()
    agent = seat(floor, 2)
    begin(floor)
    (rung,) = tell(floor, Happened.QUEUED, queue="main")
    assert isinstance(rung, Connect)
    assert (rung.agent.phone, rung.agent.attachment) == ("p2", "")
    tell(floor, Happened.ENDED, later(5), reason="hung-up")
    assert agent.state is Presence.READY


def test_a_browser_that_does_not_accept_is_paused_after_the_ringing() -> None:
    floor = floor_with()
    agent = seat(floor, 1)
    call = begin(floor)
    assert tell(floor, Happened.QUEUED, queue="main") == []
    assert tick(floor, later(19), lambda *_words: QUIET) == []
    tick(floor, later(20), lambda *_words: QUIET)
    assert (agent.state, agent.reason) == (Presence.PAUSED, Pause.NOT_ANSWERED)
    assert call.state is CallState.WAITING


def test_another_queue_takes_the_ringing_away() -> None:
    floor = floor_with()
    agent = seat(floor, 2)
    begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    commands = tell(floor, Happened.QUEUED, later(3), queue="other")
    assert isinstance(commands[0], Withdraw)
    assert isinstance(commands[1], Connect)
    assert agent.call == 7


def test_a_callback_is_asked_for_where_it_is_offered_only() -> None:
    floor = floor_with()
    begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    assert tell(floor, Happened.CALLBACK_ASKED) == []
    floor = floor_with(callback_offered=True)
    call = begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    (farewell,) = tell(floor, Happened.CALLBACK_ASKED)
    assert isinstance(farewell, Requeue)
    assert tell(floor, Happened.CALLBACK_ASKED) == []
    assert [act.call for act in floor.acts if isinstance(act, CallbackAsked)] == [7]
    tell(floor, Happened.ENDED, later(9), reason="farewell")
    assert call.result == "callback"


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (486, "busy"),
        (408, "no-answer"),
        (480, "no-answer"),
        (603, "refused"),
        (500, "failed"),
        (200, "abandoned"),
    ],
)
def test_what_the_network_said_is_the_result_of_a_call_out(status: int, result: str) -> None:
    floor = floor_with()
    agent = seat(floor, 1, Presence.PAUSED)
    call = begin(floor, direction=Direction.OUT, state=CallState.RINGING)
    call.offered = 1
    floor.reserve(agent, call, NOW)
    tell(floor, Happened.NOT_ANSWERED, role="customer", status=status)
    tell(floor, Happened.ENDED, later(9), reason="not-answered", status=0)
    assert call.result == result
    assert [act.result for act in floor.acts if isinstance(act, InteractionOver)] == [result]
    assert agent.state is Presence.PAUSED  # a call out does not end a pause


def test_a_call_out_for_which_the_agent_does_not_come_rang_at_nobody() -> None:
    floor = floor_with()
    agent = seat(floor, 2)
    call = begin(floor, direction=Direction.OUT, state=CallState.RINGING)
    call.offered, call.offered_at = 2, NOW
    floor.reserve(agent, call, NOW)
    tell(floor, Happened.NOT_ANSWERED, operator=2, role="agent", status=480)
    tell(floor, Happened.ENDED, later(20), reason="not-answered", status=0)
    assert call.result == NOT_DIALLED
    assert stand(agent) == (Presence.PAUSED, Pause.NOT_ANSWERED)


def test_while_the_gate_is_asked_the_agent_is_offered_nothing_else() -> None:
    floor = floor_with()
    agent = seat(floor, 1)
    agent.dialling = True
    call = begin(floor, queue="main")
    tell(floor, Happened.QUEUED, queue="main")
    assert call.offered is None
    agent.dialling = False
    floor.distribute(later(1))
    assert call.offered == 1


def test_a_call_out_is_given_to_nobody_else() -> None:
    floor = floor_with()
    agent = seat(floor, 1)
    call = begin(floor, direction=Direction.OUT, state=CallState.RINGING, queue="main")
    call.offered, call.offered_at = 1, NOW
    floor.reserve(agent, call, NOW)
    seat(floor, 2)
    tick(floor, later(600), lambda *_words: QUIET)
    word = Snapshot(
        calls=(CallNow(call=7, controller=1, since=NOW, place="ringing"),),
        reachable=Registered(phones=("p2",), attachments=("b1",), trunks=()),
    )
    assert compare(floor, word, later(601)) == []
    assert (call.state, call.offered) == (CallState.RINGING, 1)


def test_when_the_agent_hangs_up_the_call_is_over_and_when_it_is_lost_the_caller_waits_again() -> None:
    for reason, kind in (("hung-up", Deed), ("lost", Requeue)):
        floor = floor_with()
        seat(floor, 1)
        begin(floor)
        tell(floor, Happened.QUEUED, queue="main")
        tell(floor, Happened.JOINED, later(2), operator=1, role="agent")
        (command,) = tell(floor, Happened.LEFT, later(9), operator=1, role="agent", reason=reason)
        assert isinstance(command, kind)


def test_a_colleague_who_is_asked_and_does_not_come_leaves_all_as_it_was() -> None:
    floor = floor_with()
    seat(floor, 1)
    call = begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    tell(floor, Happened.JOINED, later(2), operator=1, role="agent")
    other = seat(floor, 2)
    call.consulted = 2
    floor.reserve(other, call, later(3))
    tell(floor, Happened.NOT_ANSWERED, later(9), operator=2, role="agent", reason="not-answered")
    assert stand(other) == (Presence.PAUSED, Pause.NOT_ANSWERED)
    assert consulted(call) is None
    assert call.operators == [1]


@pytest.mark.parametrize(("happened", "reason"), [(Happened.LEFT, "sent-back"), (Happened.NOT_ANSWERED, "withdrawn")])
def test_a_colleague_who_is_sent_back_is_free_again(happened: Happened, reason: str) -> None:
    floor = floor_with()
    seat(floor, 1)
    call = begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    tell(floor, Happened.JOINED, later(2), operator=1, role="agent")
    other = seat(floor, 2)
    call.consulted = 2
    floor.reserve(other, call, later(3))
    assert tell(floor, happened, later(9), operator=2, role="agent", reason=reason) == []
    assert stand(other) == (Presence.READY, "")
    assert call.operators == [1]


def consulted(call: Call) -> int | None:
    return call.consulted


def stand(agent: Agent) -> tuple[Presence, str]:
    return agent.state, agent.reason


def test_time_to_write_down_ends_by_the_queues_clock() -> None:
    floor = floor_with(wrap_up_seconds=45)
    agent = seat(floor, 1)
    begin(floor)
    tell(floor, Happened.QUEUED, queue="main")
    tell(floor, Happened.JOINED, later(2), operator=1, role="agent")
    tell(floor, Happened.ENDED, later(60), reason="hung-up")
    assert (agent.state, agent.wrap_up_until) == (Presence.WRAP_UP, later(105))
    assert wrapped_up(floor, later(104)) == []
    assert wrapped_up(floor, later(105)) == [1]


def test_a_recording_that_is_told_after_the_end_still_finds_its_company() -> None:
    floor = floor_with()
    begin(floor)
    tell(floor, Happened.ENDED, later(1), reason="hung-up")
    tell(floor, Happened.RECORDED, later(2), recording=5, chunks=1, head="aa", milliseconds=10)
    assert [act.controller for act in floor.acts if isinstance(act, RecordingClosed)] == [1]


def test_nothing_is_offered_while_the_edge_is_away() -> None:
    floor = floor_with()
    seat(floor, 1)
    call = begin(floor)
    floor.connected = False
    tell(floor, Happened.QUEUED, queue="main")
    assert call.offered is None
    floor.connected = True
    floor.distribute(later(1))
    assert call.offered == 1
