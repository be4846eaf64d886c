"""What the packs ask of whoever receives a complaint."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trustdesk.decision import api
from trustdesk.decision.contracts import BrokenPackError, Packs
from trustdesk.kernel.periods import Span

AT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return api.load_packs(api.RULEPACKS)


def handling(packs: Packs, *countries: str, sector: str = "") -> api.ComplaintHandling:
    return api.complaint_handling(packs, countries=countries, sector=sector, at=AT)


def test_hungary_asks_for_eight_fields_thirty_days_and_three_years(packs: Packs) -> None:
    """Fgytv 17/A§(5)-(8)."""
    asked = handling(packs, "HU")
    assert len(asked.fields) == 8
    assert asked.may_be_empty == {"evidence", "position"}
    assert (asked.reply_within, asked.keep_years) == (Span(days=30), 3)
    assert asked.minutes_copy
    assert asked.name_authority
    assert asked.law.text.startswith("Fgytv 17/A")


@pytest.mark.parametrize(("sector", "years", "reply"), [("bank", 5, Span(days=30)), ("energy", 5, Span(days=15))])
def test_sectors_keep_longer_or_answer_sooner(packs: Packs, sector: str, years: int, reply: Span) -> None:
    asked = handling(packs, "HU", sector=sector)
    assert (asked.keep_years, asked.reply_within) == (years, reply)
    assert asked.extend_by == (Span(days=15) if sector == "energy" else None)


def test_silence_accepts_in_poland(packs: Packs) -> None:
    asked = handling(packs, "PL")
    assert (asked.reply_within, asked.silence_accepts) == (Span(days=14), True)


def test_clock_and_years_each_name_what_they_rest_on(packs: Packs) -> None:
    """In Poland the law has a clock, and of years it says nothing."""
    asked = handling(packs, "PL")
    assert (asked.law.text, asked.keep_law.text) == ("upk art 7a", "product default")


def test_german_energy_has_four_weeks_and_nobody_else_there(packs: Packs) -> None:
    assert handling(packs, "DE", sector="energy").reply_within == Span(weeks=4)
    assert handling(packs, "DE").reply_within == Span(days=30)


def test_of_two_countries_the_stricter_counts_in_each_respect(packs: Packs) -> None:
    asked = handling(packs, "HU", "PL", sector="bank")
    assert (asked.reply_within, asked.keep_years, asked.silence_accepts) == (Span(days=14), 5, True)
    assert len(asked.fields) == 8


def test_where_nothing_is_known_the_products_own_default_counts(packs: Packs) -> None:
    for asked in (handling(packs), handling(packs, "FI"), handling(packs, "XX", sector="circus")):
        assert (asked.reply_within, asked.keep_years, asked.silence_accepts) == (Span(days=30), 3, False)
        assert "unique_id" in asked.fields


@pytest.mark.parametrize(
    "line",
    [
        "fields: [shoe_size]",
        "reply_within: {days: 3, weeks: 1}",
        "reply_within: {}",
        "may_be_empty: [evidence]",
        "extend_by: {days: 15}",
    ],
)
def test_a_broken_entry_is_refused_at_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "eu.yaml").write_text((api.RULEPACKS / "eu.yaml").read_text())
    head = "jurisdiction: DE\nas_of: 2026-04-29\ntime_zones: [Europe/Berlin]\nsources: {M: from memory}\n"
    entry = "complaints:\n  - id: DE-ONE\n    statute: {text: x, source: M}\n    as_of: 2026-04-29\n"
    rest = "    confidence: low\n    attested_by: null\n"
    (tmp_path / "de.yaml").write_text(f"{head}{entry}{rest}    {line}\n")
    with pytest.raises(BrokenPackError) as caught:
        api.load_packs(tmp_path)
    assert caught.value.place.startswith("de.yaml:")
