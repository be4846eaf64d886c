"""The demo's notices: rendered, shipped, and still what the companies say."""

import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.announcements.sound import loudness
from trustdesk.announcements.wave import read_wave
from trustdesk.demo.calls import FOLDER, REACHED
from trustdesk.demo.companies import COMPANIES

ROOT = Path(__file__).resolve().parents[3]


def test_the_notices_say_what_the_companies_say() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/demo_notices.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.country)
def test_every_company_is_called_and_heard(company: object) -> None:
    reached = REACHED[company.country]  # type: ignore[attr-defined]
    samples, rate = read_wave((FOLDER / f"{reached.language}.wav").read_bytes())
    assert rate == 8_000
    assert 10 < len(samples) / rate < 60
    assert -22 < loudness(samples).spoken < -18
