"""Tones as G.711 and their way back, from the standard's tables once more: what the product says is checked by it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from trustdesk.sipedge.media.contracts import Law

RATE: Final = 8000


def _value(law: Law, octet: int) -> int:
    if law is Law.A:
        octet ^= 0x55
        exponent, mantissa = octet >> 4 & 7, octet & 15
        size = (mantissa * 2 + 1) << 3 if exponent == 0 else (mantissa * 2 + 33) << exponent + 2
        return size if octet & 0x80 else -size
    octet ^= 0xFF
    size = ((octet & 15) * 2 + 33 << (octet >> 4 & 7) + 2) - 132
    return -size if octet & 0x80 else size


VALUES: Final = {law: np.array([_value(law, octet) for octet in range(256)]) for law in Law}


def sine(hertz: float, seconds: float, law: Law) -> bytes:
    """A tone at a third of full scale."""
    wave = 10_000 * np.sin(2 * np.pi * hertz / RATE * np.arange(int(seconds * RATE)))
    nearest = np.abs(VALUES[law][None, :] - wave[:, None]).argmin(axis=1)
    return bytes(nearest.astype(np.uint8))


def samples(sound: bytes, law: Law) -> NDArray[np.float64]:
    return VALUES[law][np.frombuffer(sound, np.uint8)].astype(np.float64)


def loudest(wave: NDArray[np.float64], rate: int = RATE) -> float:
    """The frequency with the most power, by FFT."""
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    power[: int(100 * len(wave) / rate)] = 0  # hum
    return float(power.argmax() * rate / len(wave))
