"""Whatever is pressed while somebody waits, and however fast: digits in a row are a reference, also where they begin
with the key of a callback; that key alone asks for one; the star says the reference again; no key is lost to another.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.unit.sipedge.edge_twins import NOTICE, REFERENCE, House

from trustdesk.sipedge.exchange.steps import BETWEEN_DIGITS_SECONDS
from trustdesk.sipedge.words.asks import Found, LookUp
from trustdesk.sipedge.words.plan import Wait
from trustdesk.sipedge.words.told import Happened, Told

CALLBACK, AGAIN, LENGTH = "5", "*", 12
QUICK, SLOW = 0.4, BETWEEN_DIGITS_SECONDS + 0.5
WAITING = Wait(queue="service", music=("/music",), callback_key=CALLBACK)

keys = st.sampled_from("0123456789*#")
gaps = st.sampled_from([QUICK, BETWEEN_DIGITS_SECONDS - 0.5, SLOW])
single = st.tuples(keys, gaps).map(lambda one: [one])
impatient = st.lists(st.tuples(st.just(CALLBACK), gaps), min_size=1, max_size=3)
references = st.tuples(st.text("0123456789", min_size=LENGTH, max_size=LENGTH + 1), gaps).map(
    lambda typed: [*((key, QUICK) for key in typed[0][:-1]), (typed[0][-1], typed[1])]
)
pressed = st.lists(st.one_of(single, impatient, references), min_size=1, max_size=6).map(
    lambda parts: [one for part in parts for one in part]
)


@dataclass
class Meant:
    """What the keys mean, by a rule that knows of no machine."""

    looked_up: list[str] = field(default_factory=list)
    callbacks: int = 0
    again: int = 0

    def take(self, row: str) -> None:
        if len(row) == LENGTH:
            self.looked_up.append(row)
        elif row and set(row) == {CALLBACK}:
            self.callbacks += 1


def meaning(typed: list[tuple[str, float]]) -> Meant:
    meant, row = Meant(), ""
    for key, gap in typed:
        row += key if key.isdigit() else ""
        if not key.isdigit() or len(row) == LENGTH or gap > BETWEEN_DIGITS_SECONDS:
            meant.take(row)
            row = ""
        meant.again += key == AGAIN
    meant.take(row)
    return meant


class _Hurried(selectors.DefaultSelector):
    """Nobody waits for the clock: it is set to when the next thing happens."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


def in_no_time(scene: Coroutine[Any, Any, None]) -> None:
    clock = _Hurried()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(scene)


async def waiting(house: House) -> None:
    await house.call_in(NOTICE, REFERENCE, WAITING)
    await asyncio.sleep(5)
    assert house.link.happened()[-1] is Happened.QUEUED


def heard(house: House) -> Meant:
    told = [word.happened for word in house.link.told if isinstance(word, Told)]
    return Meant(
        looked_up=[ask.digits for ask in house.link.asked if isinstance(ask, LookUp)],
        callbacks=told.count(Happened.CALLBACK_ASKED),
        again=house.media.heard["1.1"].count("/reference") - 1,
    )


@settings(max_examples=300, deadline=None)
@given(typed=pressed)
def test_every_key_has_its_meaning(typed: list[tuple[str, float]]) -> None:
    async def scene() -> None:
        async with House() as house:
            await waiting(house)
            for key, gap in typed:
                house.press(key)
                await asyncio.sleep(gap)
            await asyncio.sleep(SLOW)
            meant = meaning(typed)
            event(f"{len(meant.looked_up)} references, {min(meant.callbacks, 2)} callbacks")
            assert heard(house) == meant

    in_no_time(scene())


@settings(max_examples=60, deadline=None)
@given(reference=st.text("0123456789", min_size=LENGTH - 1, max_size=LENGTH - 1), gap=st.floats(0.01, 3.9))
def test_a_reference_that_begins_with_the_key_is_a_reference(reference: str, gap: float) -> None:
    async def scene() -> None:
        async with House() as house:
            house.link.found = Found(queue="case-queue", clips=("/found",))
            await waiting(house)
            for key in CALLBACK + reference:
                house.press(key)
                await asyncio.sleep(gap)
            assert heard(house) == Meant(looked_up=[CALLBACK + reference])
            assert house.link.last(Happened.QUEUED).queue == "case-queue"

    in_no_time(scene())


@settings(max_examples=40, deadline=None)
@given(before=st.text("0123456789*#", min_size=1, max_size=14))
def test_what_was_pressed_in_a_conversation_asks_for_nothing(before: str) -> None:
    async def scene() -> None:
        async with House() as house:
            await waiting(house)
            house.edge.calls[1].place = "talking"
            house.exchange.talking.stop_steps(house.edge.calls[1])  # as `join` does
            house.press(before)
            await house.settle()
            customer = house.edge.calls[1].customer()
            assert customer is not None
            await house.exchange.talking.to_steps(house.edge.calls[1], customer, (WAITING,))
            await asyncio.sleep(SLOW)
            assert heard(house) == Meant()

    in_no_time(scene())
