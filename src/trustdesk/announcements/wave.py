"""RIFF WAVE: read as far as recorders and exchanges write it, written as far as browsers play it. PCM and A-law."""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from trustdesk.announcements.sound import Samples, from_alaw
from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.api import RATE

_PCM: Final = 1
_ALAW: Final = 6
_EXTENSIBLE: Final = 0xFFFE
_RATES: Final = range(8_000, 96_001)
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")


@dataclass(frozen=True, slots=True)
class _Format:
    channels: int
    rate: int
    bits: int
    alaw: bool


def read_wave(content: bytes) -> tuple[Samples, int]:
    """Samples, several channels made one, and how many a second. BadInputError where it is another kind of file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise _refused(_("This is not a WAV file."))
    form: _Format | None = None
    place = 12
    while place + _CHUNK.size <= len(content):
        name, length = _CHUNK.unpack_from(content, place)
        body = content[place + _CHUNK.size : place + _CHUNK.size + length]
        if name == b"fmt ":
            form = _format(body)
        elif name == b"data":
            if form is None:
                break
            return _samples(body, form), form.rate
        place += _CHUNK.size + length + length % 2
    raise _refused(_("The WAV file holds no sound."))


def write_wave(alaw: bytes) -> bytes:
    """A-law as 16-bit PCM, which every browser plays."""
    sound = np.rint(from_alaw(alaw) * 32_768).astype("<i2").tobytes()
    return _file(_FORMAT.pack(_PCM, 1, RATE, RATE * 2, 2, 16), sound)


def write_alaw_wave(alaw: bytes) -> bytes:
    """A-law as it is, in a file of half the size."""
    return _file(_FORMAT.pack(_ALAW, 1, RATE, RATE, 1, 8), alaw)


def _file(form: bytes, sound: bytes) -> bytes:
    parts = _CHUNK.pack(b"fmt ", len(form)) + form + _CHUNK.pack(b"data", len(sound)) + sound
    return _CHUNK.pack(b"RIFF", len(parts) + 4) + b"WAVE" + parts


def _format(body: bytes) -> _Format:
    if len(body) < _FORMAT.size:
        raise _refused(_("The WAV file is broken."))
    kind, channels, rate, _bytes, _frame, bits = _FORMAT.unpack_from(body)
    if kind == _EXTENSIBLE and len(body) >= 26:
        kind = int.from_bytes(body[24:26], "little")
    if (kind, bits) != (_ALAW, 8) and (kind != _PCM or bits not in {8, 16, 24, 32}):
        raise _refused(_("The sound is of a kind that is not read here."))
    if channels not in {1, 2} or rate not in _RATES:
        raise _refused(_("The sound needs one or two channels and 8,000 to 96,000 samples a second."))
    return _Format(channels, rate, bits, kind == _ALAW)


def _samples(body: bytes, form: _Format) -> Samples:
    width = form.bits // 8
    whole = len(body) // (width * form.channels) * width * form.channels
    octets = np.frombuffer(body[:whole], dtype=np.uint8)
    if form.alaw:
        values = from_alaw(body[:whole])
    elif width == 1:
        values = (octets.astype(np.float64) - 128) / 128
    elif width == 3:  # 24 bits have no type of their own
        parts = octets.reshape(-1, 3).astype(np.int32)
        values = ((parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) >> 8) / float(1 << 23)
    else:
        values = np.frombuffer(body[:whole], dtype=f"<i{width}") / float(1 << (form.bits - 1))
    made: Samples = values.reshape(-1, form.channels).mean(axis=1)
    return made


def _refused(message: str) -> BadInputError:
    return BadInputError(message, place="upload", mend=_("Upload a WAV file: PCM, 16 bits, one channel, 8,000 Hz."))
