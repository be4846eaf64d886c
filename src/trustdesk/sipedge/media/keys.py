"""Keys as telephone events in RTP (RFC 4733): heard once each, and pressed for the far side."""

import struct
from collections.abc import Iterator
from typing import Final

from trustdesk.sipedge.media.rtp import FRAME, M32

KEYS: Final = "0123456789*#ABCD"
_EVENT = struct.Struct(">BBH")
_END = 0x80
_VOLUME = 10  # dBm0 below zero, as the keypads of telephones have it
_LONGEST = 0xFFFF
PRESSED_FRAMES: Final = 5  # 100 ms
LAST_REPEATED: Final = 3  # the end is said three times (section 2.5.1.4)
BETWEEN_FRAMES: Final = 4  # 80 ms until the next key


class KeyHearing:
    """Tells a key when its first packet comes, and nothing for the many that repeat and end it."""

    __slots__ = ("_duration", "_event", "_over", "_start")

    def __init__(self) -> None:
        self._start = self._event = -1
        self._duration = 0
        self._over = True

    def heard(self, timestamp: int, payload: bytes) -> str | None:
        """The key that was begun, None where it is known already or is none."""
        if len(payload) < _EVENT.size:
            return None
        event, flags, duration = _EVENT.unpack_from(payload)
        if event >= len(KEYS) or (timestamp == self._start and event == self._event):
            self._over = self._over or bool(flags & _END)
            self._duration = max(self._duration, duration)
            return None
        goes_on = (
            not self._over and event == self._event and timestamp == self._start + self._duration & M32
        )  # longer than a duration can say: in segments (section 2.5.1.3)
        self._start, self._event, self._duration, self._over = timestamp, event, duration, bool(flags & _END)
        return None if goes_on else KEYS[event]


def pressed(key: str) -> Iterator[tuple[bytes, bool]]:
    """A key's payloads, one for each 20 ms, and whether it is the first; all bear the timestamp of the first.

    ValueError where there is no such key.
    """
    event = KEYS.index(key)
    for number in range(1, PRESSED_FRAMES + 1):
        yield _EVENT.pack(event, _VOLUME, min(number * FRAME, _LONGEST)), number == 1
    for _again in range(LAST_REPEATED):
        yield _EVENT.pack(event, _VOLUME | _END, PRESSED_FRAMES * FRAME), False
