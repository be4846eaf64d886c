"""Calls as the exchange handles them, on twins: the plan, what is stored and what is told."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.sipedge.edge_scenes import AGENT, DESK_PHONE, run, said, talking
from tests.unit.sipedge.edge_twins import NOTICE, REFERENCE, WAIT, House, TwinSip

from trustdesk.sipedge.exchange.parties import Heard
from trustdesk.sipedge.media.contracts import Far, Law, Place
from trustdesk.sipedge.sip.contracts import Invitation, Offer, Peer, Side
from trustdesk.sipedge.words.asks import Done, Found, Refusal
from trustdesk.sipedge.words.commands import Attach, Connect, Deed, Requeue
from trustdesk.sipedge.words.plan import Farewell, Menu, Mode
from trustdesk.sipedge.words.told import Happened


def test_a_call_is_told_before_it_waits() -> None:
    async def scene(house: House) -> None:
        await house.call_in(NOTICE, REFERENCE, WAIT)
        await asyncio.sleep(2.1)  # time to ask for the reference again
        heard = house.media.heard["1.1"]
        assert heard == ["/notice", "/reference", "/music"]
        assert house.link.happened() == [
            Happened.ANSWERED,
            Happened.NOTICE_HEARD,
            Happened.REFERENCE_SAID,
            Happened.QUEUED,
        ]
        assert house.media.begun == []

    run(scene)


def test_both_are_stored_as_soon_as_they_speak() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        assert house.media.together("1.1") == {"1.1", "1.2"}
        assert house.media.stored_now() == {"1.1", "1.2"}
        assert [(ask.role, ask.heard) for ask in house.link.key_asks()] == [("customer", 7), ("agent", 7)]

    run(scene)


def test_an_agent_who_has_not_heard_the_notice_is_not_stored() -> None:
    async def scene(house: House) -> None:
        await house.attach(notice=False)
        await house.call_in(NOTICE, WAIT)
        await said(house, Connect(call=1, agent=AGENT))
        assert house.media.stored_now() == {"1.1"}

    run(scene)


def test_a_notice_that_did_not_end_was_not_heard() -> None:
    async def scene(house: House) -> None:
        house.media.slow.add("/notice")
        await house.attach(notice=False)
        await house.call_in(NOTICE, WAIT)
        await said(house, Requeue(call=1, steps=(WAIT,)))
        await said(house, Connect(call=1, agent=AGENT))
        assert house.media.joined
        assert house.media.begun == []
        assert house.link.last(Happened.NOT_RECORDED).reason == "notice-not-heard"

    run(scene)


@pytest.mark.parametrize("keys", ["2", ""])
def test_who_does_not_agree_is_not_stored_nor_is_anybody(keys: str) -> None:
    async def scene(house: House) -> None:
        await talking(house, Mode.CONSENT, keys)
        assert house.media.begun == []
        assert house.link.last(Happened.NOT_RECORDED).reason == "no-consent"

    run(scene)


def test_who_agrees_is_stored() -> None:
    async def scene(house: House) -> None:
        await talking(house, Mode.CONSENT, "1")
        assert house.media.stored_now() == {"1.1", "1.2"}
        assert house.link.key_asks()[0].consent_key == "1"

    run(scene)


def test_where_all_must_agree_the_agent_must_too() -> None:
    async def scene(house: House) -> None:
        await talking(house, Mode.ALL_PARTY, "1")
        assert house.media.begun == []
        assert house.link.last(Happened.NOT_RECORDED).reason == "agent-has-not-agreed"

    run(scene)


def test_hold_and_pause_store_nothing() -> None:
    async def scene(house: House) -> None:
        await talking(house)
        for begin, end in (("hold", "resume"), ("pause", "unpause")):
            await said(house, Deed(call=1, verb=begin))  # type: ignore[arg-type]
            assert house.media.stored_now() == set()
            await said(house, Deed(call=1, verb=end))  # type: ignore[arg-type]
            assert house.media.stored_now() == {"1.1", "1.2"}
        assert house.media.heard["1.1"][-2:] == ["/music", "/beep"]
        assert house.media.heard["1.2"][-1] == "/beep"
        assert len(house.media.begun) == 2

    run(scene)


def test_a_phone_that_holds_us_stores_nothing() -> None:
    async def scene(house: House) -> None:
        sip = await talking(house)
        assert sip.events is not None
        far = Far(place=Place("127.0.0.2", 4000), law=Law.A, sends=False)
        await sip.events.changed(Offer(far=far))
        assert house.media.stored_now() == set()
        await sip.events.changed(Offer(far=Far(place=far.place, law=Law.A)))
        assert house.media.stored_now() == {"1.1", "1.2"}

    run(scene)


def test_an_agents_phone_hears_the_notice_when_it_is_picked_up() -> None:
    async def scene(house: House) -> None:
        await house.call_in(NOTICE, WAIT)
        await said(house, Connect(call=1, agent=DESK_PHONE))
        assert house.media.heard["1.2"] == ["/notice"]
        assert house.media.stored_now() == {"1.1", "1.2"}

    run(scene)


def test_a_phone_that_is_not_picked_up_leaves_the_caller_waiting() -> None:
    async def scene(house: House) -> None:
        house.signalling.answers = False
        await house.call_in(NOTICE, WAIT)
        await said(house, Connect(call=1, agent=DESK_PHONE.model_copy(update={"ring_seconds": 0})))
        assert house.link.last(Happened.NOT_ANSWERED).operator == 13
        assert house.edge.calls[1].place == "waiting"
        assert house.signalling.dialled[0].over
        house.signalling.answers = True
        assert await said(house, Connect(call=1, agent=DESK_PHONE)) == Done()
        assert house.link.happened()[-1] is Happened.RECORDING

    run(scene)


@pytest.mark.parametrize("away", ["no answer", "no database"])
def test_without_a_switchboard_there_is_an_apology_and_nothing_else(away: str) -> None:
    async def scene(house: House) -> None:
        house.link.there = away != "no answer"
        house.link.trouble = away == "no database"
        sip = await house.call_in(NOTICE, WAIT)
        assert sip.said == ["answer", "bye"]
        assert list(house.media.heard.values()) == [["/apology"]]
        assert house.media.begun == []
        assert house.media.legs == set()

    run(scene)


def test_no_plan_is_a_refusal_with_its_status() -> None:
    async def scene(house: House) -> None:
        sip = TwinSip(Peer(side=Side.TRUNK, trunk=1))
        invitation = Invitation(peer=sip.peer, number="+3610000000", caller="", offer=Offer(far=None))
        await house.exchange.invited(sip, invitation)
        await house.settle()
        assert sip.status == 404

    run(scene)


def test_without_a_port_the_network_is_told_and_the_call_is_over() -> None:
    async def scene(house: House) -> None:
        house.media.ports = 0
        sip = await house.call_in(NOTICE, WAIT)
        assert sip.status == 503
        assert house.link.last(Happened.ENDED).reason == "no-media"
        assert house.edge.calls == {}

    run(scene)


def test_a_browser_for_which_there_is_no_port_is_told_so() -> None:
    async def scene(house: House) -> None:
        house.browsers.ports = 0
        command = Attach(attachment="a1", operator=11, offer="offer")
        assert await house.exchange.command(command) == Refusal(reason="no-port")
        assert house.media.legs == set()
        assert house.edge.attachments == {}
        house.browsers.ports = 1
        assert await house.exchange.command(command) == Done(text="answer")

    run(scene)


def test_a_phone_for_which_there_is_no_port_leaves_the_caller_waiting() -> None:
    async def scene(house: House) -> None:
        await house.call_in(NOTICE, WAIT)
        house.media.ports = len(house.media.legs)
        await said(house, Connect(call=1, agent=DESK_PHONE))
        assert house.link.last(Happened.NOT_ANSWERED).status == 503
        assert house.edge.calls[1].place == "waiting"
        house.media.ports = 100
        assert await said(house, Connect(call=1, agent=DESK_PHONE)) == Done()

    run(scene)


def test_a_phone_can_call_nobody_by_itself() -> None:
    async def scene(house: House) -> None:
        sip = TwinSip(Peer(side=Side.PHONE, phone="desk1"))
        invitation = Invitation(peer=sip.peer, number="+3610000000", caller="desk1", offer=Offer(far=None))
        await house.exchange.invited(sip, invitation)
        await house.settle()
        assert sip.status == 403
        assert house.link.asked == []

    run(scene)


@pytest.mark.parametrize(
    ("why", "told"), [("refused", "refused"), ("disk-full", "disk-full"), ("unavailable", "no-answer")]
)
def test_without_a_key_the_call_goes_on_unrecorded(why: str, told: str) -> None:
    async def scene(house: House) -> None:
        house.link.keys, house.link.why = False, why
        await talking(house)
        assert house.media.together("1.1")
        assert house.media.begun == []
        assert house.link.last(Happened.NOT_RECORDED).reason == told

    run(scene)


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_notice_was_heard_before_now_however_the_clock_was_set(by: timedelta) -> None:
    async def scene(_house: House) -> None:
        heard, now = Heard(7), datetime.now(UTC) + by
        await asyncio.sleep(0.01)
        assert timedelta() < now - heard.at(now) < timedelta(seconds=5)

    run(scene)


@pytest.mark.parametrize("fault", ["no key", "disk full"])
def test_where_recording_is_mandatory_the_caller_is_told_and_the_call_ends(fault: str) -> None:
    async def scene(house: House) -> None:
        house.link.keys = fault != "no key"
        house.media.full = fault == "disk full"
        sip = await talking(house, Mode.MANDATORY)
        assert house.media.heard["1.1"][-1] == "/lost"
        assert sip.over
        assert house.link.last(Happened.ENDED).reason == "not-recorded"

    run(scene)


def test_a_full_disk_is_told_and_the_call_goes_on() -> None:
    async def scene(house: House) -> None:
        house.media.full = True
        await talking(house)
        assert house.link.last(Happened.NOT_RECORDED).reason == "disk-full"
        assert house.media.together("1.1") == {"1.1", "1.2"}

    run(scene)


def test_the_menu_decides_the_queue_and_a_reference_overrules_it() -> None:
    async def scene(house: House) -> None:
        menu = Menu(clips=("/menu",), choices={"1": "complaints", "2": "sales"}, otherwise="sales", wait_seconds=0.01)
        house.media.slow.add("/menu")
        await house.call_in(menu, NOTICE, REFERENCE, WAIT)
        house.press("1")
        await house.settle()
        house.link.found = Found(queue="case-queue", clips=("/found",))
        house.press("123456789012")
        await house.settle()
        assert house.link.last(Happened.KEY_PRESSED).digits == "1"
        assert house.link.last(Happened.QUEUED).queue == "case-queue"

    run(scene)


def test_who_presses_nothing_comes_to_a_human() -> None:
    async def scene(house: House) -> None:
        menu = Menu(clips=("/menu",), choices={"1": "complaints"}, otherwise="service", wait_seconds=0.01)
        await house.call_in(menu, NOTICE, WAIT)
        await asyncio.sleep(0.05)
        assert house.link.last(Happened.QUEUED).queue == "service"

    run(scene)


def test_a_farewell_ends_the_call() -> None:
    async def scene(house: House) -> None:
        sip = await house.call_in(Farewell(clips=("/closed",)))
        assert sip.over
        assert house.link.last(Happened.ENDED).reason == "farewell"
        assert house.media.legs == set()

    run(scene)
