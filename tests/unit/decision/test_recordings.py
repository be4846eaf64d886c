"""Whether a call may be recorded, by country and sector, each under its source; what nobody can decide is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions import packs

from trustdesk.decision import api
from trustdesk.decision.api import Keep, NoticeElement, RecordingMode, Sector
from trustdesk.decision.contracts import BrokenPackError, LooserPolicyError

ON = datetime(2026, 11, 26, 9, tzinfo=UTC)
OFF, NOTICE, CONSENT = RecordingMode.OFF, RecordingMode.NOTICE, RecordingMode.CONSENT
ALL_PARTY, MANDATORY = RecordingMode.ALL_PARTY, RecordingMode.MANDATORY
QUALITY = Keep(days=90)

HELD = [
    ("DE", "general", "StGB §201", ALL_PARTY, QUALITY, False, 30),
    ("DE", "securities", "WpHG §83", MANDATORY, Keep(years=5), True, 30),
    ("AT", "general", "StGB §120", CONSENT, QUALITY, False, 30),
    ("HU", "general", "Ptk 2:48§", CONSENT, QUALITY, False, 30),
    ("HU", "public_service", "Fgytv 17/B§", MANDATORY, Keep(years=5), True, 30),
    ("HU", "bank", "Hpt 288§", MANDATORY, Keep(years=5), True, 25),
    ("HU", "insurance", "Bit 159§", MANDATORY, Keep(years=5), True, 25),
    ("HU", "telecom", "Eht 141§", MANDATORY, Keep(years=1), True, 30),
    ("PL", "general", "KK art 267", NOTICE, QUALITY, False, 30),
    ("FI", "general", "RL 24:5", NOTICE, QUALITY, False, 30),
]


@pytest.mark.parametrize("row", HELD, ids=[f"{row[0]} {row[1]}: {row[2]}" for row in HELD])
def test_what_holds_in_a_country_and_sector(row: tuple[str, str, str, RecordingMode, Keep, bool, int]) -> None:
    country, sector, law, mode, keep, fixed, copy_days = row
    rule = api.recording_rule(packs(), country, sector, ON)
    assert (rule.mode, rule.keep, rule.keep_is_fixed, rule.copy_days) == (mode, keep, fixed, copy_days)
    assert any(statute.text.startswith(law) for statute in rule.statutes)
    assert rule.caller_may_refuse is (mode is not MANDATORY)
    assert rule.agent_must_agree is (mode is ALL_PARTY)
    assert rule.recorded
    assert not rule.reason


def test_every_entry_that_names_a_mode_has_its_line_here() -> None:
    named = {
        (pack.jurisdiction, sector)
        for pack in packs().by_jurisdiction.values()
        for sector in api.sectors_known(packs(), pack.jurisdiction)
        if pack.jurisdiction != "EU"
    }
    assert named == {(row[0], row[1]) for row in HELD}


@pytest.mark.parametrize(
    ("country", "sector"), [("FR", "general"), ("", "general"), ("HU", "astrology"), ("HU", ""), ("PL", "securities")]
)
def test_what_is_not_known_is_not_recorded(country: str, sector: str) -> None:
    rule = api.recording_rule(packs(), country, sector, ON)
    assert rule.mode is OFF
    assert rule.reason
    assert not rule.recorded


def test_a_country_whose_entry_has_ended_is_off(tmp_path: Path) -> None:
    for path in api.RULEPACKS.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "fi.yaml":
            text = text.replace("    mode: notice\n", "    mode: notice\n    valid_to: 2026-12-01\n")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    held = api.load_packs(tmp_path)
    assert api.recording_rule(held, "FI", "general", ON).mode is NOTICE
    after = api.recording_rule(held, "FI", "general", ON + timedelta(days=30))
    assert after.mode is OFF
    assert after.reason


def test_a_mandatory_entry_without_a_time_breaks_its_pack(tmp_path: Path) -> None:
    for path in api.RULEPACKS.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("    keep_at_least: {years: 1}\n", "")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenPackError) as broken:
        api.load_packs(tmp_path)
    assert broken.value.place.startswith("hu.yaml:")


def test_the_hungarian_public_service_asks_for_more_than_others() -> None:
    rule = api.recording_rule(packs(), "HU", "public_service", ON)
    assert rule.human_first
    assert rule.answer_within_seconds == 300
    assert rule.premium_closed
    assert {NoticeElement.UNIQUE_ID, NoticeElement.REFUSAL} <= set(rule.required_elements)
    usual = api.recording_rule(packs(), "HU", "general", ON)
    assert not usual.human_first
    assert usual.answer_within_seconds is None
    assert NoticeElement.UNIQUE_ID not in usual.required_elements


def test_further_use_and_the_copy_are_said_everywhere() -> None:
    for country in packs().countries:
        required = api.recording_rule(packs(), country, "general", ON).required_elements
        assert {NoticeElement.FURTHER_USE, NoticeElement.COPY, NoticeElement.RIGHTS} <= set(required)


def test_securities_recordings_do_not_watch_the_staff() -> None:
    assert not api.recording_rule(packs(), "DE", "securities", ON).staff_monitoring
    assert api.recording_rule(packs(), "DE", "general", ON).staff_monitoring


@pytest.mark.parametrize(
    ("country", "sector", "wish", "allowed"),
    [
        ("FI", "general", CONSENT, True),
        ("FI", "general", ALL_PARTY, True),
        ("FI", "general", OFF, True),
        ("DE", "general", OFF, True),
        ("DE", "general", CONSENT, False),
        ("DE", "general", NOTICE, False),
        ("HU", "general", NOTICE, False),
        ("HU", "telecom", OFF, False),
        ("HU", "telecom", CONSENT, False),
        ("FI", "general", MANDATORY, False),
        ("FR", "general", NOTICE, False),
    ],
)
def test_a_company_may_be_stricter_never_looser(
    country: str, sector: str, wish: RecordingMode, *, allowed: bool
) -> None:
    rule = api.recording_rule(packs(), country, sector, ON)
    if allowed:
        assert api.stricter_recording(rule, mode=wish).mode is wish
    else:
        with pytest.raises(LooserPolicyError) as refused:
            api.stricter_recording(rule, mode=wish)
        assert refused.value.place == "mode"


def test_a_company_keeps_for_less_where_no_statute_fixed_it() -> None:
    usual = api.recording_rule(packs(), "FI", "general", ON)
    assert api.stricter_recording(usual, keep=Keep(days=30)).keep == Keep(days=30)
    fixed = api.recording_rule(packs(), "HU", "bank", ON)
    for rule, keep in ((usual, Keep(days=91)), (usual, Keep()), (fixed, Keep(years=6)), (fixed, Keep(days=90))):
        with pytest.raises(LooserPolicyError) as refused:
            api.stricter_recording(rule, keep=keep)
        assert refused.value.place == "keep"


@given(
    st.sampled_from(sorted(packs().countries)), st.sampled_from(sorted(Sector)), st.sampled_from(sorted(RecordingMode))
)
def test_whatever_a_company_wishes_never_makes_it_milder(country: str, sector: str, wish: RecordingMode) -> None:
    order = (NOTICE, CONSENT, ALL_PARTY, OFF)
    rule = api.recording_rule(packs(), country, sector, ON)
    try:
        wished = api.stricter_recording(rule, mode=wish)
    except LooserPolicyError:
        return
    if rule.mode is MANDATORY:
        assert wished.mode is MANDATORY
    else:
        assert order.index(wished.mode) >= order.index(rule.mode)


@pytest.mark.parametrize(
    ("keep", "until"),
    [
        (Keep(years=5), datetime(2029, 2, 28, tzinfo=UTC)),
        (Keep(months=1), datetime(2024, 3, 29, tzinfo=UTC)),
        (Keep(months=10), datetime(2024, 12, 29, tzinfo=UTC)),
        (Keep(days=90), datetime(2024, 5, 29, tzinfo=UTC)),
        (Keep(years=1, months=1, days=1), datetime(2025, 3, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_counted_by_the_calendar(keep: Keep, until: datetime) -> None:
    assert keep.after(datetime(2024, 2, 29, tzinfo=UTC)) == until
