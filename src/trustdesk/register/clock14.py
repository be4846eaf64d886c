"""The period of GDPR Art. 14(3): a month from collection, or the first communication or disclosure if earlier."""

import calendar
from datetime import datetime


def month_after(instant: datetime) -> datetime:
    """The same day number of the next month, or that month's last day (Reg. 1182/71 Art. 3(2)(c)).

    A last day on a weekend is not moved on, as Art. 3(4) would allow: earlier is never late.
    """
    year, month = (instant.year + 1, 1) if instant.month == 12 else (instant.year, instant.month + 1)
    day = min(instant.day, calendar.monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day)
