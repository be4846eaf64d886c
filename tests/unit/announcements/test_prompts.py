"""The prompts that come with the product: all there, all loud enough, and none larger than was agreed."""

import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.announcements import api
from trustdesk.announcements.prompts import FOLDER, NUMBERS
from trustdesk.announcements.sound import from_alaw, loudness
from trustdesk.announcements.texts import LANGUAGES, prompt_texts
from trustdesk.kernel.errors import NotFoundError

ROOT = Path(__file__).resolve().parents[3]


def test_every_prompt_is_there_in_every_language() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/prompts.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in api.prompt_names():
        for language in LANGUAGES:
            assert api.prompt(language, name).stat().st_size > 0


def test_every_text_is_written_in_every_language() -> None:
    for name, texts in prompt_texts().items():
        assert set(texts) == set(LANGUAGES), name
        assert all(text.strip() for text in texts.values()), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_spoken_prompts_are_of_one_level(language: str) -> None:
    for path in sorted((FOLDER / language).glob("*.alaw")):
        heard = loudness(from_alaw(path.read_bytes()))
        assert -26 < heard.spoken < -16, path
        assert heard.clipped == 0, path


def test_a_reference_is_said_in_groups_of_three() -> None:
    clips = [path.stem for path in api.digits("hu", "123456789012")]
    assert clips == ["1", "2", "3", "pause", "4", "5", "6", "pause", "7", "8", "9", "pause", "0", "1", "2"]
    assert [path.stem for path in api.digits("fi", "12 34")] == ["1", "2", "3", "pause", "4"]
    assert api.digits("fi", "") == []


def test_numbers_are_words_as_far_as_there_are_words() -> None:
    for number in NUMBERS:
        assert [path.stem for path in api.spoken_number("pl", number)] == [str(number)]
    assert [path.stem for path in api.spoken_number("pl", 21)] == ["2", "1"]
    assert [path.stem for path in api.spoken_number("de", 117)] == ["1", "1", "7"]
    with pytest.raises(ValueError, match="nought"):
        api.spoken_number("de", -1)


@pytest.mark.parametrize(
    ("language", "name"), [("hu", "nothing"), ("fr", "closed"), ("hu", "../hu/closed"), ("..", "closed"), ("any", "")]
)
def test_there_is_no_other_prompt(language: str, name: str) -> None:
    with pytest.raises(NotFoundError):
        api.prompt(language, name)
