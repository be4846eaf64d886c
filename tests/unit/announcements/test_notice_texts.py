"""The words to begin a notice with: whole in every language, counted as the language counts."""

from datetime import UTC, datetime

import pytest
from tests.decisions import packs

from trustdesk.announcements.api import keep_words, needed, standard_parts
from trustdesk.announcements.texts import LANGUAGES
from trustdesk.decision.api import Keep, NoticeElement, RecordingMode, RecordingRule, recording_rule

ON = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [("HU", "public_service"), ("DE", "general"), ("FI", "general"), ("HU", "bank")])
def test_the_standard_words_say_all_that_is_required(language: str, place: tuple[str, str]) -> None:
    rule = recording_rule(packs(), place[0], place[1], ON)
    parts = standard_parts(rule, language, "Alföldi Víz")
    assert tuple(parts) == rule.required_elements == needed(rule)
    assert "Alföldi Víz" in parts[NoticeElement.WHO]
    assert keep_words(rule.keep, language) in parts[NoticeElement.KEPT]
    assert not any("{" in text for text in parts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_that_is_not_recorded_is_told_so(language: str) -> None:
    rule = RecordingRule(mode=RecordingMode.OFF)
    recorded = recording_rule(packs(), "FI", "general", ON)
    parts = standard_parts(rule, language, "X")
    assert set(parts) == {NoticeElement.WHO, NoticeElement.RECORDING, NoticeElement.MORE}
    assert parts[NoticeElement.RECORDING] != standard_parts(recorded, language, "X")[NoticeElement.RECORDING]


@pytest.mark.parametrize(
    ("keep", "language", "words"),
    [
        (Keep(days=90), "en", "90 days"),
        (Keep(years=1), "en", "1 year"),
        (Keep(years=5), "hu", "5 év"),
        (Keep(years=1), "fi", "1 vuosi"),
        (Keep(days=90), "fi", "90 päivää"),
        (Keep(years=1), "pl", "1 rok"),
        (Keep(years=2), "pl", "2 lata"),
        (Keep(years=5), "pl", "5 lat"),
        (Keep(years=12), "pl", "12 lat"),
        (Keep(years=22), "pl", "22 lata"),
        (Keep(years=1, months=6), "de", "1 Jahr 6 Monate"),
    ],
)
def test_a_time_in_words(keep: Keep, language: str, words: str) -> None:
    assert keep_words(keep, language) == words
