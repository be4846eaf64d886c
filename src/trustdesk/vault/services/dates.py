"""Birth dates in the notations people write them in."""

import re
from datetime import date

from trustdesk.vault.services.folding import fold

_MONTH_FIRST = frozenset({"US"})
_EARLIEST_YEAR, _LATEST_YEAR = 1850, 2150
_PARTS = re.compile(r"[^\W\d_]+|\d+")
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
    parts = _PARTS.findall(fold(text))
    numbers = [part for part in parts if part.isdecimal()]
    names = [part for part in parts if not part.isdecimal()]
    found = ""
    if not names and len(numbers) == 1:
        found = _compact(numbers[0])
    elif not names and len(numbers) == 3:
        found = _three(numbers, country)
    elif len(numbers) == 2 and (month := _named_month(names)):
        year_first = len(numbers[0]) == 4
        year, day = numbers if year_first else reversed(numbers)
        found = _iso(year, str(month), day)
    return found


def _compact(digits: str) -> str:
    if len(digits) != 8:
        return ""
    return _iso(digits[:4], digits[4:6], digits[6:]) or _iso(digits[4:], digits[2:4], digits[:2])


def _three(numbers: list[str], country: str) -> str:
    if len(numbers[0]) == 4:
        return _iso(*numbers)
    first, second, year = numbers
    day, month = (second, first) if country in _MONTH_FIRST else (first, second)
    return _iso(year, month, day)


def _named_month(names: list[str]) -> int:
    for name in names:
        for beginning in _LONGEST_FIRST:
            if name.startswith(beginning):
                return _MONTHS[beginning]
    return 0


def _iso(year: str, month: str, day: str) -> str:
    if len(year) != 4 or not _EARLIEST_YEAR <= int(year) <= _LATEST_YEAR or len(month) > 2 or len(day) > 2:
        return ""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
