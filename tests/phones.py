"""Phones of the tests: real sockets that say a tone in RTP every 20 ms and keep what they hear."""

import asyncio
import random
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from trustdesk.sipedge.audio.laws import Samples, linear
from trustdesk.sipedge.audio.reader import SealedReader
from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.media.client import MediaPool
from trustdesk.sipedge.media.contracts import Event, Far, Law, Media, MediaEvent, Place, Sealing
from trustdesk.sipedge.media.line import Line
from trustdesk.sipedge.media.loop import Loop
from trustdesk.sipedge.media.ports import Ports
from trustdesk.sipedge.media.rtp import HEADER
from trustdesk.sipedge.media.studio import Studio

T = TypeVar("T")
FRAME = 160
KEYS_TYPE = 101
KEY = bytes(range(32))


def run(call: Coroutine[Any, Any, T]) -> T:
    """A test that waits for what does not come fails, and does not wait for ever."""
    return asyncio.run(asyncio.wait_for(call, 60))


@dataclass
class Heard:
    """One packet as it came."""

    kind: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


@dataclass
class Phone:
    """Says `hertz` in `law` from `place`, to wherever `talk_to` said."""

    hertz: int
    law: Law = Law.A
    ssrc: int = 0x1234
    sequence: int = 65_500  # soon wraps
    timestamp: int = 4_294_960_000
    path: Path | None = None
    packets: list[Heard] = field(default_factory=list)
    control: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.path:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.socket.bind(str(self.path))
        else:
            self.socket, self.control_socket = _pair()
            self.control_socket.setblocking(False)
        self.socket.setblocking(False)
        self._sound = tone(self.hertz, 1000, law=self.law)
        self._at = 0
        self._to: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._pressed: deque[tuple[str, int]] = deque()
        self.reported = asyncio.Event()

    @property
    def place(self) -> Place:
        if self.path:
            return Place(host="", path=str(self.path))
        host, port = self.socket.getsockname()
        return Place(host=host, port=port)

    def far(self, *, sends: bool = True) -> Far:
        return Far(place=self.place, law=self.law, keys_type=KEYS_TYPE, sends=sends)

    async def __aenter__(self) -> Self:
        self._tasks.append(asyncio.create_task(self._hear()))
        return self

    async def __aexit__(self, *_unused: object) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.socket.close()
        if not self.path:
            self.control_socket.close()

    def talk_to(self, place: Place) -> None:
        self._to = place.path or (place.host.replace("0.0.0.0", "127.0.0.1"), place.port)  # noqa: S104 - what it is bound to
        self._tasks.append(asyncio.create_task(self._talk()))

    def be_quiet(self) -> None:
        self._tasks.pop().cancel()

    def send(
        self, payload: bytes, *, kind: int | None = None, samples: int | None = None, marker: bool = False
    ) -> None:
        first = self.law if kind is None else kind
        head = HEADER.pack(0x80, first | marker << 7, self.sequence, self.timestamp, self.ssrc)
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + (len(payload) if samples is None else samples)) & 0xFFFFFFFF
        with suppress(ConnectionError, BlockingIOError):
            self.socket.sendto(head + payload, self._to)

    def press(self, key: str) -> None:
        """As a keypad does, in place of the sound of 100 ms: an event each 20 ms, its end three times, all of one
        timestamp.
        """
        self._pressed.extend([(key, number) for number in range(1, 6)])

    def _key_frame(self, key: str, number: int) -> None:
        event = "0123456789*#".index(key)
        for again in range(4 if number == 5 else 1):
            payload = struct.pack(">BBH", event, 10 | (again > 0) << 7, number * FRAME)
            self.send(payload, kind=KEYS_TYPE, samples=0, marker=number == 1)
        if number == 5:
            self.timestamp = (self.timestamp + 5 * FRAME) & 0xFFFFFFFF

    def say_frame(self) -> None:
        at = self._at % len(self._sound)
        self._at += FRAME
        if self._pressed:
            self._key_frame(*self._pressed.popleft())
            return
        self.send(self._sound[at : at + FRAME])

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.say_frame()
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _hear(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                data = await loop.sock_recv(self.socket, 2048)
            except ConnectionError:
                continue
            _first, kind, sequence, timestamp, ssrc = HEADER.unpack_from(data)
            self.packets.append(Heard(kind & 0x7F, bool(kind & 0x80), sequence, timestamp, ssrc, data[12:]))
            if not self.path:
                with suppress(BlockingIOError):
                    self.control.append(self.control_socket.recv(2048))
                    self.reported.set()

    def heard(self, last_ms: int | None = None) -> Samples:
        """The sound of what came, or of its last milliseconds."""
        sounds = [linear(one.payload, Law(one.kind)) for one in self.packets if one.kind in {0, 8}]
        whole = np.concatenate(sounds) if sounds else np.zeros(0, dtype=np.int16)
        return whole if last_ms is None else whole[-last_ms * 8 :]


def _pair() -> tuple[socket.socket, socket.socket]:
    while True:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with suppress(OSError, OverflowError):
            if not port % 2:
                other.bind(("127.0.0.1", port + 1))
                return one, other
        one.close()
        other.close()


def share(samples: Samples, hertz: int) -> float:
    """The part of the energy that lies within 25 Hz of a frequency, 0 to 1."""
    if not len(samples):
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples)))) ** 2
    places = np.fft.rfftfreq(len(samples), 1 / 8000)
    total = float(spectrum.sum())
    return float(spectrum[np.abs(places - hertz) <= 25].sum()) / total if total else 0.0


