"""Tones made here, and how loud something is."""

import math

import numpy as np

from trustdesk.sipedge.audio.laws import RATE, Samples, linear, octets
from trustdesk.sipedge.media.contracts import Law

_FULL = 32767
_FADE_MS = 5  # a tone that begins at once clicks
_BEEP_HERTZ, _BEEP_MS, _BEEP_DBOV = 1400, 200, -16.0


def tone(hertz: float, milliseconds: int, *, dbov: float = -16.0, law: Law = Law.A) -> bytes:
    """A sine, faded in and out. `dbov` is its level against the loudest square wave (ITU-T G.100.1)."""
    count = milliseconds * RATE // 1000
    wave = np.sin(2 * math.pi * hertz / RATE * np.arange(count)) * _FULL * math.sqrt(2) * 10 ** (dbov / 20)
    fade = min(_FADE_MS * RATE // 1000, count // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade, endpoint=False)
        wave[:fade] *= ramp
        wave[-fade:] *= ramp[::-1]
    return octets(np.rint(wave).astype(np.int32), law)


def pause_beep() -> bytes:
    """What both hear when a recording pauses and when it goes on: A-law, 200 ms at 1,400 Hz."""
    return tone(_BEEP_HERTZ, _BEEP_MS, dbov=_BEEP_DBOV)


def level(sound: bytes | Samples, law: Law = Law.A) -> float:
    """Root mean square in dBov (ITU-T G.100.1); minus infinity below -70, as A-law has no octet for zero."""
    samples = linear(sound, law) if isinstance(sound, bytes) else sound
    if not len(samples):
        return -math.inf
    root = math.sqrt(float(np.mean(np.square(samples.astype(np.float64)))))
    found = 20 * math.log10(root / _FULL) if root else -math.inf
    return found if found > -70 else -math.inf
