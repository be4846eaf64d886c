"""Callers: a process with two sockets a leg that says 50 packets a second on each and counts what comes back.

Legs speak in slots of a millisecond, so that they are spread as calls are. The delay is taken on the last leg of each
slot, from right before its packet is sent to the kernel's own stamp on the packet that arrives: how long the callers
themselves take to read is not in it.
"""

import gc
import multiprocessing
import os
import select
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.media import rtcp, rtp

HOST = "127.0.0.2"
PACKETS_A_SECOND = 50
_SLOTS = 20
_SLOT_SECONDS = 0.001
_SLIP_SECONDS = 0.01
_REPORT_TICKS = 250
_STAMP = 35  # SO_TIMESTAMPNS, asm-generic/socket.h
_TIMESPEC = struct.Struct("qq")
_NUMBER = struct.Struct(">I")
_SSRC = 0x00C0FFEE


@dataclass
class Told:
    """What the callers saw while it was measured. Delays in milliseconds."""

    sent: int = 0
    received: int = 0
    late_ms: float = 0.0  # by how much the callers' own pace was too slow, in all: time they did not get
    delays: list[float] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return self.sent - self.received

    def delay(self, part: float) -> float:
        """The delay that this part of the packets did not exceed."""
        ordered = sorted(self.delays)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("inf")


class Callers:
    """The other end of the pipe to the process. A leg is a number, its place a port of HOST."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def open(self, legs: int) -> list[int]:
        """So many more legs; their ports."""
        self._pipe.send(("open", legs))
        return list(self._pipe.recv())

    def talk(self, ports: Sequence[tuple[str, int]], *, warm: float, seconds: float) -> Iterator[None]:
        """All legs that have a place to talk to; yields when the measuring begins and ends. Then `told`."""
        self._pipe.send(("talk", ports, warm, seconds))
        for _moment in range(2):
            self._pipe.recv()
            yield

    def told(self) -> Told:
        found = self._pipe.recv()
        assert isinstance(found, Told)
        return found


@contextmanager
def callers() -> Iterator[Callers]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Callers(ours)
    finally:
        ours.send(None)
        process.join(10)


def _work(pipe: Connection) -> None:
    legs: list[_Leg] = []
    while order := pipe.recv():
        if order[0] == "open":
            new = [_Leg() for _number in range(order[1])]
            legs += new
            pipe.send([leg.port for leg in new])
        else:
            _talk(pipe, legs, *order[1:])


class _Leg:
    def __init__(self) -> None:
        self.socket, self.control = _pair()
        self.port = self.socket.getsockname()[1]
        self.file = self.socket.fileno()

    def connect(self, host: str, port: int) -> None:
        self.socket.connect((host, port))
        self.control.connect((host, port + 1))
        for one in (self.socket, self.control):
            with suppress(BlockingIOError, ConnectionError):
                while True:
                    one.recv(2048)


def _pair() -> tuple[socket.socket, socket.socket]:
    while True:
        pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _one in range(2)]
        for one in pair:
            one.setblocking(False)
        pair[0].bind((HOST, 0))
        port = pair[0].getsockname()[1]
        if not port % 2:
            with suppress(OSError):
                pair[1].bind((HOST, port + 1))
                return pair[0], pair[1]
        for one in pair:
            one.close()


class _Talk:
    """One measurement, tick by tick: a tick is 20 ms, in which every leg speaks once."""

    def __init__(self, legs: Sequence[_Leg]) -> None:
        self.legs = legs
        self.slots = [[leg.file for leg in legs[slot::_SLOTS]] for slot in range(_SLOTS)]
        last, files = legs[-_SLOTS:], [leg.file for leg in legs]
        self.timed = {leg.file: leg.socket for leg in last}
        self.partner = {file: files[place ^ 1] for place, file in enumerate(files)}  # whom a leg hears
        self.said: dict[tuple[int, int], int] = {}
        self.told = Told()
        self.first = 1 << 31
        self.last = 0
        self.poll = select.epoll()
        for leg in legs:
            self.poll.register(leg.file, select.EPOLLIN)
        for one in self.timed.values():
            one.setsockopt(socket.SOL_SOCKET, _STAMP, 1)
        self._sound = tone(440, 20)[4:]

    def packet(self, tick: int) -> bytes:
        head = rtp.HEADER.pack(rtp.PLAIN, 8, tick & rtp.M16, tick * rtp.FRAME & rtp.M32, _SSRC)
        return head + _NUMBER.pack(tick) + self._sound

    def say(self, slot: int, tick: int, packet: bytes) -> None:
        write, timed = os.write, self.timed
        for file in self.slots[slot]:
            if file in timed:
                self.said[file, tick] = time.time_ns()
            try:
                write(file, packet)
            except OSError:
                continue

    def hear(self) -> None:
        told, first, last, read, number = self.told, self.first, self.last, os.read, _NUMBER.unpack_from
        for file, _event in self.poll.poll(0, 4096):
            try:
                if file in self.timed:
                    self._hear_timed(file)
                elif first <= number(read(file, 2048), 12)[0] <= last:
                    told.received += 1
            except (OSError, struct.error):
                continue

    def _hear_timed(self, file: int) -> None:
        data, notes, _flags, _source = self.timed[file].recvmsg(2048, 64)
        tick = _NUMBER.unpack_from(data, 12)[0]
        if not self.first <= tick <= self.last:
            return
        self.told.received += 1
        seconds, nanoseconds = _TIMESPEC.unpack(notes[0][2])
        if at := self.said.pop((self.partner[file], tick), 0):
            self.told.delays.append((seconds * 1_000_000_000 + nanoseconds - at) / 1e6)


def _talk(
    pipe: Connection, legs: Sequence[_Leg], places: Sequence[tuple[str, int]], warm: float, seconds: float
) -> None:
    legs = legs[: len(places)]
    for leg, (host, port) in zip(legs, places, strict=True):
        leg.connect(host, port)
    talk = _Talk(legs)
    warm_ticks, ticks = int(warm * PACKETS_A_SECOND), int(seconds * PACKETS_A_SECOND)
    report = rtcp.report(_SSRC, "bench", None, sent=(0, 1, 160), at=1.0)
    gc.freeze()
    due = time.monotonic()
    for tick in range(warm_ticks + ticks):
        if tick == warm_ticks:
            pipe.send("begun")
            talk.first, talk.last = tick, warm_ticks + ticks - 1
            talk.told.late_ms = 0.0
        packet = talk.packet(tick)
        for slot in range(_SLOTS):
            talk.say(slot, tick, packet)
            for leg in legs[(tick * _SLOTS + slot) % (_REPORT_TICKS * _SLOTS) :: _REPORT_TICKS * _SLOTS]:
                with suppress(OSError):
                    leg.control.send(report)
            talk.hear()
            due += _SLOT_SECONDS
            rest = due - time.monotonic()
            if rest > 0:
                time.sleep(rest)
            elif rest < -_SLIP_SECONDS:  # what was missed is not made up for by a burst
                talk.told.late_ms -= rest * 1000
                due -= rest
    pipe.send("ended")
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        talk.hear()
    talk.told.sent = ticks * len(legs)
    talk.poll.close()
    pipe.send(talk.told)
