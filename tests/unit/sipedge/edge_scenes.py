"""Scenes with the twins: a caller, an agent, and what the switchboard says."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.unit.sipedge.edge_twins import CONSENT, NOTICE, REFERENCE, WAIT, House, TwinSip

from trustdesk.sipedge.words.asks import Done, Refusal
from trustdesk.sipedge.words.commands import Agent, Command, Connect
from trustdesk.sipedge.words.plan import Mode
from trustdesk.sipedge.words.told import Happened

AGENT = Agent(operator=11, attachment="a1")
OTHER = Agent(operator=12, attachment="a2")
DESK_PHONE = Agent(operator=13, phone="desk1", notice=NOTICE)


def run(scene: Callable[[House], Awaitable[None]]) -> None:
    async def play() -> None:
        async with House() as house:
            await scene(house)

    asyncio.run(play())


async def said(house: House, command: Command) -> Done | Refusal:
    answer = await house.exchange.command(command)
    await house.settle()
    return answer


async def talking(house: House, mode: Mode = Mode.NOTICE, keys: str = "") -> TwinSip:
    """A caller who heard everything and speaks with an agent's browser."""
    await house.attach()
    steps = (NOTICE, CONSENT, WAIT) if mode in {Mode.CONSENT, Mode.ALL_PARTY} else (NOTICE, REFERENCE, WAIT)
    if keys:
        house.media.slow.add("/consent")
    sip = await house.call_in(*steps, mode=mode)
    house.press(keys)
    for _ in range(30):
        if Happened.QUEUED in house.link.happened():
            break
        await asyncio.sleep(0.1)
    assert await said(house, Connect(call=1, agent=AGENT)) == Done()
    return sip
