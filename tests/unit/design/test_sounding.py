"""A recorded call for the eye: its outline, its gaps, its length."""

from datetime import UTC, datetime

import pytest

from trustdesk.design.sounding import HALF, WIDTH, drawing, spoken
from trustdesk.recordings.contracts import Gap, Sounding, Voice

WHEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(0, "0:00"), (499, "0:00"), (59_999, "1:00"), (61_000, "1:01"), (3_909_000, "1:05:09")],
)
def test_a_length_as_a_clock_says_it(milliseconds: int, said: str) -> None:
    assert spoken(milliseconds) == said


def test_both_sides_and_the_gap_are_drawn_within_the_frame() -> None:
    voices = (Voice(side="customer", peaks=[0.0, 1.0, 0.25]), Voice(side="agent", peaks=[0.5]))
    call = Sounding(call_id=1, began_at=WHEN, milliseconds=10_000, voices=voices, gaps=[Gap("paused", 5_000, None)])
    drawn = drawing(call, address="/x.wav")
    assert drawn.upper.startswith(f"M0 {HALF}V{HALF}.0H160.0V2.0H320.0")
    assert drawn.lower.endswith(f"H{WIDTH}.0V{HALF}Z")
    (rest,) = drawn.rests
    assert (rest.x, rest.width) == (WIDTH / 2, WIDTH / 2)
    assert rest.words == "Not recorded from 0:05 to 0:10 (0:05)"


def test_a_call_without_a_voice_draws_nothing() -> None:
    drawn = drawing(Sounding(call_id=1, began_at=WHEN, milliseconds=0, voices=(), gaps=()), address="/x.wav")
    assert (drawn.upper, drawn.lower, drawn.rests) == ("", "", [])