def hears(samples: Samples, hertz: int) -> bool:
    """Whether a tone of our phones is in it: it, with all others, is loud."""
    return share(samples, hertz) > 0.05 and float(np.abs(samples.astype(int)).max()) > 300


class Ear:
    """Reads the events of a media and finds those that are waited for."""

    def __init__(self, media: Media) -> None:
        self.all: list[MediaEvent] = []
        self._new = asyncio.Event()
        self._task = asyncio.create_task(self._read(media))

    async def _read(self, media: Media) -> None:
        async for event in media.events():
            self.all.append(event)
            self._new.set()

    async def wait(self, event: Event, leg: str | None = None, *, seconds: float = 10) -> MediaEvent:
        async with asyncio.timeout(seconds):
            while not (found := self.of(event, leg)):
                self._new.clear()
                await self._new.wait()
        return found[-1]

    def of(self, event: Event, leg: str | None = None) -> Sequence[MediaEvent]:
        return [one for one in self.all if one.event is event and leg in {None, one.leg}]

    def close(self) -> None:
        self._task.cancel()


@dataclass
class Desk:
    """A media of one process and those who telephone through it."""

    media: MediaPool
    ear: Ear
    folder: Path
    phones: dict[str, Phone] = field(default_factory=dict)

    async def open(self, leg: str, phone: Phone, *, call: int = 1, talks: bool = True) -> Phone:
        """A leg whose far side is that phone, learned."""
        place = await self.media.open_leg(leg, call=call, law=phone.law, local=phone.path is not None)
        await self.media.set_far(leg, phone.far())
        self.phones[leg] = phone
        if talks:
            phone.talk_to(place)
            await self.ear.wait(Event.LEARNED, leg)
        return phone

    async def record(self, leg: str, recording: int = 1) -> Path:
        path = self.folder / f"{recording}.sealed"
        await self.media.record(leg, Sealing(recording=recording, key=KEY, bound=f"test|{recording}", path=path))
        return path

    def sockets(self) -> list[Path]:
        """Of browsers' legs."""
        return list(self.folder.glob("*.sock"))

    def clip(self, hertz: int, milliseconds: int) -> Path:
        path = self.folder / f"{hertz}-{milliseconds}"
        path.write_bytes(tone(hertz, milliseconds))
        return path


def read(path: Path) -> SealedReader:
    """A recording that `Desk.record` began."""
    return SealedReader(path, key=KEY, bound=f"test|{path.stem}")


@asynccontextmanager
async def desk(folder: Path, *, processes: int = 1) -> AsyncIterator[Desk]:
    """What the test opens is closed with it."""
    first = random.randrange(47_000, 60_000, 2)
    async with AsyncExitStack() as stack:
        media = await stack.enter_async_context(MediaPool(processes, (first, first + 99), folder, address="127.0.0.1"))
        ear = Ear(media)
        stack.callback(ear.close)
        made = Desk(media, ear, folder)
        yield made


@asynccontextmanager
async def two(folder: Path, *, laws: tuple[Law, Law] = (Law.A, Law.A)) -> AsyncIterator[Desk]:
    """Legs `a` (400 Hz) and `b` (900 Hz) who hear each other."""
    async with desk(folder) as made, Phone(400, law=laws[0]) as one, Phone(900, law=laws[1]) as other:
        await made.open("a", one)
        await made.open("b", other)
        await made.media.join(["a", "b"])
        yield made


@contextmanager
def passing(folder: Path) -> Iterator[tuple[Loop, socket.socket, socket.socket]]:
    """Two legs who hear each other: the loop, who speaks on one, who hears on the other."""
    ours, theirs = socket.socketpair()
    ends = [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _end in "ab"]
    studio = Studio(Ports("127.0.0.1", 40_000, 40_001), folder, lambda *_unused, **_fields: None)
    loop = Loop(studio, Line(ours))
    try:
        for name, end in zip("ab", ends, strict=True):
            end.bind(str(folder / f"far-{name}"))
            end.setblocking(False)
            leg = studio.open(name, call=1, law=Law.A, local=True, now=0.0)
            loop.watch(leg)
            studio.set_far(name, Far(place=Place("", path=str(folder / f"far-{name}")), law=Law.A, keys_type=101), 0.0)
            end.connect(leg.place.path)
            end.send(HEADER.pack(0x80, 8, 1, 1, 99) + bytes(160))
            loop._round(0)
        studio.join("ab", [], 0.0)
        yield loop, ends[0], ends[1]
    finally:
        studio.end(0.0)
        for one in (ours, theirs, *ends):
            one.close()
