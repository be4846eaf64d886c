"""The doors of the edge in memory: audio that takes no time, far sides that do what the test says, a switchboard that
answers from a list. The real ones stand in tests/integration/sipedge.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from trustdesk.sipedge.exchange.edge import Edge
from trustdesk.sipedge.exchange.exchange import Exchange
from trustdesk.sipedge.exchange.legs import Legs
from trustdesk.sipedge.exchange.recorder import Recorder
from trustdesk.sipedge.link.contracts import Answer, NoAnswerError
from trustdesk.sipedge.media.contracts import Event, Far, Law, LegStatistics, MediaEvent, Place, Sealing
from trustdesk.sipedge.sip.contracts import CallEvents, CallOverError, Invitation, Offer, Peer, Side
from trustdesk.sipedge.webrtc.contracts import Agreed, BrowserEvent, NoPortError, Servers
from trustdesk.sipedge.words.asks import Ask, Found, Key, KeyFor, LookUp, NotFound, PlanFor, Refusal
from trustdesk.sipedge.words.commands import Attach, Config
from trustdesk.sipedge.words.plan import (
    AskConsent,
    Mode,
    Notice,
    Plan,
    SayReference,
    Step,
    Terms,
    Wait,
)
from trustdesk.sipedge.words.told import Happened, Tell, Told

NOTICE = Notice(version=7, clips=("/notice",))
REFERENCE = SayReference(clips=("/reference",))
CONSENT = AskConsent(clips=("/consent",), wait_seconds=0.01, times=2)
WAIT = Wait(queue="service", music=("/music",))
CONFIG = Config(realm="test", listen=(), rtp_first=0, rtp_last=0, apology={"": "/apology"})


@dataclass
class TwinMedia:
    """Non-looping clips end at once, unless they are named in `slow`."""

    slow: set[str] = field(default_factory=set)
    legs: set[str] = field(default_factory=set)
    joined: list[set[str]] = field(default_factory=list)
    listeners: set[str] = field(default_factory=set)
    heard: dict[str, list[str]] = field(default_factory=dict)  # leg -> clips played
    storing: dict[str, Sealing] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    begun: list[tuple[str, Sealing]] = field(default_factory=list)
    full: bool = False
    ports: int = 100
    sent: list[tuple[str, str]] = field(default_factory=list)
    queue: "asyncio.Queue[MediaEvent]" = field(default_factory=asyncio.Queue)
    playing: dict[str, int] = field(default_factory=dict)
    number: int = 0

    def tell(self, event: Event, leg: str, **words: object) -> None:
        self.queue.put_nowait(MediaEvent(event=event, leg=leg, **words))  # type: ignore[arg-type]

    async def open_leg(self, leg: str, *, call: int, law: Law, local: bool = False) -> Place:
        if len(self.legs) >= self.ports:
            raise OSError("no port is free")
        self.legs.add(leg)
        return Place("", path=f"/run/{leg}") if local else Place("127.0.0.1", 20000)

    async def set_far(self, leg: str, far: Far) -> None:
        self._there(leg)

    async def join(self, legs: Sequence[str], *, listeners: Sequence[str] = ()) -> None:
        for leg in legs:
            self._there(leg)
            self._alone(leg)
        self.listeners = set(listeners)
        self.joined.append(set(legs))

    async def part(self, leg: str) -> None:
        self._there(leg)
        self._alone(leg)

    async def play(self, leg: str, clips: Sequence[Path], *, loop: bool = False) -> int:
        self._there(leg)
        self.number += 1
        self.playing[leg] = self.number
        names = [str(clip) for clip in clips]
        self.heard.setdefault(leg, []).extend(names)
        if not loop and not self.slow & set(names):
            self.tell(Event.PLAYED, leg, playing=self.number)
        return self.number

    async def stop(self, leg: str) -> None:
        self.playing.pop(leg, None)

    async def mute(self, leg: str, *, on: bool) -> None:
        self._there(leg)

    async def send_digits(self, leg: str, digits: str) -> None:
        self._there(leg)
        self.sent.append((leg, digits))

    async def record(self, leg: str, sealing: Sealing) -> None:
        self._there(leg)
        assert leg not in self.storing, "one file a leg"
        self.storing[leg] = sealing
        self.begun.append((leg, sealing))
        if self.full:
            self.end(leg, "disk-full")

    async def pause(self, leg: str) -> None:
        self.paused.add(leg)

    async def unpause(self, leg: str) -> None:
        self.paused.discard(leg)

    async def end_recording(self, leg: str) -> None:
        self.end(leg, "")

    def end(self, leg: str, reason: str) -> None:
        sealing = self.storing.pop(leg, None)
        self.paused.discard(leg)
        if sealing is not None:
            self.tell(Event.RECORDED, leg, recording=sealing.recording, chunks=1, head="00", reason=reason)

    async def close_leg(self, leg: str) -> LegStatistics:
        self._there(leg)
        self.end(leg, "")
        self._alone(leg)
        self.legs.discard(leg)
        return LegStatistics(0, 0, 0, 0.0)

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self.queue.get()

    def together(self, leg: str) -> set[str]:
        return next((legs for legs in self.joined if leg in legs), set())

    def stored_now(self) -> set[str]:
        return set(self.storing) - self.paused

    def _there(self, leg: str) -> None:
        if leg not in self.legs:
            raise LookupError(leg)

    def _alone(self, leg: str) -> None:
        for legs in self.joined:
            legs.discard(leg)
        self.joined = [legs for legs in self.joined if legs]


@dataclass
class TwinSip:
    """A far side."""

    peer: Peer
    name: str = "far"
    events: CallEvents | None = None
    answers: bool = True
    over: bool = False
    status: int = 0
    said: list[str] = field(default_factory=list)

    async def ring(self) -> None:
        self.said.append("ring")

    async def answer(self, place: Place, law: Law) -> Offer:
        if self.over:
            raise CallOverError
        self.said.append("answer")
        return Offer(far=Far(place=Place("127.0.0.2", 4000), law=law))

    async def refuse(self, status: int, reason: str = "") -> None:
        self.over, self.status = True, status

    async def hold(self, *, on: bool) -> None:
        self.said.append(f"hold {on}")

    async def send_digits(self, digits: str) -> None:
        self.said.append(digits)

    async def hang_up(self, reason: str = "") -> None:
        self.over = True
        self.said.append("bye")


@dataclass
class TwinSignalling:
    """Whoever is dialled picks up, unless `answers` is false."""

    answers: bool = True
    dialled: list[TwinSip] = field(default_factory=list)

    async def dial(
        self, peer: Peer, *, number: str, caller: str, name: str, place: Place, laws: Sequence[Law], events: CallEvents
    ) -> TwinSip:
        sip = TwinSip(peer, name=f"out{len(self.dialled)}", events=events)
        self.dialled.append(sip)
        if self.answers:
            far = Far(place=Place("127.0.0.3", 5000), law=Law.A)
            asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(events.answered(Offer(far=far))))
        return sip

    def reachable(self) -> tuple[frozenset[str], frozenset[int]]:
        return frozenset({"desk1"}), frozenset({1})


@dataclass
class TwinBrowsers:
    queue: "asyncio.Queue[BrowserEvent]" = field(default_factory=asyncio.Queue)
    places: dict[str, Place] = field(default_factory=dict)
    ports: int = 100

    async def attach(self, attachment: str, offer: str, *, media: Place, servers: Servers) -> Agreed:
        if len(self.places) >= self.ports:
            raise NoPortError
        self.places[attachment] = media
        self.queue.put_nowait(BrowserEvent(attachment, "open"))
        return Agreed("answer", Law.A, 101)

    async def redirect(self, attachment: str, media: Place) -> None:
        self.places[attachment] = media

    async def detach(self, attachment: str) -> None:
        self.places.pop(attachment, None)

    async def events(self) -> AsyncIterator[BrowserEvent]:
        while True:
            yield await self.queue.get()


@dataclass
class TwinLink:
    """A switchboard that answers. `plan` is what the next call gets; without `keys` every key is refused, for `why`."""

    plan: Plan | Refusal | None = None
    keys: bool = True
    why: str = "refused"
    there: bool = True
    trouble: bool = False
    found: Found | NotFound = field(default_factory=lambda: NotFound(clips=("/not-found",)))
    told: list[Tell] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    recordings: int = 0

    async def ask(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        await asyncio.sleep(0)
        if not self.there:
            raise NoAnswerError
        if isinstance(ask, PlanFor):
            if self.trouble:
                return Refusal(reason="unavailable")
            return self.plan or Refusal(reason="unknown", status=404)
        if isinstance(ask, LookUp):
            return self.found
        if not self.keys:
            return Refusal(reason=self.why)
        self.recordings += 1
        return Key(recording=self.recordings, key="00" * 32, bound="b", path="/dev/null")

    def tell(self, word: Tell) -> None:
        self.told.append(word)

    def happened(self) -> list[Happened]:
        return [word.happened for word in self.told if isinstance(word, Told)]

    def last(self, happened: Happened) -> Told:
        return next(word for word in reversed(self.told) if isinstance(word, Told) and word.happened is happened)

    def key_asks(self) -> list[KeyFor]:
        return [ask for ask in self.asked if isinstance(ask, KeyFor)]


class House:
    """An exchange with its twins. Use inside a running loop, as a context manager."""

    def __init__(self) -> None:
        self.media, self.signalling, self.browsers, self.link = (
            TwinMedia(),
            TwinSignalling(),
            TwinBrowsers(),
            TwinLink(),
        )
        self.edge = Edge(
            legs=Legs(self.media),
            browsers=self.browsers,
            link=self.link,
            recorder=Recorder(self.media, self.link),
            now=lambda: datetime.now(UTC),
            signalling=self.signalling,
            config=CONFIG,
        )
        self.exchange = Exchange(self.edge, configure=self._configured, ringback="/ringback")
        self.configs: list[Config] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def _configured(self, config: Config) -> None:
        self.configs.append(config)

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self.edge.legs.listen()),
            asyncio.create_task(self.exchange.watch_browsers()),
        ]
        return self

    async def __aexit__(self, *_fault: object) -> None:
        await self.exchange.close()
        for task in self._tasks:
            task.cancel()
        await self.edge.stop()

    async def settle(self) -> None:
        """Until nothing happens any more: everything here takes turns, not time."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def attach(self, name: str = "a1", operator: int = 11, *, notice: bool = True) -> None:
        steps = (NOTICE,) if notice else ()
        await self.exchange.command(Attach(attachment=name, operator=operator, offer="offer", steps=steps))
        await self.settle()

    async def call_in(self, *steps: Step, mode: Mode = Mode.NOTICE, number: int = 1) -> TwinSip:
        terms = Terms(mode=mode, beep="/beep", beep_seconds=60, lost=("/lost",))
        self.link.plan = Plan(call=number, controller=1, language="en", steps=steps, terms=terms)
        sip = TwinSip(Peer(side=Side.TRUNK, trunk=1))
        far = Far(place=Place("127.0.0.2", 4000), law=Law.A)
        sip.events = await self.exchange.invited(
            sip,
            Invitation(peer=sip.peer, number="+3611234567", caller="", offer=Offer(far=far, laws=(Law.A,))),
        )
        await self.settle()
        return sip

    def press(self, keys: str, leg: str = "1.1") -> None:
        for key in keys:
            self.media.tell(Event.DIGIT, leg, digit=key)
