"""The loop: one thread, one epoll, 250 rounds a second. A round takes all packets that wait, then gives one of the five
turns of 20 ms to those who speak by the clock. Between rounds the process sleeps: a wake-up for each packet would cost
more than the packet, and 4 ms is the most that a packet waits.

Almost every packet is the one that must come next: its header, as one number of 96 bits, is the one before and a step.
It is laid on the tape and leaves under the numbers and the name of the stream that its hearer knows, which is one
addition. All others go the long way, `Leg.accept`.
"""

import os
import select
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from trustdesk.sipedge.media import reports, rtp
from trustdesk.sipedge.media.contracts import Event
from trustdesk.sipedge.media.leg import Leg, Way
from trustdesk.sipedge.media.line import Line
from trustdesk.sipedge.media.speakers import TURNS
from trustdesk.sipedge.media.studio import Studio

ROUND_SECONDS: Final = rtp.FRAME_SECONDS / TURNS
LOOK_ROUNDS: Final = 63  # a quarter of a second
CHUNK_PACKETS: Final = 50
_IDLE_SECONDS: Final = 0.1
_AT_MOST: Final = 4096
_LARGEST: Final = 2048
_BEHIND_ROUNDS: Final = 50  # 200 ms: what was not said by then is not said any more


class Loop:
    """Files are watched from `watch` to `forget`; `other` handles those that are no leg's."""

    def __init__(self, studio: Studio, line: Line) -> None:
        self._studio, self._line = studio, line
        self._poll = select.epoll()
        self._ways: dict[int, Way] = {}
        self._others: dict[int, Callable[[float], None]] = {}
        self.going = True

    def watch(self, leg: Leg) -> None:
        """From now on; until its far side is known each packet is asked where it is from."""
        self.watch_other(leg.file, lambda now: self._learn(leg, now))
        if leg.control:
            self.watch_other(leg.control.fileno(), lambda now: reports.hear(leg, now))

    def learn_again(self, leg: Leg) -> None:
        self._ways.pop(leg.file, None)

    def forget(self, leg: Leg) -> None:
        self._ways.pop(leg.file, None)
        for file in (leg.file, leg.control.fileno() if leg.control else -1):
            if self._others.pop(file, None):
                with suppress(FileNotFoundError):  # given up before
                    self._poll.unregister(file)

    def watch_other(self, file: int, handler: Callable[[float], None]) -> None:
        self._others[file] = handler
        self._poll.register(file, select.EPOLLIN)

    def run(self) -> None:
        """Until `going` is false."""
        clock, studio = time.monotonic, self._studio
        due, number = clock(), 0
        while self.going:
            self._round(0.0 if self._studio.legs else _IDLE_SECONDS)
            now = clock()
            if now - due > _BEHIND_ROUNDS * ROUND_SECONDS:
                due = now
            while due <= now:
                studio.turns.take(number, now)
                if not number % LOOK_ROUNDS:
                    studio.look(now)
                number += 1
                due += ROUND_SECONDS
            if studio.scribe.ended:
                studio.gather()
            self._line.flush()
            if studio.legs and (rest := due - clock()) > 0:
                time.sleep(rest)

    def _round(self, timeout: float) -> None:  # noqa: C901 - a call for each packet would be a tenth of its cost
        """All packets that wait."""
        events = self._poll.poll(timeout, _AT_MOST)
        now = time.monotonic()
        ways, read, write, number = self._ways, os.read, os.write, int.from_bytes
        for file, _event in events:
            try:
                way = ways[file]
                data = read(file, _LARGEST)
                head = number(data[:12], "big")
                if head != way.next or len(data) != way.size:
                    self._odd(way.leg, data, now)
                    continue
                way.next = head + way.step
                sound = data[12:]
                if way.parts is not None:
                    way.parts.append(sound)
                    if len(way.parts) >= CHUNK_PACKETS:
                        self._turn(way.leg, now)
                if head == way.due:
                    way.leg.look_up(now)
                if way.to_file >= 0:
                    if way.table:
                        sound = sound.translate(way.table)
                    write(way.to_file, (head + way.shift).to_bytes(12, "big") + sound)
            except KeyError:
                self._other(file, now)
            except OSError:  # the far side refused one, or nothing is there: as a lost packet
                continue
            except Exception:  # noqa: BLE001 - a fault of ours ends this leg, and not all calls
                self._give_up(file)

    def _give_up(self, file: int) -> None:
        """Hear this leg no more; that it is silent will be told."""
        traceback.print_exc()
        self._poll.unregister(file)

    def _other(self, file: int, now: float) -> None:
        """Not a leg whose far side is known; or one that was closed a moment ago."""
        if handler := self._others.get(file):
            with suppress(OSError):
                handler(now)

    def _turn(self, leg: Leg, now: float) -> None:
        """A second of a recording is full."""
        if leg.tape and not leg.tape.turn(self._studio.clock_ms(leg, now)):
            leg.unsettle()

    def _odd(self, leg: Leg, data: bytes, now: float) -> None:
        """Not simply the next packet."""
        packet = rtp.read(data)
        if packet is None:
            if leg.address and not leg.local:
                reports.note(leg, data, now)  # RTCP on the same port (RFC 5761)
            return
        if packet.kind == leg.keys_type:
            key = leg.keys.heard(packet.timestamp, packet.payload)
            leg.skip(packet)
            if key:
                self._studio.tell(Event.DIGIT, leg.name, digit=key)
            return
        leg.accept(packet, now, self._studio.clock_ms(leg, now))

    def _learn(self, leg: Leg, now: float) -> None:
        """A packet before the far side is known: from whom is it?"""
        data, source = leg.receive()
        if rtp.read(data) is None or not leg.learn(source):
            return
        self._ways[leg.file] = leg.way
        self._studio.tell(Event.LEARNED, leg.name)
        self._odd(leg, data, now)
        self._take_what_waited(leg, source, now)

    def _take_what_waited(self, leg: Leg, source: object, now: float) -> None:
        """What came before the socket was connected still waits in it, from strangers too."""
        while True:
            try:
                data, sender = leg.receive()
            except BlockingIOError:
                return
            if sender == source:
                self._odd(leg, data, now)
