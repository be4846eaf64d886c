"""G.711: A-law and µ-law octets, each other and 16-bit linear (ITU-T G.711, tables 1 and 2).

Translation between the laws is a table of 256 octets; to and from linear goes by tables too, so that a second of sound
is one look-up of 8,000 places.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from trustdesk.sipedge.media.contracts import RATE, Law

__all__ = ["A_TO_MU", "MU_TO_A", "RATE", "Samples", "linear", "octets", "silence", "translated"]
Samples = NDArray[np.int16]

_MU_BIAS = 0x84


def _a_to_linear(octet: int) -> int:
    octet ^= 0x55
    segment, step = octet >> 4 & 7, octet & 0x0F
    magnitude = (step << 4) + 8 if segment == 0 else (step << 4) + 0x108 << segment - 1
    return magnitude if octet & 0x80 else -magnitude


def _mu_to_linear(octet: int) -> int:
    octet = ~octet & 0xFF
    magnitude = (((octet & 0x0F) << 3) + _MU_BIAS << (octet >> 4 & 7)) - _MU_BIAS
    return -magnitude if octet & 0x80 else magnitude


_LINEAR: Final[dict[Law, Samples]] = {
    Law.A: np.array([_a_to_linear(octet) for octet in range(256)], dtype=np.int16),
    Law.MU: np.array([_mu_to_linear(octet) for octet in range(256)], dtype=np.int16),
}


def _nearest(values: Samples) -> NDArray[np.uint8]:
    """For each of the 65,536 samples the octet whose value is nearest; at the middle the smaller magnitude."""
    order = np.argsort(values, kind="stable")
    ordered = values[order].astype(np.int32)
    samples = np.arange(-32768, 32768, dtype=np.int32)
    above = np.clip(np.searchsorted(ordered, samples), 1, 255)
    low, high = ordered[above - 1], ordered[above]
    to_low, to_high = samples - low, high - samples
    lower = (to_low < to_high) | ((to_low == to_high) & (samples > 0))
    return order[np.where(lower, above - 1, above)].astype(np.uint8)


_OCTETS: Final = {law: _nearest(values) for law, values in _LINEAR.items()}


def _translation(source: Law, target: Law) -> bytes:
    return _OCTETS[target][_LINEAR[source].astype(np.int32) + 32768].tobytes()


A_TO_MU: Final = _translation(Law.A, Law.MU)
MU_TO_A: Final = _translation(Law.MU, Law.A)
_SILENCE: Final = {Law.A: b"\xd5", Law.MU: b"\xff"}


def translated(sound: bytes, source: Law, target: Law) -> bytes:
    """The same sound in the other law; itself where both are the same."""
    if source is target:
        return sound
    return sound.translate(A_TO_MU if source is Law.A else MU_TO_A)


def silence(law: Law, samples: int) -> bytes:
    return _SILENCE[law] * samples


def linear(sound: bytes, law: Law) -> Samples:
    """16-bit samples of G.711 octets (ITU-T G.711)."""
    return _LINEAR[law][np.frombuffer(sound, dtype=np.uint8)]


def octets(samples: NDArray[np.int32] | Samples, law: Law) -> bytes:
    """The sound in a law; what is too loud for 16 bits is clipped."""
    within = np.clip(samples, -32768, 32767).astype(np.int32)
    return _OCTETS[law][within + 32768].tobytes()
