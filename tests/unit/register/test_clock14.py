"""GDPR Art. 14(3)(a): one month, counted as Regulation 1182/71 counts."""

from datetime import UTC, datetime

import pytest

from trustdesk.register.clock14 import month_after


@pytest.mark.parametrize(
    ("collected", "due"),
    [
        ((2026, 3, 5), (2026, 4, 5)),
        ((2026, 8, 31), (2026, 9, 30)),
        ((2026, 12, 15), (2027, 1, 15)),
        ((2028, 1, 31), (2028, 2, 29)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(collected: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    assert month_after(datetime(*collected, 10, tzinfo=UTC)) == datetime(*due, 10, tzinfo=UTC)
