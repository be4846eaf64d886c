"""The loop: one thread, one epoll, 400 rounds a second. A round takes all packets that wait, then gives one of the
eight turns of 20 ms to those who speak by the clock. Between rounds the process sleeps: a wake-up for each packet would
cost more than the packet, and 2.5 ms is the most that a packet waits.

Almost every packet is the one that must come next. It is compared with what was expected, leaves under the number and
name of the stream that its hearer knows, and is laid on the tape. All others go the long way, `Leg.accept`.
"""

import os
import select
import struct
import time
from collections.abc import Callable
from typing import Final

from trustdesk.sipedge.media import reports, rtp
from trustdesk.sipedge.media.contracts import Event
from trustdesk.sipedge.media.leg import Leg
from trustdesk.sipedge.media.line import Line
from trustdesk.sipedge.media.speakers import TURNS
from trustdesk.sipedge.media.studio import Studio

ROUND_SECONDS: Final = rtp.FRAME_SECONDS / TURNS
LOOK_ROUNDS: Final = 100  # 250 ms
CHUNK_PACKETS: Final = 50
_IDLE_SECONDS: Final = 0.1
_AT_MOST: Final = 4096
_LARGEST: Final = 2048
_BEHIND_ROUNDS: Final = 80  # 200 ms: what was not said by then is not said any more
_ODD_HEADER = struct.error


class Loop:
    """Files are watched from `watch` to `forget`; `other` handles those that are no leg's."""

    def __init__(self, studio: Studio, line: Line) -> None:
        self._studio, self._line = studio, line
        self._poll = select.epoll()
        self._legs: dict[int, Leg] = {}
        self._others: dict[int, Callable[[float], None]] = {}
        self.going = True

    def watch(self, leg: Leg) -> None:
        self._legs[leg.file] = leg
        self._poll.register(leg.file, select.EPOLLIN)
        if leg.control:
            self.watch_other(leg.control.fileno(), lambda now: reports.hear(leg, now))

    def forget(self, leg: Leg) -> None:
        for file in (leg.file, leg.control.fileno() if leg.control else -1):
            if self._legs.pop(file, None) or self._others.pop(file, None):
                self._poll.unregister(file)

    def watch_other(self, file: int, handler: Callable[[float], None]) -> None:
        self._others[file] = handler
        self._poll.register(file, select.EPOLLIN)

    def run(self) -> None:
        """Until `going` is false."""
        clock, studio = time.monotonic, self._studio
        due, number = clock(), 0
        while self.going:
            self._round(0.0 if self._legs else _IDLE_SECONDS)
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
            if self._legs and (rest := due - clock()) > 0:
                time.sleep(rest)

    def _round(self, timeout: float) -> None:  # noqa: C901 - a call for each packet would be a tenth of its cost
        """All packets that wait."""
        events = self._poll.poll(timeout, _AT_MOST)
        now = time.monotonic()
        legs, read, write = self._legs, os.read, os.write
        unpack, pack = rtp.HEADER.unpack_from, rtp.HEADER.pack
        for file, _event in events:
            try:
                leg = legs[file]
                if not leg.connected:
                    self._learn(leg, now)
                    continue
                data = read(file, _LARGEST)
                first, kind, sequence, timestamp, ssrc = unpack(data)
                if not (
                    kind == leg.kind
                    and timestamp == leg.next_timestamp
                    and sequence == leg.next_sequence
                    and ssrc == leg.ssrc
                    and first == rtp.PLAIN
                    and len(data) == leg.size
                ):
                    self._odd(leg, data, now)
                    continue
                sound = data[12:]
                leg.next_sequence = sequence + 1 & 0xFFFF
                leg.next_timestamp = timestamp + len(sound) & 0xFFFFFFFF
                tape = leg.tape
                if tape is not None and not tape.paused:
                    tape.parts.append(sound)
                    if len(tape.parts) >= CHUNK_PACKETS and not tape.turn(self._studio.clock_ms(leg, now)):
                        leg.unsettle()
                if not sequence & 15:
                    leg.incoming.measure(now, timestamp)
                to_file = leg.to_file
                if to_file >= 0:
                    if leg.table:
                        sound = sound.translate(leg.table)
                    write(
                        to_file,
                        pack(
                            0x80,
                            leg.to_kind,
                            sequence + leg.sequence_shift & 0xFFFF,
                            timestamp + leg.timestamp_shift & 0xFFFFFFFF,
                            leg.to_ssrc,
                        )
                        + sound,
                    )
            except KeyError:
                if file in self._others:
                    self._others[file](now)
            except (OSError, _ODD_HEADER):  # refused by the far side, or too short for a packet: as lost ones
                continue

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
