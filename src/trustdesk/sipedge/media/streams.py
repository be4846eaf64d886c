"""The two streams of a leg: the one its far side hears, and the one that comes from there."""

import random
import secrets

from trustdesk.sipedge.audio.laws import RATE
from trustdesk.sipedge.media import rtp


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
