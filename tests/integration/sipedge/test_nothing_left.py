"""Short calls through signalling, exchange and the process of the audio: nothing of them is left anywhere."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sipp import RINGING, ack, call, invite, pause, recv, scenario, send
from tests.sipping import config_of, trunk_of, until
from tests.sipwire import on_edges_loop
from tests.unit.sipedge.edge_twins import TwinBrowsers, TwinLink

from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.contracts import Config, Listen
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import Edge
from trustdesk.sipedge.exchange.exchange import Exchange
from trustdesk.sipedge.exchange.legs import Legs
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.recorder import Recorder
from trustdesk.sipedge.link.contracts import Answer
from trustdesk.sipedge.media.client import MediaPool
from trustdesk.sipedge.sip.incoming import IncomingCall
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.sipedge.words.asks import Ask, PlanFor
from trustdesk.sipedge.words.plan import Mode, Notice, Plan, SayReference, Terms, Wait

pytestmark = pytest.mark.slow

SHORT = scenario(invite(), RINGING, recv(200), ack(), pause(100), send("BYE", 2), recv(200))
LONGER = scenario(invite(), RINGING, recv(200), ack(), pause(700), send("BYE", 2), recv(200))
KEPT = (Call, Party, IncomingCall)


class Link(TwinLink):
    """A plan for each call: a notice, a reference, waiting."""

    def __init__(self, clip: str) -> None:
        super().__init__()
        self.calls, self.clip = 0, clip

    async def ask(self, ask: Ask) -> Answer:
        if not isinstance(ask, PlanFor):
            return await super().ask(ask)
        self.calls += 1
        clips = (self.clip,)
        steps = (Notice(version=1, clips=clips), SayReference(clips=clips), Wait(queue="service", music=clips))
        return Plan(call=self.calls, controller=1, language="en", steps=steps, terms=Terms(mode=Mode.NOTICE))


@dataclass
class Whole:
    edge: Edge
    side: SipSide
    media: MediaPool

    @property
    def place(self) -> tuple[str, int]:
        return self.side.listening[0][1:]

    def files(self) -> int:
        """Open files of the process that carries the audio."""
        (process,) = self.media._processes
        assert process._child is not None
        return len(list(Path(f"/proc/{process._child.pid}/fd").iterdir()))

    def held(self) -> int:
        """Whatever is kept of a call, here and there."""
        media = self.media
        lists = (self.edge.calls, self.side._house.calls, media._of_leg, media._of_call, media._calls)
        return sum(len(one) for one in (*lists, self.edge._tasks, self.edge.legs._owners, self.edge.legs._waiting))


@asynccontextmanager
async def whole(folder: Path) -> AsyncIterator[Whole]:
    clip = folder / "clip.al"
    clip.write_bytes(tone(700.0, 300))
    listen = Listen(transport="udp", host="127.0.0.1", port=0)
    config = config_of(listen, trunks=(trunk_of(1, "127.0.0.2/32"),))
    async with MediaPool(1, (41_000, 42_999), folder) as media:
        link = Link(str(clip))
        edge = Edge(
            legs=Legs(media),
            browsers=TwinBrowsers(),
            link=link,
            recorder=Recorder(media, link),
            now=lambda: datetime.now(UTC),
            config=config,
        )
        exchange = Exchange(edge, configure=_never, ringback=str(clip))
        side = edge.signalling = SipSide(config, exchange)
        await side.start()
        listening = asyncio.create_task(edge.legs.listen())
        try:
            yield Whole(edge, side, media)
        finally:
            await exchange.close()
            await side.stop()
            listening.cancel()
            await edge.stop()


async def _never(_config: Config) -> None:
    raise AssertionError("nobody configures")


def counted() -> Counter[str]:
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in KEPT)


@pytest.mark.parametrize("steps", [SHORT, LONGER], ids=["in the notice", "in the reference"])
@on_edges_loop
async def test_nothing_is_left_of_short_calls(tmp_path: Path, steps: str) -> None:
    async with whole(tmp_path) as here:
        left = []
        for count in (1, 100):
            code, said = await call(tmp_path, steps, here.place, "-r", "40", calls=count)
            assert code == 0, said
            await until(lambda: not here.held())
            assert counted() == Counter()
            left.append((here.files(), len(asyncio.all_tasks())))
        assert left[0] == left[1]
