"""What always holds of a period of law, whatever event begins it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.decision.api import working_days
from trustdesk.kernel.periods import Span, last_day, months_after

EVENTS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
COUNTRIES = st.sampled_from(["HU", "FI", "PL", "DE", "AT"])
SPANS = st.one_of(
    st.builds(Span, days=st.integers(1, 90)),
    st.builds(Span, weeks=st.integers(1, 12)),
    st.builds(Span, months=st.integers(1, 24)),
    st.builds(Span, working_days=st.integers(1, 40)),
)
_LONGEST_REST = timedelta(days=6)


@given(EVENTS, SPANS, COUNTRIES)
def test_it_ends_on_a_working_day_and_never_before_its_length(event: date, span: Span, country: str) -> None:
    works = working_days(country)
    day = last_day(event, span, works=works)
    assert works(day)
    assert day > event
    if not span.working_days:
        assert day >= span.nominal(event)
        rest = [span.nominal(event) + timedelta(days=n) for n in range((day - span.nominal(event)).days)]
        assert span.days > 1 or not any(works(each) for each in rest), "it ends with the first that is one"
        assert len(rest) <= _LONGEST_REST.days


@given(EVENTS, st.integers(2, 90), COUNTRIES)
def test_two_days_or_more_hold_two_working_days(event: date, days: int, country: str) -> None:
    works = working_days(country)
    day = last_day(event, Span(days=days), works=works)
    assert sum(works(event + timedelta(days=n)) for n in range(1, (day - event).days + 1)) >= 2


@given(EVENTS, EVENTS, SPANS, COUNTRIES)
def test_what_begins_later_does_not_end_earlier(one: date, other: date, span: Span, country: str) -> None:
    works = working_days(country)
    first, second = sorted((one, other))
    assert last_day(first, span, works=works) <= last_day(second, span, works=works)


@given(EVENTS, st.integers(1, 60))
def test_months_keep_the_number_of_the_day_or_end_with_the_month(event: date, months: int) -> None:
    day = months_after(event, months)
    assert (day.year * 12 + day.month) - (event.year * 12 + event.month) == months
    assert day.day == event.day or (day + timedelta(days=1)).day == 1
