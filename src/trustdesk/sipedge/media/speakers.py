"""What speaks at the pace of the clock: a frame every 20 ms, each speaker in one of five turns so that they spread."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from trustdesk.sipedge.audio.laws import silence, translated
from trustdesk.sipedge.media import keys
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.media.leg import Leg
from trustdesk.sipedge.media.rtp import FRAME

TURNS: Final = 5
_CLIPS_KEPT = 256


class Speaker(Protocol):
    """Something with a turn."""

    def speak(self, now: float) -> bool:
        """One frame's worth. False when there is nothing more to say."""


class Turns:
    """Whose turn it is."""

    def __init__(self) -> None:
        self._turns: list[dict[Speaker, None]] = [{} for _turn in range(TURNS)]

    def add(self, speaker: Speaker) -> None:
        min(self._turns, key=len)[speaker] = None

    def remove(self, speaker: Speaker) -> None:
        for turn in self._turns:
            turn.pop(speaker, None)

    def take(self, number: int, now: float) -> None:
        turn = self._turns[number % TURNS]
        if turn:
            for speaker in list(turn):
                if not speaker.speak(now):
                    turn.pop(speaker, None)


@lru_cache(maxsize=_CLIPS_KEPT)
def _frames(path: Path, law: Law, _changed: int) -> tuple[bytes, ...]:
    sound = translated(path.read_bytes(), Law.A, law)
    sound += silence(law, -len(sound) % FRAME)
    return tuple(sound[place : place + FRAME] for place in range(0, len(sound), FRAME))


class Player:
    """Clips in a row to one leg. `over` is called 20 ms after the last frame has left: when it has been heard.

    OSError where a clip can't be read.
    """

    def __init__(self, leg: Leg, clips: Sequence[Path], *, loop: bool, over: Callable[[float], None]) -> None:
        self._leg, self._over, self._loop = leg, over, loop
        changed = [clip.stat().st_mtime_ns for clip in clips]
        self._frames = {
            law: [frame for clip, at in zip(clips, changed, strict=True) for frame in _frames(clip, law, at)]
            for law in Law
        }
        self._length = len(self._frames[Law.A])
        self._next = 0
        self._begun = False

    def speak(self, now: float) -> bool:
        leg = self._leg
        if leg.address is None or leg.keying is not None:
            return True  # nobody is there yet, or keys are pressed: it waits
        if self._next == self._length:
            if not self._loop or not self._length:
                self._over(now)
                return False
            self._next = 0
        if not self._begun:
            leg.out.switch(now)
            self._begun = True
        frame = self._frames[leg.law][self._next]
        self._next += 1
        leg.transmit(leg.out.packet(leg.law, frame, samples=FRAME))
        return True


class Keying:
    """Keys pressed for the far side of a leg, one after the other."""

    def __init__(self, leg: Leg, digits: str, *, over: Callable[[float], None]) -> None:
        self._leg, self._over = leg, over
        self._left = digits
        self._steps = self._all()
        self._timestamp = 0

    def more(self, digits: str) -> None:
        self._left += digits

    def speak(self, now: float) -> bool:
        leg = self._leg
        if leg.address is None:
            return True
        step = next(self._steps, None)
        if step is None:
            leg.out.switch(now)
            self._over(now)
            return False
        payload, first = step
        if payload and leg.keys_type is not None:
            out = leg.out
            if first:
                out.switch(now)
                self._timestamp = out.timestamp
            out.timestamp, out.fresh = self._timestamp, first
            leg.transmit(out.packet(leg.keys_type, payload, samples=0))
        return True

    def _all(self) -> Iterator[tuple[bytes, bool]]:
        while self._left:
            key, self._left = self._left[0], self._left[1:]
            yield from keys.pressed(key)
            for _pause in range(keys.BETWEEN_FRAMES):
                yield b"", False
