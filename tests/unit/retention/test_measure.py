"""Which rule counts, and from which instant a thing may go. Days are the company's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.kernel.ageing import Aged
from trustdesk.retention.contracts import Ground, Rule, Start
from trustdesk.retention.rules import Measure, digest_of, governing_rules

HELSINKI = ZoneInfo("Europe/Helsinki")
SET = datetime(2026, 1, 1, tzinfo=UTC)


def rule(months: int = 12, *, purpose: str = "", country: str = "", **more: object) -> Rule:
    values: dict[str, object] = {
        "rule_id": months,
        "kind": "delivery.message",
        "months": months,
        "purpose": purpose,
        "country": country,
        "counted_from": Start.EVENT,
        "ground": Ground.POLICY,
        "source": "",
        "set_at": SET,
        "set_by": 1,
    }
    return Rule(**values | more)  # type: ignore[arg-type]


def statute(months: int, **more: object) -> Rule:
    return rule(months, ground=Ground.STATUTE, source="HGB § 257(4)", **more)  # type: ignore[arg-type]


def thing(since: datetime, *purposes: str, country: str = "FI") -> Aged:
    return Aged((1, 1), 1, since, purposes, country)


def over(rules: list[Rule], what: Aged, now: datetime) -> bool:
    return Measure(tuple(rules), now, HELSINKI).is_over(what)


@pytest.mark.parametrize(
    ("since", "months", "start", "last_kept", "first_gone"),
    [
        # The last day belongs to the period (Reg. 1182/71 Art. 3(2)).
        ("2025-03-15T10:00", 12, Start.EVENT, "2026-03-15T23:59", "2026-03-16T00:00"),
        ("2026-01-31T10:00", 1, Start.EVENT, "2026-02-28T23:59", "2026-03-01T00:00"),
        ("2024-02-29T10:00", 12, Start.EVENT, "2025-02-28T23:59", "2025-03-01T00:00"),
        ("2025-12-31T23:30", 1, Start.EVENT, "2026-01-31T23:59", "2026-02-01T00:00"),
        # Over the change to summer time, by the wall clock.
        ("2026-02-28T23:30", 1, Start.EVENT, "2026-03-28T23:59", "2026-03-29T00:00"),
        # From the end of the year in which it was.
        ("2020-05-10T10:00", 72, Start.YEAR_END, "2026-12-31T23:59", "2027-01-01T00:00"),
        ("2020-12-31T23:59", 72, Start.YEAR_END, "2026-12-31T23:59", "2027-01-01T00:00"),
        ("2021-01-01T00:00", 72, Start.YEAR_END, "2027-12-31T23:59", "2028-01-01T00:00"),
    ],
)
def test_a_day_is_over_before_anything_goes(
    since: str, months: int, start: Start, last_kept: str, first_gone: str
) -> None:
    at, kept, gone = (datetime.fromisoformat(text).replace(tzinfo=HELSINKI) for text in (since, last_kept, first_gone))
    rules = [rule(months, counted_from=start)]
    assert not over(rules, thing(at), kept)
    assert over(rules, thing(at), gone)


def test_of_the_companys_own_rules_the_most_special_counts() -> None:
    everywhere, finnish = rule(24), rule(12, country="FI")
    news, finnish_news = rule(36, purpose="news"), rule(6, purpose="news", country="FI")
    rules = [finnish_news, everywhere, news, finnish]
    assert governing_rules(rules, ["news"], "FI") == [finnish_news]
    assert governing_rules(rules, ["news"], "DE") == [news]
    assert governing_rules(rules, ["care"], "FI") == [finnish]
    assert governing_rules(rules, ["care"], "DE") == [everywhere]
    assert governing_rules(rules, [], "FI") == [finnish], "what is held for no named purpose: the rules for all"


def test_what_is_held_for_a_purpose_without_a_rule_stays() -> None:
    rules = [rule(1, purpose="news")]
    old = SET - timedelta(days=4_000)
    assert over(rules, thing(old, "news"), SET)
    assert not over(rules, thing(old, "news", "care"), SET)
    assert not over(rules, thing(old, "care"), SET)
    assert not over(rules, thing(old), SET)
    assert not over([], thing(old, "news"), SET)


def test_held_for_two_purposes_it_stays_for_the_longer() -> None:
    rules = [rule(1, purpose="news"), rule(24, purpose="care")]
    a_year = thing(SET - timedelta(days=400), "news", "care")
    assert not over(rules, a_year, SET)
    assert over(rules, a_year, SET + timedelta(days=400))


def test_a_statute_is_a_floor_and_a_rule() -> None:
    old = thing(SET - timedelta(days=400), country="DE")
    assert over([rule(1)], old, SET)
    assert not over([rule(1), statute(96, country="DE")], old, SET)
    assert over([rule(1), statute(96, country="AT")], old, SET), "another country's keeps nothing here"
    assert over([statute(6)], old, SET), "where nobody says more, the law's time is the time"


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RULES = st.lists(
    st.builds(
        rule,
        st.integers(1, 240),
        purpose=st.sampled_from(["", "news", "care"]),
        country=st.sampled_from(["", "FI", "DE"]),
        counted_from=st.sampled_from(Start),
        ground=st.sampled_from(Ground),
    ),
    max_size=6,
    unique_by=lambda one: (one.purpose, one.country, one.ground),
)
THINGS = st.builds(
    lambda since, purposes, country: thing(since, *purposes, country=country),
    MOMENTS,
    st.lists(st.sampled_from(["news", "care", "other"]), max_size=2, unique=True),
    st.sampled_from(["", "FI", "DE", "HU"]),
)


@given(RULES, THINGS, MOMENTS, st.integers(0, 4_000))
def test_what_may_go_may_go_for_ever(rules: list[Rule], what: Aged, now: datetime, days: int) -> None:
    if over(rules, what, now):
        assert over(rules, what, now + timedelta(days=days))


@given(RULES, THINGS, MOMENTS, st.integers(1, 240), st.sampled_from(["", "FI", "DE"]))
def test_one_more_statute_lets_nothing_go_that_a_rule_kept(
    rules: list[Rule], what: Aged, now: datetime, months: int, country: str
) -> None:
    kept_by_rules = governing_rules(rules, what.purposes, what.country) is not None and not over(rules, what, now)
    if kept_by_rules:
        assert not over([*rules, statute(months, country=country)], what, now)


@given(RULES, THINGS, MOMENTS)
def test_what_may_go_is_older_than_the_newest_that_any_rule_lets_go(
    rules: list[Rule], what: Aged, now: datetime
) -> None:
    """A capability is asked for what is older than that, and for nothing else."""
    newest = Measure(tuple(rules), now, HELSINKI).newest
    if over(rules, what, now):
        assert newest is not None
        assert what.since < newest


@given(RULES)
def test_the_digest_names_the_rules_whatever_their_order(rules: list[Rule]) -> None:
    assert digest_of(rules) == digest_of(reversed(rules))
    assert digest_of(rules) != digest_of([*rules, rule(241)])
