"""A campaign's hours lie on top of those of law, product and policy, on the wall clock where the person is."""

from datetime import UTC, datetime, time

import pytest

from trustdesk.campaigns.contracts import Window, every_day
from trustdesk.campaigns.keeping import window_as_json, window_of
from trustdesk.decision.api import NO_POLICY, RULEPACKS, inside_window, load_packs, next_opening, with_campaign
from trustdesk.decision.contracts import Channel, Packs, Place, PurposeKind
from trustdesk.kernel.registries import CampaignTerms

NIGHT = every_day(time(22), time(2), days=range(7))
OFFICE = every_day(time(9), time(17))


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(RULEPACKS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def is_open(packs: Packs, window: Window, when: str, *countries: str, channel: Channel = Channel.EMAIL) -> bool | None:
    terms = CampaignTerms(going=True, week=window.week, public_holiday=window.public_holiday)
    return inside_window(
        packs,
        with_campaign(NO_POLICY, terms, now=at(when)),
        place=Place(frozenset(countries)),
        channel=channel,
        purpose_kind=PurposeKind.MARKETING,
        at=at(when),
    )


def opens(packs: Packs, window: Window, when: str, country: str) -> datetime | None:
    terms = CampaignTerms(going=True, week=window.week, public_holiday=window.public_holiday)
    return next_opening(
        packs,
        with_campaign(NO_POLICY, terms, now=at(when)),
        place=Place(frozenset({country})),
        channel=Channel.EMAIL,
        purpose_kind=PurposeKind.MARKETING,
        at=at(when),
    )


@pytest.mark.parametrize(
    ("when", "country", "expected"),
    [
        ("2026-11-24T07:00", "FI", True),  # 09:00 in Helsinki, a Tuesday
        ("2026-11-24T07:00", "DE", False),  # 08:00 in Berlin
        ("2026-11-24T15:00", "FI", False),  # 17:00: the end is not in it
        ("2026-11-28T10:00", "FI", False),  # a Saturday
        ("2027-01-06T10:00", "FI", False),  # Epiphany, a Wednesday: a holiday in Finland
        ("2027-01-06T10:00", "HU", True),  # and none in Hungary
    ],
)
def test_on_the_clock_of_the_place(packs: Packs, when: str, country: str, *, expected: bool) -> None:
    assert is_open(packs, OFFICE, when, country) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-24T19:59", False),  # 21:59 in Helsinki
        ("2026-11-24T20:00", True),
        ("2026-11-24T22:30", True),  # 00:30, the day after
        ("2026-11-24T23:59", True),
        ("2026-11-25T00:00", False),  # 02:00
    ],
)
def test_over_midnight(packs: Packs, when: str, *, expected: bool) -> None:
    assert is_open(packs, NIGHT, when, "FI") is expected


def test_the_hour_that_comes_twice_and_the_one_that_does_not_come(packs: Packs) -> None:
    """Berlin, 25 October 2026: 02:30 comes twice; 28 March 2027: never."""
    window = Window(week=[((time(2), time(3)),)] * 7, public_holiday=None)
    assert is_open(packs, window, "2026-10-25T00:30", "DE") is True
    assert is_open(packs, window, "2026-10-25T01:30", "DE") is True
    assert is_open(packs, window, "2026-10-25T02:00", "DE") is False
    assert opens(packs, window, "2027-03-28T00:30", "DE") == at("2027-03-29T00:00")


def test_the_next_opening_is_after_weekend_and_holiday(packs: Packs) -> None:
    """Friday evening before Easter Monday 2027 (29 March)."""
    assert opens(packs, OFFICE, "2027-03-26T18:00", "DE") == at("2027-03-30T07:00")


def test_the_hours_of_the_rules_count_as_well(packs: Packs) -> None:
    """Open day and night by the campaign: a call on a Sunday stays out of hours."""
    always = Window(week=[((time(), time()),)] * 7, public_holiday=None)
    assert is_open(packs, always, "2026-11-29T10:00", "FI", channel=Channel.CALL_HUMAN) is False
    assert is_open(packs, always, "2026-11-24T10:00", "FI", channel=Channel.CALL_HUMAN) is True


def test_of_several_countries_all_have_to_be_open(packs: Packs) -> None:
    assert is_open(packs, OFFICE, "2026-11-24T07:30", "FI", "DE") is False
    assert is_open(packs, OFFICE, "2026-11-24T08:30", "FI", "DE") is True


def test_an_unknown_place_can_not_be_decided(packs: Packs) -> None:
    assert is_open(packs, OFFICE, "2026-11-24T10:00") is None
    assert is_open(packs, OFFICE, "2026-11-24T10:00", "US") is None


@pytest.mark.parametrize("window", [None, OFFICE, NIGHT, Window(week=OFFICE.week, public_holiday=None)])
def test_hours_are_kept_as_they_were_said(window: Window | None) -> None:
    assert window_of(window_as_json(window)) == window
