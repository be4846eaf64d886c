"""Legs that hear each other: two by passing through, more by mixing; listeners hear the mix and are not heard."""

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trustdesk.sipedge.audio.laws import linear, octets
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.media.leg import Leg
from trustdesk.sipedge.media.rtp import FRAME
from trustdesk.sipedge.media.speakers import Turns

_HELD_AT_FIRST: Final = 2  # frames: what the network's unevenness may take
_HELD_AT_MOST: Final = 6
_TWO: Final = 2
Wave = NDArray[np.int32]


class MixerInput:
    """What one leg says, waiting to be mixed, in frames of 20 ms whatever the size of its packets."""

    __slots__ = ("_filling", "_frames", "_rest")

    def __init__(self) -> None:
        self._frames: deque[Wave] = deque()
        self._rest: Wave = np.empty(0, dtype=np.int32)
        self._filling = True

    def put(self, sound: bytes, law: Law) -> None:
        wave = linear(sound, law).astype(np.int32)
        if len(self._rest) or len(wave) != FRAME:
            wave = np.concatenate([self._rest, wave])
        whole = len(wave) - len(wave) % FRAME
        self._frames.extend(wave[place : place + FRAME] for place in range(0, whole, FRAME))
        self._rest = wave[whole:]
        if len(self._frames) > _HELD_AT_MOST:  # its clock is faster, or the network held them back
            while len(self._frames) > _HELD_AT_FIRST:
                self._frames.popleft()
        if len(self._frames) >= _HELD_AT_FIRST:
            self._filling = False

    def take(self) -> Wave | None:
        if self._filling:
            return None
        if not self._frames:
            self._filling = True
            return None
        return self._frames.popleft()


class Room:
    """Members hear each other. Whoever changes something that routes depend on calls `arrange`."""

    def __init__(self, turns: Turns, members: Sequence[Leg], listeners: Sequence[Leg], now: float) -> None:
        self._turns = turns
        self._members, self._listeners = list(members), list(listeners)
        self._mixing = False
        for leg in (*members, *listeners):
            leg.room = self
        self.arrange(now)

    def leave(self, leg: Leg, now: float) -> None:
        """It is alone from now on."""
        for side in (self._members, self._listeners):
            if leg in side:
                side.remove(leg)
        _alone(leg, now)
        self.arrange(now)

    def arrange(self, now: float) -> None:
        """Who passes through to whom, and who is mixed."""
        passing = len(self._members) == _TWO
        for number, leg in enumerate(self._members):
            other = self._members[1 - number] if passing else None
            leg.heard_by(None if other is None or other.occupied else other)
        self._mix_or_not((not passing and len(self._members) > _TWO) or bool(self._listeners), now)

    def refresh(self, leg: Leg, now: float) -> None:
        """The far side of a leg is another one: who passes through to it begins anew."""
        for other in self._members:
            if other.hearer is leg:
                other.heard_by(None)
        self.arrange(now)

    def carry(self, leg: Leg) -> None:
        """Tell the stream of a leg how far it has come by what passes through to it."""
        for other in self._members:
            if other.hearer is leg:
                other.carry()

    def speak(self, now: float) -> bool:  # noqa: ARG002 - as all that have a turn
        """The mix of 20 ms to everybody who hears one."""
        voices = {id(leg): voice for leg in self._members if (voice := leg.mixer_input.take()) is not None}
        total: Wave = sum(voices.values(), np.zeros(FRAME, dtype=np.int32))
        whole: dict[Law, bytes] = {}
        for leg in self._hearing():
            if leg.occupied:
                continue
            own = voices.get(id(leg))
            if own is None:
                frame = whole.get(leg.law) or whole.setdefault(leg.law, octets(total, leg.law))
            else:
                frame = octets(total - own, leg.law)
            leg.transmit(leg.out.packet(leg.law, frame, samples=FRAME))
        return True

    def _hearing(self) -> Sequence[Leg]:
        return self._listeners if len(self._members) <= _TWO else [*self._members, *self._listeners]

    def _mix_or_not(self, mixing: bool, now: float) -> None:  # noqa: FBT001 - the name asks it
        for leg in self._members:
            if mixing and leg.mixer_input is None:
                leg.mixer_input = MixerInput()
            elif not mixing:
                leg.mixer_input = None
            leg.unsettle()
        if mixing:
            for leg in self._hearing():
                leg.out.switch(now)
        if mixing and not self._mixing:
            self._turns.add(self)
        elif self._mixing and not mixing:
            self._turns.remove(self)
        self._mixing = mixing


def _alone(leg: Leg, now: float) -> None:
    leg.room = leg.mixer_input = None
    leg.heard_by(None)
    leg.unsettle()
    leg.out.switch(now)
