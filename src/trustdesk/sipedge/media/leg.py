"""A leg: its sockets, its far side, what it hears and what it is told.

While packets follow each other the loop handles them itself, by the fields under "the steady way". Everything out of
the ordinary comes here; `unsettle` sends the next packet this way.
"""

import os
import random
import secrets
import socket
from collections import Counter
from pathlib import Path
from typing import Any, Final, Self

from trustdesk.sipedge.audio.laws import A_TO_MU, MU_TO_A, RATE, silence, translated
from trustdesk.sipedge.media import rtcp, rtp
from trustdesk.sipedge.media.contracts import Far, Law, LegStatistics, Place
from trustdesk.sipedge.media.keys import KeyHearing
from trustdesk.sipedge.media.ports import Ports, disconnect, same_place
from trustdesk.sipedge.media.tape import Tape

ODD: Final = -1  # no payload type: nothing is steady
_LAWS: Final = frozenset(Law)
_LARGEST: Final = 2048
_DROPOUT, _MISORDER = 3000, 100  # packets (RFC 3550, appendix A.1)
_SURE: Final = {True: 3, False: 5}  # packets of one source: from the signalled host, from another
Address = tuple[str, int] | str


class Outgoing:
    """The one stream that a leg's far side hears, whatever it is made of: numbered without a gap."""

    __slots__ = ("_started", "_zero", "fresh", "octets", "packets", "reported", "sequence", "ssrc", "timestamp")

    def __init__(self, now: float) -> None:
        self.ssrc = secrets.randbits(32)
        self.sequence = random.getrandbits(15)
        self.timestamp = self._zero = secrets.randbits(32)
        self._started = now
        self.packets = self.octets = self.reported = 0
        self.fresh = True

    def switch(self, now: float) -> None:
        """Something else is heard from now on: its first packet bears a marker and the clock's timestamp."""
        by_clock = self._zero + int((now - self._started) * RATE) & rtp.M32
        if rtp.ahead(by_clock, self.timestamp) > 0:
            self.timestamp = by_clock
        self.fresh = True

    def packet(self, kind: int, payload: bytes, *, samples: int, marker: bool = False) -> bytes:
        """The next packet; the stream goes on by so many samples."""
        if self.fresh or marker:
            kind |= rtp.MARKER
            self.fresh = False
        made = rtp.HEADER.pack(rtp.PLAIN, kind, self.sequence, self.timestamp, self.ssrc) + payload
        self.sequence = self.sequence + 1 & rtp.M16
        self.timestamp = self.timestamp + samples & rtp.M32
        self.packets += 1
        self.octets += len(payload)
        return made

    def carried(self, sequence: int, timestamp: int, size: int) -> None:
        """What passed through since last asked."""
        passed = sequence - self.sequence & rtp.M16
        self.packets += passed
        self.octets += passed * size
        self.sequence, self.timestamp = sequence, timestamp


class Incoming:
    """What is known of the stream that a leg hears: losses and jitter (RFC 3550, appendix A)."""

    __slots__ = ("_before", "_seen", "_transit", "first", "highest", "jitter", "late", "lost")

    def __init__(self) -> None:
        self.first = self.highest = self.lost = self.late = 0
        self.jitter = 0.0
        self._before = (0, 0)
        self._seen: int | None = None
        self._transit: float | None = None

    def begin(self, sequence: int) -> None:
        """Another stream; what was counted is kept."""
        self._seen = self.first = sequence
        self._transit = None

    def reach(self, next_sequence: int) -> int:
        """Count on to the sequence number that comes next; how many were expected since last asked."""
        if self._seen is None:
            return 0
        passed = next_sequence - self._seen & rtp.M16
        self.highest += passed
        self._seen = next_sequence
        return passed

    def measure(self, now: float, timestamp: int) -> None:
        """One arrival. Those of the steady way are sampled."""
        transit = now * RATE - timestamp
        if self._transit is not None:
            apart = abs(transit - self._transit)
            if apart < RATE:  # a timestamp that wrapped is no jitter
                self.jitter += (apart - self.jitter) / 16
        self._transit = transit

    def fraction_since(self) -> float:
        """The part that was lost since last asked."""
        expected, lost = self.highest - self._before[0], self.lost - self._before[1]
        self._before = (self.highest, self.lost)
        return min(max(lost / expected, 0.0), 1.0) if expected > 0 else 0.0

    @property
    def received(self) -> int:
        return max(0, self.highest - self.lost)


