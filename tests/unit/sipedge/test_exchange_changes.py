"""Calls that change hands, on twins: transfers, three who speak, calls out, whoever vanishes."""

import asyncio

import pytest
from tests.unit.sipedge.edge_scenes import AGENT, DESK_PHONE, OTHER, run, said, talking
from tests.unit.sipedge.edge_twins import NOTICE, WAIT, House

from trustdesk.sipedge.media.contracts import Event
from trustdesk.sipedge.webrtc.contracts import BrowserEvent
from trustdesk.sipedge.words.asks import Done, Refusal
from trustdesk.sipedge.words.commands import Connect, Consult, Deed, Dial, Overhear, Requeue, Say
from trustdesk.sipedge.words.plan import Mode, Plan, Terms, Wait
from trustdesk.sipedge.words.told import Happened


def test_a_killed_browser_leaves_the_caller_to_somebody_else() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        house.browsers.queue.put_nowait(BrowserEvent("a1", "gone"))
        await house.settle()
        assert house.link.last(Happened.LEFT).reason == "lost"
        assert house.edge.calls[1].place == "alone"
        await house.attach("a2", 12)
        assert await said(house, Connect(call=1, agent=OTHER)) == Done()
        assert house.media.stored_now() == {"1.1", "1.3"}

    run(scene)


def test_attended_transfer() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await house.attach("a2", 12)
        await said(house, Consult(call=1, agent=OTHER))
        assert house.media.together("1.2") == {"1.2", "1.3"}
        assert house.media.stored_now() == set()
        await said(house, Deed(call=1, verb="complete"))
        assert house.media.together("1.1") == {"1.1", "1.3"}
        assert house.media.stored_now() == {"1.1", "1.3"}
        assert house.edge.attachments["a1"].call == 0

    run(scene)


def test_three_speak_and_whoever_has_heard_nothing_is_not_stored() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await said(house, Consult(call=1, trunk=1, number="+3620000000"))
        await said(house, Deed(call=1, verb="conference"))
        assert house.media.together("1.1") == {"1.1", "1.2", "1.3"}
        assert house.media.stored_now() == {"1.1", "1.2"}

    run(scene)


def test_a_third_who_has_not_agreed_stops_it_and_it_is_told_when_it_goes_on() -> None:
    """The mark on the agent's screen is made of what is told."""

    async def scene(house: House) -> None:
        await talking(house, Mode.CONSENT, "1")
        began = house.link.happened().count(Happened.RECORDING)
        await said(house, Consult(call=1, trunk=1, number="+3620000000"))
        await said(house, Deed(call=1, verb="conference"))
        assert house.media.stored_now() == set()
        assert house.link.last(Happened.NOT_RECORDED).reason == "notice-not-heard"
        await said(house, Deed(call=1, verb="leave", leg="1.3"))
        assert house.media.stored_now() == {"1.1", "1.2"}
        assert house.link.happened().count(Happened.RECORDING) == began + 2

    run(scene)


@pytest.mark.parametrize("verb", ["complete", "conference", "back"])
def test_after_a_consultation_nobody_is_on_hold(verb: str) -> None:
    """The mark `on hold: nothing is recorded` must go when it is recorded again."""

    async def scene(house: House) -> None:
        await talking(house)
        await house.attach("a2", 12)
        await said(house, Consult(call=1, agent=OTHER))
        assert house.link.last(Happened.HELD)
        await said(house, Deed(call=1, verb=verb))  # type: ignore[arg-type]  # one of the verbs
        assert house.media.stored_now()
        stood = [one for one in house.link.happened() if one in {Happened.HELD, Happened.RESUMED}]
        assert stood == [Happened.HELD, Happened.RESUMED]

    run(scene)


def test_each_of_two_agents_mutes_and_leaves_by_itself() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await house.attach("a2", 12)
        await said(house, Consult(call=1, agent=OTHER))
        await said(house, Deed(call=1, verb="conference"))
        assert house.media.together("1.1") == {"1.1", "1.2", "1.3"}
        await said(house, Deed(call=1, verb="leave", operator=OTHER.operator))
        assert house.media.together("1.1") == {"1.1", "1.2"}
        assert await said(house, Deed(call=1, verb="mute", operator=OTHER.operator)) == Refusal(reason="no-such-leg")

    run(scene)


def test_back_from_a_consultation() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await said(house, Consult(call=1, trunk=1, number="+3620000000"))
        await said(house, Deed(call=1, verb="back"))
        assert house.signalling.dialled[0].over
        assert house.media.together("1.1") == {"1.1", "1.2"}
        assert house.media.stored_now() == {"1.1", "1.2"}

    run(scene)


def test_a_blind_transfer_that_nobody_takes_leaves_the_caller_to_the_switchboard() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        house.signalling.answers = False
        await said(house, Consult(call=1, trunk=1, number="+3620000000", ring_seconds=1))
        await said(house, Deed(call=1, verb="complete"))
        assert house.edge.attachments["a1"].call == 0
        await asyncio.sleep(1.1)
        await house.settle()
        assert house.edge.calls[1].place == "alone"
        assert not house.edge.calls[1].ended

    run(scene)


