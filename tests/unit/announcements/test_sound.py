"""Sound: read from what recorders write, brought to telephone rate and one level, without losing what was said."""

import io
import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.announcements.sound import (
    Samples,
    from_alaw,
    leveled,
    loudness,
    resampled,
    to_alaw,
    trimmed,
)
from trustdesk.announcements.wave import read_wave, write_alaw_wave, write_wave
from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.api import RATE


def tone(pitch: float, seconds: float, *, rate: int = RATE, level: float = 0.3) -> Samples:
    return level * np.sin(2 * np.pi * pitch * np.arange(int(rate * seconds)) / rate)


def written(samples: Samples, *, rate: int = RATE, width: int = 2, channels: int = 1) -> bytes:
    """As a recorder writes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        full = 2 ** (8 * width - 1) - 1
        whole = np.repeat(np.rint(samples * full).astype(np.int64), channels)
        if width == 1:
            out.writeframes((whole + 128).astype(np.uint8).tobytes())
        else:
            out.writeframes(b"".join(int(value).to_bytes(width, "little", signed=True) for value in whole))
    return file.getvalue()


def loudest_pitch(samples: Samples, rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


@given(st.binary(min_size=1, max_size=500))
def test_a_law_there_and_back_is_the_same_octet(octets: bytes) -> None:
    assert to_alaw(from_alaw(octets)) == octets


@given(st.floats(min_value=-1, max_value=0.999))
def test_a_sample_comes_back_as_nearly_as_g711_can(value: float) -> None:
    back = float(from_alaw(to_alaw(np.array([value])))[0])
    assert abs(back - value) <= max(abs(value) / 16, 1 / 2048)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_recorders_write_is_read(width: int, channels: int) -> None:
    samples, rate = read_wave(written(tone(440, 0.5), width=width, channels=channels))
    assert rate == RATE
    assert len(samples) == RATE // 2
    assert np.max(np.abs(samples - tone(440, 0.5))) < 1 / 100


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
def test_the_tone_stays_the_tone_at_any_rate(rate: int) -> None:
    made = resampled(tone(1_000, 1, rate=rate), rate)
    assert abs(len(made) - RATE) <= 1
    assert abs(loudest_pitch(made) - 1_000) < 3
    middle = made[RATE // 4 : -RATE // 4]
    assert abs(float(np.sqrt(np.mean(middle**2))) - 0.3 / np.sqrt(2)) < 0.01


def test_what_telephones_can_not_carry_does_not_come_back_as_something_else() -> None:
    """6 kHz at 22,050 samples a second would be heard as 2 kHz without the filter."""
    made = resampled(tone(6_000, 1, rate=22_050), 22_050)
    assert loudness(made[RATE // 4 : -RATE // 4]).peak < -50


def test_everything_comes_to_one_level() -> None:
    for level in (0.01, 0.1, 0.5, 0.9):
        made = leveled(tone(440, 1, level=level))
        assert -21 < loudness(made).spoken < -19
        assert np.max(np.abs(made)) < 1


def test_silence_at_the_ends_is_cut_off() -> None:
    silence = np.zeros(RATE)
    kept = trimmed(np.concatenate([silence, tone(440, 1), silence]))
    assert RATE <= len(kept) < RATE * 1.1
    assert not len(trimmed(silence))


def test_a_browser_plays_what_we_write() -> None:
    alaw = to_alaw(tone(440, 0.25))
    with wave.open(io.BytesIO(write_wave(alaw))) as played:
        assert (played.getnchannels(), played.getsampwidth(), played.getframerate()) == (1, 2, RATE)
        assert played.getnframes() == len(alaw)
    samples, _rate = read_wave(write_wave(alaw))
    assert to_alaw(samples) == alaw


def test_a_law_in_a_wave_file_is_read_as_it_is() -> None:
    alaw = to_alaw(tone(440, 0.25))
    samples, rate = read_wave(write_alaw_wave(alaw))
    assert rate == RATE
    assert to_alaw(samples) == alaw


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"ID3\x03" + b"\0" * 100,
        b"RIFF\x24\0\0\0WAVEfmt ",
        written(tone(440, 0.1))[:30],
        written(tone(440, 0.1)).replace(b"data", b"dato"),
        written(tone(440, 0.1), rate=4_000),
        struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36, b"WAVE", b"fmt ", 16, 85, 1, 8000, 8000, 1, 0, b"data", 0),
    ],
)
def test_other_files_are_refused_with_a_mend(content: bytes) -> None:
    with pytest.raises(BadInputError) as refused:
        read_wave(content)
    assert refused.value.place == "upload"
    assert refused.value.mend


@given(st.binary(max_size=200))
def test_whatever_is_uploaded_is_read_or_refused(rest: bytes) -> None:
    try:
        read_wave(b"RIFF\0\0\0\0WAVE" + rest)
    except BadInputError:
        return
