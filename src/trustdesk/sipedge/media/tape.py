"""What a leg says, laid on the call's clock before it is sealed: lengths are exact whatever is lost, late or paused.

A sample's place follows from its RTP timestamp, counted from the packet that the tape was anchored with. Where the
stream and the clock part by more than half a second (a new stream, a sender that stopped, one that floods) the tape is
anchored anew at the clock. Holes are silence.
"""

from typing import Final

from trustdesk.sipedge.audio.laws import RATE, silence
from trustdesk.sipedge.audio.sealed import CHUNK_OCTETS, Mark
from trustdesk.sipedge.media import rtp
from trustdesk.sipedge.media.contracts import Law, Sealing
from trustdesk.sipedge.media.scribe import Scribe

A_MS: Final = RATE // 1000
_APART: Final = RATE // 2
_OVERDUE: Final = CHUNK_OCTETS + RATE // 4


class Tape:
    """One recording while it goes on. `clock_ms` arguments are the call's clock.

    `parts` is what was heard since the last chunk: always the same list, to which the loop appends directly while
    packets follow each other.
    """

    __slots__ = ("_anchor", "_anchored_at", "_law", "_reel", "_scribe", "_start", "parts", "paused")

    def __init__(self, scribe: Scribe, leg: str, sealing: Sealing, law: Law, clock_ms: int) -> None:
        self._scribe = scribe
        self._reel = scribe.begin(leg, sealing, clock_ms)
        self._law = law
        self._start = clock_ms * A_MS  # where `parts` begin, in samples of the call's clock
        self._anchor: int | None = None
        self._anchored_at = 0
        self.parts: list[bytes] = []
        self.paused = False

    @property
    def recording(self) -> int:
        return self._reel.recording

    def _filled(self) -> int:
        return self._start + sum(map(len, self.parts))

    def lift(self) -> None:
        """The next packet anchors anew: another stream."""
        self._anchor = None

    def add(self, timestamp: int, sound: bytes, law: Law, clock_ms: int) -> None:
        """Sound that does not simply follow the last: the first, after a loss, late, in another law."""
        if self.paused:
            return
        if law is not self._law:
            self._hand_over()
            self._law = law
        filled, clock = self._filled(), clock_ms * A_MS
        place = self._place(timestamp)
        if place is None or abs(place + len(sound) - clock) > _APART:
            place = max(filled, clock - len(sound))
            place -= place % A_MS
            place = max(place, filled)
            self._anchor, self._anchored_at = timestamp, place
        if place >= filled:
            if place > filled:
                self.parts.append(silence(law, place - filled))
            self.parts.append(sound)
        else:
            self._put_late(place, sound)
        if self._filled() - self._start >= CHUNK_OCTETS:
            self.turn(clock_ms)

    def turn(self, clock_ms: int) -> bool:
        """Hand over what there is. False where the stream ran ahead of the clock: the next must be anchored."""
        over = self._filled() - clock_ms * A_MS - _APART
        if over > 0:
            held = b"".join(self.parts)
            self.parts[:] = [held[: max(0, len(held) - over)]]
            self.lift()
        self._hand_over()
        return over <= 0

    def look(self, clock_ms: int) -> None:
        """Now and then: where nothing comes any more, silence does."""
        clock = clock_ms * A_MS
        if not self.paused and clock - self._start > _OVERDUE:
            self._fill(clock - RATE // 4)
            self._hand_over()

    def mark(self, mark: Mark, clock_ms: int) -> None:
        """A mark at this instant, after all that was said before it."""
        if mark is Mark.UNPAUSED:
            self._start = max(self._start, clock_ms * A_MS)
            self.paused = False
        elif not self.paused:
            self._fill(clock_ms * A_MS)
            self.turn(clock_ms)
            self.paused = mark is Mark.PAUSED
        self.lift()
        self._scribe.mark(self._reel, mark, max(clock_ms, -(-self._start // A_MS)))

    def _place(self, timestamp: int) -> int | None:
        return None if self._anchor is None else self._anchored_at + rtp.ahead(timestamp, self._anchor)

    def _fill(self, until: int) -> None:
        filled = self._filled()
        if until > filled:
            self.parts.append(silence(self._law, until - filled))

    def _put_late(self, place: int, sound: bytes) -> None:
        """In its place, where that was not handed over yet."""
        held = bytearray(b"".join(self.parts))
        first = place - self._start
        if first >= 0 and first + len(sound) <= len(held):
            held[first : first + len(sound)] = sound
            self.parts[:] = [bytes(held)]

    def _hand_over(self) -> None:
        if self.parts:
            start, self._start = self._start, self._filled()
            self._scribe.sound(self._reel, self._law, start // A_MS, tuple(self.parts))
            self.parts.clear()
