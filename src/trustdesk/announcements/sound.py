"""Sound as the exchange plays it: 8,000 samples a second, A-law (ITU-T G.711), at one level.

Every notice and prompt comes to the same loudness, so that nobody turns the telephone down before a notice and misses
the next word.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trustdesk.sipedge.api import RATE, Law, linear, octets

Samples = NDArray[np.float64]
"""Between -1 and 1."""

_FULL: Final = 32_768.0
_LEVEL: Final = 10 ** (-20 / 20)  # of what is spoken, against full scale
_PEAK: Final = 10 ** (-2 / 20)
_FRAME: Final = RATE // 50  # 20 ms
_SPOKEN_ABOVE: Final = 10 ** (-30 / 20)  # of the loudest frame: what is below is a pause
_TAPS: Final = 32  # on each side of a sample, when the rate is changed
_PASSED: Final = 0.92  # of the half rate: telephones end at 3,400 Hz
_CHUNK: Final = 8_192


@dataclass(frozen=True, slots=True)
class Loudness:
    """In decibels against full scale: what is spoken, the loudest sample; and which part of the samples is cut off."""

    spoken: float
    peak: float
    clipped: float


def loudness(samples: Samples) -> Loudness:
    spoken, peak = _spoken(samples), float(np.max(np.abs(samples), initial=0.0))
    clipped = float(np.mean(np.abs(samples) >= 1 - 2 / _FULL)) if len(samples) else 0.0
    return Loudness(_decibel(spoken), _decibel(peak), clipped)


def resampled(samples: Samples, rate: int) -> Samples:
    """The same sound at 8,000 samples a second, without what an octet stream of that rate can't carry.

    Each new sample is a sum over the old ones beside it, weighed by a windowed sinc.
    """
    if rate == RATE:
        return samples
    step = rate / RATE
    cut = _PASSED * min(1.0, 1.0 / step)
    reach = int(np.ceil(_TAPS * max(1.0, step)))
    padded = np.concatenate([np.zeros(reach), samples, np.zeros(reach + 1)])
    count = int(len(samples) / step)
    offsets = np.arange(-reach, reach + 1)
    made = np.empty(count)
    for first in range(0, count, _CHUNK):
        places = np.arange(first, min(first + _CHUNK, count)) * step
        nearest = np.floor(places).astype(np.int64)
        away = offsets[None, :] - (places - nearest)[:, None]
        weights = cut * np.sinc(cut * away) * (0.5 + 0.5 * np.cos(np.pi * np.clip(away / reach, -1, 1)))
        made[first : first + len(places)] = np.sum(padded[nearest[:, None] + reach + offsets] * weights, axis=1)
    return made


def leveled(samples: Samples) -> Samples:
    """At the level of all notices; what would be louder than the loudest is bent, not cut."""
    spoken = _spoken(samples)
    if spoken == 0:
        return samples
    louder = samples * (_LEVEL / spoken)
    return np.where(
        np.abs(louder) <= _PEAK / 2,
        louder,
        np.sign(louder) * (_PEAK / 2) * (1 + np.tanh(np.abs(louder) / (_PEAK / 2) - 1)),
    )


def trimmed(samples: Samples, *, before_ms: int = 20, after_ms: int = 60) -> Samples:
    """Without the silence at both ends, but for some milliseconds."""
    loud = np.flatnonzero(np.abs(samples) > 10 ** (-45 / 20))
    if not len(loud):
        return samples[:0]
    first, last = loud[0] - RATE * before_ms // 1000, loud[-1] + RATE * after_ms // 1000
    return samples[max(first, 0) : last]


def to_alaw(samples: Samples) -> bytes:
    return octets(np.rint(samples * _FULL).astype(np.int32), Law.A)


def from_alaw(alaw: bytes) -> Samples:
    return linear(alaw, Law.A) / _FULL


def _spoken(samples: Samples) -> float:
    """Root mean square of the frames in which somebody speaks."""
    whole = len(samples) // _FRAME * _FRAME
    if whole == 0:
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    power = np.mean(samples[:whole].reshape(-1, _FRAME) ** 2, axis=1)
    loud = power[power >= np.max(power) * _SPOKEN_ABOVE**2]
    return float(np.sqrt(np.mean(loud)))


def _decibel(value: float) -> float:
    return float(20 * np.log10(value)) if value > 0 else -120.0
