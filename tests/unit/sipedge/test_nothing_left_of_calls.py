"""What is left of a call that is over, whatever way it took: no object, no task, no timer, no leg, no waiting."""

import asyncio
import gc
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import cast

import pytest
from tests.unit.sipedge.edge_scenes import AGENT, DESK_PHONE, run, said
from tests.unit.sipedge.edge_twins import NOTICE, REFERENCE, WAIT, House

from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import PartyEvents
from trustdesk.sipedge.exchange.steps import Steps
from trustdesk.sipedge.sip.contracts import CallEvents
from trustdesk.sipedge.words.asks import Done
from trustdesk.sipedge.words.commands import Connect, Deed

CALLS = 5
KEPT = (Call, Party, PartyEvents, Steps)
Scene = Callable[[House, int], Awaitable[CallEvents]]


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """What was there before is not looked through: in a run of thousands of tests each look took seconds."""
    gc.freeze()
    yield
    gc.unfreeze()


async def in_the_notice(house: House, number: int) -> CallEvents:
    house.media.slow.add("/notice")
    return events_of(await house.call_in(NOTICE, REFERENCE, WAIT, number=number))


async def in_the_reference(house: House, number: int) -> CallEvents:
    house.media.slow.add("/reference")
    events = events_of(await house.call_in(NOTICE, REFERENCE, WAIT, number=number))
    house.press("0", leg=f"{number:x}.1")
    await house.settle()
    return events


async def in_the_queue(house: House, number: int) -> CallEvents:
    return events_of(await house.call_in(NOTICE, WAIT, number=number))


async def in_an_apology(house: House, number: int) -> CallEvents:
    house.link.trouble = True
    house.media.slow.add("/apology")
    return events_of(await house.call_in(NOTICE, WAIT, number=number))


async def with_an_agent(house: House, number: int) -> CallEvents:
    if not house.edge.attachments:
        await house.attach()
    events = await in_the_queue(house, number)
    assert await said(house, Connect(call=number, agent=AGENT)) == Done()
    return events


async def on_hold_and_paused(house: House, number: int) -> CallEvents:
    events = await with_an_agent(house, number)
    for verb in ("pause", "hold"):
        assert await said(house, Deed(call=number, verb=verb)) == Done()
    return events


async def while_a_phone_rings(house: House, number: int) -> CallEvents:
    house.signalling.answers = False
    events = await in_the_queue(house, number)
    assert await said(house, Connect(call=number, agent=DESK_PHONE)) == Done()
    return events


def events_of(far: object) -> CallEvents:
    """What the far side's signalling tells; the far side itself is kept by nobody here."""
    return cast("CallEvents", far.events)  # type: ignore[attr-defined]


def counted() -> Counter[str]:
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in KEPT)


def alarms() -> int:
    """Timers of the loop that would still go off."""
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return sum(not handle.cancelled() for handle in scheduled)


@pytest.mark.parametrize(
    "scene",
    [
        in_the_notice,
        in_the_reference,
        in_the_queue,
        in_an_apology,
        with_an_agent,
        on_hold_and_paused,
        while_a_phone_rings,
    ],
)
def test_who_hangs_up_leaves_nothing(scene: Scene) -> None:
    of_others = counted()  # a test that failed keeps its call

    async def many(house: House) -> None:
        await one(house, scene, 1)  # what is made once: the agent's browser
        before = asyncio.all_tasks(), counted(), alarms(), set(house.media.legs), set(house.edge.legs._owners)
        for number in range(2, 2 + CALLS):
            await one(house, scene, number)
        after = asyncio.all_tasks(), counted(), alarms(), set(house.media.legs), set(house.edge.legs._owners)
        assert after == before
        assert counted() == of_others
        assert (house.edge.calls, house.exchange.talking._calls) == ({}, {})
        assert (house.edge.legs._waiting, house.edge.legs._early) == ({}, set())

    run(many)


async def one(house: House, scene: Scene, number: int) -> None:
    await (await scene(house, number)).ended(200, "hung-up")
    await house.settle()
    while house.signalling.dialled:  # as the signalling does: whoever is no longer rung has an end too
        far = house.signalling.dialled.pop()
        assert far.said == ["bye"]
        await events_of(far).ended(487, "")
    await house.settle()
