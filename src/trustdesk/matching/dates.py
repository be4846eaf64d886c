"""Birth dates in the notations people write them in, by the rules of the vault's tokens."""

import re
from datetime import date

from trustdesk.matching.folding import fold

_MONTH_FIRST = frozenset({"US"})
_EARLIEST_YEAR, _LATEST_YEAR = 1850, 2150
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_PARTS = re.compile(r"[^\W\d_]+|[0-9]+")
_LONGEST = 60
# Beginnings of month names, folded; a longer one wins, so Finnish marras- is not March.
_MONTHS = {
    beginning: month
    for month, beginnings in enumerate(
        (
            "jan tammi sty", "feb helmi lut", "mar maalis", "apr huhti kwi", "may maj mai touko", "jun kesa cze",
            "jul heina lip", "aug elo sie", "sep szep syys wrz", "oct okt loka paz", "nov marras lis",
            "dec dez joulu gru",
        ),
        start=1,
    )
    for beginning in beginnings.split()
}  # fmt: skip
_LONGEST_FIRST = sorted(_MONTHS, key=len, reverse=True)


def birth_date(text: str, country: str) -> str:
    """The date as ISO 8601; empty where the text is none. Two-digit years are not guessed at."""
    if found := _ISO.match(text):
        return day_of(*found.groups())
    parts = _PARTS.findall(fold(text[:_LONGEST]))
    numbers = [part for part in parts if part[0].isdecimal()]
    names = [part for part in parts if not part[0].isdecimal()]
    if not names and len(numbers) == 1:
        return _compact(numbers[0])
    if not names and len(numbers) == 3:
        return _three(numbers, country)
    if len(numbers) == 2 and (month := _named_month(names)):
        year, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
        return day_of(year, str(month), day)
    return ""


def day_of(year: str, month: str, day: str) -> str:
    if len(year) != 4 or not _EARLIEST_YEAR <= int(year) <= _LATEST_YEAR or len(month) > 2 or len(day) > 2:
        return ""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _compact(digits: str) -> str:
    if len(digits) != 8:
        return ""
    return day_of(digits[:4], digits[4:6], digits[6:]) or day_of(digits[4:], digits[2:4], digits[:2])


def _three(numbers: list[str], country: str) -> str:
    if len(numbers[0]) == 4:
        return day_of(*numbers)
    first, second, year = numbers
    day, month = (second, first) if country in _MONTH_FIRST else (first, second)
    return day_of(year, month, day)


def _named_month(names: list[str]) -> int:
    for name in names:
        for beginning in _LONGEST_FIRST:
            if name.startswith(beginning):
                return _MONTHS[beginning]
    return 0
