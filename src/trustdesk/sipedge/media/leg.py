"""A leg: its sockets, its far side, what it hears and what it is told.

While packets follow each other the loop handles them itself, by the fields of its `Way`. Everything out of
the ordinary comes here; `unsettle` sends the next packet this way.
"""

import os
import random
import socket
from collections import Counter
from pathlib import Path
from typing import Any, Final, Self

from trustdesk.sipedge.audio.laws import A_TO_MU, MU_TO_A, RATE, silence, translated
from trustdesk.sipedge.media import rtcp, rtp
from trustdesk.sipedge.media.contracts import Far, Law, LegStatistics, Place
from trustdesk.sipedge.media.keys import KeyHearing
from trustdesk.sipedge.media.ports import Ports, disconnect, same_place
from trustdesk.sipedge.media.streams import Incoming, Outgoing
from trustdesk.sipedge.media.tape import Tape

ODD: Final = -1  # no payload type: nothing is steady
_LAWS: Final = frozenset(Law)
_LARGEST: Final = 2048
_SAMPLED: Final = 16  # packets of the steady way, one of which is looked at
_DROPOUT, _MISORDER = 3000, 100  # packets (RFC 3550, appendix A.1)
_SURE: Final = {True: 3, False: 5}  # packets of one source: from the signalled host, from another
Address = tuple[str, int] | str


class Way:
    """The steady way through a leg, for the loop: a packet's header is one number, what must come next is the last one
    and a step, what leaves is what came and a difference. Apart from the rest, so that it is close together in memory.
    """

    __slots__ = ("due", "leg", "next", "parts", "shift", "size", "step", "table", "to_file")

    def __init__(self, leg: "Leg") -> None:
        self.leg = leg
        self.next = ODD
        self.due = self.shift = self.step = self.size = 0
        self.parts: list[bytes] | None = None
        self.table: bytes | None = None
        self.to_file = -1