def test_back_to_a_queue() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await said(house, Requeue(call=1, steps=(Wait(queue="claims", music=("/music",)),)))
        assert house.link.last(Happened.QUEUED).queue == "claims"
        assert house.link.last(Happened.LEFT).reason == "transferred"
        assert house.media.stored_now() == set()

    run(scene)


def test_what_is_said_in_between_does_not_end_the_music() -> None:
    async def scene(house: House) -> None:
        await house.call_in(NOTICE, WAIT)
        await said(house, Say(call=1, clips=("/third",)))
        assert house.media.heard["1.1"][-2:] == ["/third", "/music"]

    run(scene)


@pytest.mark.parametrize("mode", [Mode.NOTICE, Mode.OFF])
def test_a_call_out_tells_before_it_records(mode: Mode) -> None:
    async def scene(house: House) -> None:
        await house.attach()
        steps = (NOTICE,) if mode is Mode.NOTICE else ()
        plan = Plan(call=1, controller=1, language="en", steps=steps, terms=Terms(mode=mode))
        command = Dial(plan=plan, agent=AGENT, trunk=1, number="+3620000000", caller="+3611234567", name="Company")
        assert await said(house, command) == Done()
        assert house.media.heard["1.1"][0] == "/ringback"
        assert house.media.together("1.1") == {"1.1", "1.2"}
        assert house.media.stored_now() == ({"1.1", "1.2"} if mode is Mode.NOTICE else set())

    run(scene)


def test_a_call_out_that_nobody_takes_frees_the_agent() -> None:
    async def scene(house: House) -> None:
        await house.attach()
        house.signalling.answers = False
        plan = Plan(call=1, controller=1, language="en", steps=(NOTICE,), terms=Terms(mode=Mode.NOTICE))
        await said(
            house,
            Dial(plan=plan, agent=AGENT, trunk=1, number="+3620000000", caller="", name="", ring_seconds=0),
        )
        assert house.link.last(Happened.ENDED).reason == "not-answered"
        assert house.edge.attachments["a1"].call == 0

    run(scene)


def test_a_call_out_that_is_given_up_rings_at_nobody_any_more() -> None:
    async def scene(house: House) -> None:
        await house.attach()
        house.signalling.answers = False
        plan = Plan(call=1, controller=1, language="en", steps=(NOTICE,), terms=Terms(mode=Mode.NOTICE))
        command = Dial(plan=plan, agent=AGENT, trunk=1, number="+3620000000", caller="", name="", ring_seconds=60)
        assert await said(house, command) == Done()
        assert await said(house, Deed(call=1, verb="hang-up")) == Done()
        assert house.link.last(Happened.ENDED).reason == "hung-up"
        assert house.edge.attachments["a1"].call == 0
        assert not house.edge.calls
        assert house.media.stored_now() == set()

    run(scene)


def test_an_agent_is_in_one_call_only() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await house.call_in(NOTICE, WAIT, number=2)
        assert await said(house, Connect(call=2, agent=AGENT)) == Refusal(reason="busy")

    run(scene)


def test_a_supervisor_hears_and_is_heard_by_nobody() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        await house.attach("boss", 20)
        await said(house, Overhear(call=1, attachment="boss", on=True))
        assert house.media.together("1.1") == {"1.1", "1.2"}
        assert len(house.media.listeners) == 1
        await said(house, Overhear(call=1, attachment="boss", on=False))
        assert house.edge.attachments["boss"].call == 0

    run(scene)


def test_when_the_caller_hangs_up_everything_is_closed() -> None:
    async def scene(house: House) -> None:
        sip = await talking(house)
        assert sip.events is not None
        await sip.events.ended(200, "")
        await house.settle()
        assert house.link.happened()[-1] is Happened.ENDED
        assert house.link.happened().count(Happened.RECORDED) == 2
        assert house.media.legs == {"idle.a1"}
        assert house.edge.calls == {}

    run(scene)


def test_a_dead_media_process_ends_its_calls() -> None:
    async def scene(house: House) -> None:
        sip = await talking(house)
        for leg in list(house.media.legs):
            house.media.tell(Event.DIED, leg)
        await house.settle()
        assert sip.over
        assert house.edge.calls == {}

    run(scene)


def test_a_command_for_a_call_that_is_over_is_refused() -> None:
    async def scene(house: House) -> None:
        assert await said(house, Deed(call=9, verb="hold")) == Refusal(reason="call-over")

    run(scene)


def test_keys_of_an_agents_phone_reach_whoever_is_outside_and_nobody_elses_do() -> None:
    async def scene(house: House) -> None:
        await house.call_in(NOTICE, WAIT)
        await said(house, Connect(call=1, agent=DESK_PHONE))
        house.press("5", "1.2")
        house.press("7", "1.1")
        await house.settle()
        assert house.media.sent == [("1.1", "5")]

    run(scene)