class Leg:
    """See the module. Times are monotonic seconds."""

    __slots__ = (
        *(
            "address",
            "call",
            "control",
            "far",
            "file",
            "incoming",
            "keying",
            "keys",
            "keys_type",
            "law",
            "local",
            "mixer_input",
        ),
        *("muted", "name", "out", "path", "playing", "ports", "room", "socket", "tape"),
        *(
            "_candidates",
            "_known",
            "canonical",
            "connected",
            "quiet_since",
            "control_address",
            "silent",
            "sender_report",
            "report_at",
        ),
        *("kind", "next_sequence", "next_timestamp", "size", "ssrc"),
        *("hearer", "resync", "sequence_shift", "table", "timestamp_shift", "to_file", "to_kind", "to_ssrc"),
    )

    def __init__(self, name: str, call: int, law: Law, now: float) -> None:
        self.name, self.call, self.law = name, call, law
        self.out, self.incoming, self.keys = Outgoing(now), Incoming(), KeyHearing()
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
        # The steady way: what comes next, and where it goes.
        self.kind = ODD
        self.next_sequence = self.next_timestamp = self.size = 0
        self.ssrc: int | None = None
        self.hearer: Leg | None = None
        self.resync = True
        self.sequence_shift = self.timestamp_shift = 0
        self.table: bytes | None = None
        self.to_file, self.to_kind, self.to_ssrc = -1, 0, 0

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

    def unsettle(self) -> None:
        self.kind = ODD

    def settle(self, kind: int, size: int) -> None:
        """From here on packets may take the steady way, if nothing stands against it."""
        hearer = self.hearer
        plain = self.connected and not self.muted and self.mixer_input is None
        if plain and (hearer is None or (hearer.connected and not self.resync)):
            self.size = size
            self.kind = kind

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
        self.settle(packet.kind, rtp.HEADER.size + len(sound))

    def skip(self, packet: rtp.Packet) -> None:
        """Something that is not sound took a number of the stream: it leaves no gap for who hears it."""
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
            self.to_ssrc, self.to_file, self.to_kind = out.ssrc, hearer.file, hearer.law
            self.next_sequence, self.next_timestamp = packet.sequence, packet.timestamp
            kind = hearer.law | rtp.MARKER
            self.resync = False
        self.table = None if law is hearer.law else A_TO_MU if law is Law.A else MU_TO_A
        head = rtp.HEADER.pack(
            rtp.PLAIN,
            kind,
            packet.sequence + self.sequence_shift & rtp.M16,
            packet.timestamp + self.timestamp_shift & rtp.M32,
            self.to_ssrc,
        )
        hearer.transmit(head + translated(sound, law, hearer.law))

    # Who hears it

    def heard_by(self, hearer: "Leg | None") -> None:
        """Its packets go through to that leg from now on, or to none."""
        if hearer is self.hearer:
            return
        self.carry()
        self.hearer = hearer
        self.to_file = -1
        self.resync = True
        self.unsettle()

    def carry(self) -> None:
        """Tell the stream of who hears it how far it has come."""
        if self.hearer is not None and not self.resync:
            sequence = self.next_sequence + self.sequence_shift & rtp.M16
            timestamp = self.next_timestamp + self.timestamp_shift & rtp.M32
            self.hearer.out.carried(sequence, timestamp, max(0, self.size - rtp.HEADER.size))

    def statistics(self) -> LegStatistics:
        self.incoming.reach(self.next_sequence)
        heard = self.incoming
        return LegStatistics(heard.received, self.out.packets, max(0, heard.lost), heard.jitter * 1000 / RATE)
