"""G.711 against what everybody else says it is."""

import math

import numpy as np
import pytest

from trustdesk.sipedge.audio.laws import linear, octets, silence, translated
from trustdesk.sipedge.audio.tones import level, pause_beep, tone
from trustdesk.sipedge.media.contracts import Law

EVERY = bytes(range(256))
# ITU-T G.711, tables 1a and 2a, scaled to 16 bits: the ends of each law, its smallest steps and its silence.
KNOWN = {
    Law.A: {0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256, 0x80: 5504, 0xD4: 24},
    Law.MU: {0xFF: 0, 0x7F: 0, 0x80: 32124, 0x00: -32124, 0xFE: 8, 0x7E: -8},
}


@pytest.mark.parametrize("law", list(Law))
def test_the_values_are_those_of_the_standard(law: Law) -> None:
    values = linear(EVERY, law)
    assert {octet: int(values[octet]) for octet in KNOWN[law]} == KNOWN[law]


@pytest.mark.parametrize("law", list(Law))
def test_every_octet_comes_back_through_linear(law: Law) -> None:
    assert (linear(octets(linear(EVERY, law), law), law) == linear(EVERY, law)).all()


@pytest.mark.parametrize("law", list(Law))
def test_a_sample_becomes_the_nearest_value_there_is(law: Law) -> None:
    samples = np.arange(-32768, 32768, 7, dtype=np.int32)
    values = np.sort(linear(EVERY, law).astype(np.int32))
    made = linear(octets(samples, law), law).astype(np.int32)
    assert (np.abs(made - samples) == np.abs(values[None, :] - samples[:, None]).min(axis=1)).all()


def test_from_one_law_to_the_other_and_back_hardly_anything_is_lost() -> None:
    sound = tone(440, 100)
    there = translated(sound, Law.A, Law.MU)
    back = translated(there, Law.MU, Law.A)
    assert np.abs(linear(back, Law.A).astype(int) - linear(sound, Law.A)).max() <= 512
    assert translated(sound, Law.A, Law.A) is sound


@pytest.mark.parametrize("law", list(Law))
def test_silence_is_silent_and_a_tone_as_loud_as_asked(law: Law) -> None:
    assert level(silence(law, 8000), law) == -math.inf
    assert level(b"", law) == -math.inf
    assert level(tone(1000, 1000, dbov=-20, law=law), law) == pytest.approx(-20, abs=0.3)


def test_the_beep_is_short_heard_and_does_not_click() -> None:
    beep = pause_beep()
    assert len(beep) == 1600
    assert level(beep) > -20
    assert abs(int(linear(beep, Law.A)[0])) < 100