class Leg:
    """See the module. Times are monotonic seconds."""

    __slots__ = (
        *(
            "address",
            "call",
            "canonical",
            "connected",
            "control",
            "control_address",
            "far",
            "file",
            "hearer",
            "incoming",
        ),
        *("keying", "keys", "keys_type", "law", "local", "mixer_input", "muted", "name", "next_sequence"),
        *("next_timestamp", "out", "path", "playing", "ports", "quiet_since", "report_at", "resync", "room"),
        *("sender_report", "sequence_shift", "silent", "socket", "ssrc", "tape", "timestamp_shift", "way"),
        *("_candidates", "_known"),
    )

    def __init__(self, name: str, call: int, law: Law, now: float) -> None:
        self.name, self.call, self.law = name, call, law
        self.out, self.incoming, self.keys, self.way = Outgoing(now), Incoming(), KeyHearing(), Way(self)
        self.canonical = rtcp.canonical_name()
        self.far: Far | None = None
        self.address: Address | None = None
        self.control: socket.socket | None = None
        self.control_address: Address | None = None
        self.path: Path | None = None
        self.ports: Ports | None = None
        self.local = self.connected = self.muted = self.silent = False
        self.keys_type: int | None = None
        self.quiet_since = now
        self.report_at = now + rtcp.REPORT_SECONDS * (0.5 + random.random())  # noqa: S311 - spread (section 6.2)
        self.sender_report: tuple[int, float] = (0, 0.0)
        self.room: Any = None
        self.playing: Any = None
        self.keying: Any = None
        self.tape: Tape | None = None
        self.mixer_input: Any = None
        self._candidates: Counter[Address] = Counter()
        self._known: Address | None = None
        self.ssrc: int | None = None
        self.next_sequence = self.next_timestamp = 0
        self.hearer: Leg | None = None
        self.resync = True
        self.sequence_shift = self.timestamp_shift = 0

    def over_udp(self, ports: Ports) -> Self:
        self.socket, self.control = ports.take()
        self.ports, self.file = ports, self.socket.fileno()
        return self

    def over_file_system(self, made: socket.socket, path: Path) -> Self:
        self.socket, self.path, self.local, self.file = made, path, True, made.fileno()
        return self

    @property
    def place(self) -> Place:
        if self.path:
            return Place(host="", path=str(self.path))
        host, port, *_more = self.socket.getsockname()
        return Place(host=host, port=port)

    @property
    def occupied(self) -> bool:
        """Whether its far side hears something that is for it alone."""
        return self.playing is not None or self.keying is not None

    def close(self) -> None:
        self.socket.close()
        if self.path:
            self.path.unlink(missing_ok=True)
        if self.control:
            self.control.close()

    # The far side

    def set_far(self, far: Far, now: float) -> None:
        """Send there, take packets from anybody, and see who they are from."""
        address = self._reach(far.place)
        if self.connected:
            disconnect(self.socket)
            self.connected = False
        self.far, self.law, self.keys_type, self.address = far, far.law, far.keys_type, address
        self._candidates.clear()
        self.quiet_since = now
        self.unsettle()

    def _reach(self, place: Place) -> Address | None:
        if self.local:
            return place.path or None  # a browser's is known by its first packet: the folder is private
        assert self.ports  # noqa: S101 - a leg that is not local has them
        return self.ports.reach(place.host, place.port)

    def learn(self, source: Address) -> bool:
        """One packet came from there. True where that is now known to be the far side."""
        if not source or not self.far:
            return False
        self._candidates[source] += 1
        signalled = isinstance(source, str) or (self.address is not None and source[0] == self.address[0])
        at_once = self.local or same_place(source, self.address) or same_place(source, self._known)
        if not at_once:
            if self._candidates[source] < _SURE[signalled]:
                return False
            if not signalled and any(other[0] == (self.address or " ")[0] for other in self._candidates):
                return False  # the host that was signalled speaks too
        self._connect(source)
        return True

    def _connect(self, source: Address) -> None:
        self.socket.connect(source)
        self.connected = True
        self.address = self._known = source
        self.control_address = None
        self._candidates.clear()

    def receive(self) -> tuple[bytes, Address]:
        data, source = self.socket.recvfrom(_LARGEST)
        return data, source

    def transmit(self, packet: bytes) -> None:
        """To the far side as far as it is known; what the network does not take is lost, as packets are."""
        try:
            if self.connected:
                os.write(self.file, packet)
            elif self.address:
                self.socket.sendto(packet, self.address)
        except OSError:
            return

    # What it hears

    def catch_up(self) -> None:
        """Take over how far the steady way has come."""
        coming = self.way.next
        if coming != ODD:
            self.next_sequence, self.next_timestamp = coming >> 64 & rtp.M16, coming >> 32 & rtp.M32

    def unsettle(self) -> None:
        """The next packet goes the long way."""
        self.catch_up()
        self.way.next = ODD

    def settle(self, law: Law, samples: int) -> None:
        """From here on packets may take the steady way, if nothing stands against it."""
        way, hearer, tape = self.way, self.hearer, self.tape
        if not self.connected or self.muted or self.mixer_input is not None or not samples or self.ssrc is None:
            return
        left = rtp.until_wrap(self.next_sequence, self.next_timestamp, samples)
        coming = rtp.head(law, self.next_sequence, self.next_timestamp, self.ssrc)
        way.to_file = -1
        if hearer is not None:
            if self.resync or not hearer.connected:
                return
            sequence = self.next_sequence + self.sequence_shift & rtp.M16
            timestamp = self.next_timestamp + self.timestamp_shift & rtp.M32
            left = min(left, rtp.until_wrap(sequence, timestamp, samples))
            way.shift = rtp.head(hearer.law, sequence, timestamp, hearer.out.ssrc) - coming
            way.table = None if law is hearer.law else A_TO_MU if law is Law.A else MU_TO_A
            way.to_file = hearer.file
        if left <= _SAMPLED:
            return
        way.step, way.size = rtp.step(samples), rtp.HEADER.size + samples
        way.parts = None if tape is None or tape.paused else tape.parts
        way.due = coming + _SAMPLED * way.step
        way.next = coming

    def look_up(self, now: float) -> None:
        """Every so many packets of the steady way: the jitter, and whether a number is about to wrap."""
        way = self.way
        if way.next == ODD:  # it was left with this very packet
            return
        self.catch_up()
        samples = way.size - rtp.HEADER.size
        self.incoming.measure(now, self.next_timestamp - samples)
        law = Law(way.next >> 80 & 0x7F)
        way.next = ODD
        self.settle(law, samples)

    def accept(self, packet: rtp.Packet, now: float, clock_ms: int) -> None:
        """A packet of sound that is not simply the next one, or may not take the steady way."""
        if packet.kind not in _LAWS:
            self.skip(packet)
            return
        self.unsettle()
        gap = packet.sequence - self.next_sequence & rtp.M16
        late = gap > rtp.M16 - _MISORDER
        if packet.ssrc != self.ssrc or not (gap < _DROPOUT or late):
            self._begin(packet)
            gap, late = 0, False
        if late:
            self.incoming.lost -= 1
            self.incoming.late += 1
        else:
            self.incoming.lost += gap
            self.incoming.measure(now, packet.timestamp)
        law = Law(packet.kind)
        sound = silence(law, len(packet.payload)) if self.muted else packet.payload
        if not (late and self.resync):
            self._pass_on(packet, law, sound, now)
        if self.mixer_input is not None:
            self.mixer_input.put(sound, law)
        if self.tape is not None:
            self.tape.add(packet.timestamp, sound, law, clock_ms)
        if late:
            return
        self.next_sequence = packet.sequence + 1 & rtp.M16
        self.next_timestamp = packet.timestamp + len(sound) & rtp.M32
        self.settle(law, len(sound))

    def skip(self, packet: rtp.Packet) -> None:
        """Something that is not sound took a number of the stream: it leaves no gap for who hears it."""
        self.unsettle()
        if packet.ssrc == self.ssrc and packet.sequence == self.next_sequence:
            self.next_sequence = packet.sequence + 1 & rtp.M16
            self.sequence_shift -= 1

    def _begin(self, packet: rtp.Packet) -> None:
        """The first of a stream, or of another one."""
        self.carry()
        self.incoming.reach(self.next_sequence)
        self.incoming.begin(packet.sequence)
        self.ssrc, self.next_sequence = packet.ssrc, packet.sequence
        self.resync = True
        if self.tape:
            self.tape.lift()

    def _pass_on(self, packet: rtp.Packet, law: Law, sound: bytes, now: float) -> None:
        hearer = self.hearer
        if hearer is None:
            return
        kind = int(hearer.law)
        if self.resync:
            out = hearer.out
            out.switch(now)
            out.fresh = False
            self.sequence_shift = out.sequence - packet.sequence
            self.timestamp_shift = out.timestamp - packet.timestamp
            self.next_sequence, self.next_timestamp = packet.sequence, packet.timestamp
            kind = hearer.law | rtp.MARKER
            self.resync = False
        head = rtp.HEADER.pack(
            rtp.PLAIN,
            kind,
            packet.sequence + self.sequence_shift & rtp.M16,
            packet.timestamp + self.timestamp_shift & rtp.M32,
            hearer.out.ssrc,
        )
        hearer.transmit(head + translated(sound, law, hearer.law))

    # Who hears it

    def heard_by(self, hearer: "Leg | None") -> None:
        """Its packets go through to that leg from now on, or to none."""
        if hearer is self.hearer:
            return
        self.carry()
        self.unsettle()
        self.hearer = hearer
        self.resync = True

    def carry(self) -> None:
        """Tell the stream of who hears it how far it has come."""
        self.catch_up()
        if self.hearer is not None and not self.resync:
            sequence = self.next_sequence + self.sequence_shift & rtp.M16
            timestamp = self.next_timestamp + self.timestamp_shift & rtp.M32
            self.hearer.out.carried(sequence, timestamp, max(0, self.way.size - rtp.HEADER.size))

    def statistics(self) -> LegStatistics:
        self.catch_up()
        self.incoming.reach(self.next_sequence)
        heard = self.incoming
        return LegStatistics(heard.received, self.out.packets, max(0, heard.lost), heard.jitter * 1000 / RATE)
