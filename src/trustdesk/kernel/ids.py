"""Identifiers: 63-bit, roughly ordered by time, written in Crockford base 32 on the outside."""

import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_WIDTH = 13
_PAIRS = [
    first + second for first in _ALPHABET for second in _ALPHABET
]  # ten bits at once: every log entry is written so
_PAIR_SHIFTS = range(55, 0, -10)
_NODE_BITS = 12
_SEQUENCE_BITS = 10
MAX_ID = 2**63 - 1


class _Sequence:
    """Ids of one process: never the same twice, also when the clock is set back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._node = secrets.randbits(_NODE_BITS)
        self._last = 0

    def next(self) -> int:
        step = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _SEQUENCE_BITS
        with self._lock:
            self._last = max(self._last + 1, step)
            value = self._last
        sequence = value & ((1 << _SEQUENCE_BITS) - 1)
        return ((value >> _SEQUENCE_BITS) << (_NODE_BITS + _SEQUENCE_BITS)) | (self._node << _SEQUENCE_BITS) | sequence


_sequence = _Sequence()


def new_id() -> int:
    """A fresh identifier, 0 < id < 2**63, greater than those this process gave before."""
    return _sequence.next()


def to_public(identifier: int) -> str:
    """The identifier as thirteen letters for addresses and screens."""
    if not 0 <= identifier <= MAX_ID:
        msg = "identifier out of range"
        raise ValueError(msg)
    pairs = [_PAIRS[identifier >> shift & 1023] for shift in _PAIR_SHIFTS]
    return "".join(pairs) + _ALPHABET[identifier & 31]


def from_public(text: str) -> int:
    """The identifier behind thirteen letters; ValueError where the text is not one."""
    if len(text) != _WIDTH:
        msg = "an identifier has thirteen letters"
        raise ValueError(msg)
    value = 0
    for letter in text.upper():
        if letter not in _VALUES:
            msg = "an identifier has letters and digits without U"
            raise ValueError(msg)
        value = value * 32 + _VALUES[letter]
    if value > MAX_ID:
        msg = "identifier out of range"
        raise ValueError(msg)
    return value
