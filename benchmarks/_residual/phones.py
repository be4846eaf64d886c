"""Telephone numbers as people, forms and spreadsheets leave them."""

import random
from collections.abc import Callable
from urllib.parse import quote

from benchmarks._residual.papers import Phone
from benchmarks._residual.people import Person
from benchmarks._residual.spelling import LINES, MACHINES, SHEETS, Spelling, Write

_EXTENSIONS = {"HU": " / {}. mell.", "FI": " (alanumero {})", "PL": " wewn. {}", "DE": " Durchwahl {}", "AT": " DW {}"}


def _any(write: Callable[[Phone, random.Random], str]) -> Write:
    """Of the mobile or of the landline."""
    return lambda person, chance: write(chance.choice((person.mobile, person.landline)), chance)


def _trunked(write: Callable[[Phone, random.Random], str]) -> Write:
    """Where a number has something before it at home; Polish ones have not."""

    def written(person: Person, chance: random.Random) -> str | None:
        phone = chance.choice((person.mobile, person.landline))
        return write(phone, chance) if phone.trunk else None

    return written


def _zeroed(write: Callable[[Phone, random.Random], str]) -> Write:
    """Where it is a nought."""

    def written(person: Person, chance: random.Random) -> str | None:
        phone = chance.choice((person.mobile, person.landline))
        return write(phone, chance) if phone.trunk == "0" else None

    return written


def _extended(person: Person, chance: random.Random) -> str:
    phone = person.landline
    return f"{phone.trunk}{phone.area} {grouped(phone.number, 3)}" + _EXTENSIONS[person.country].format(
        chance.randrange(10, 99)
    )


def grouped(digits: str, size: int, between: str = " ") -> str:
    """In even groups; one digit too many goes with the first, as nobody writes one by itself: 955 73 01."""
    over = len(digits) % size
    first = size + 1 if over == 1 else over or size
    parts = [digits[:first], *(digits[place : place + size] for place in range(first, len(digits), size))]
    return between.join(parts)


def _halves(number: str, between: str = " ") -> str:
    """123 4567, as most countries group."""
    middle = len(number) // 2
    return number[:middle] + between + number[middle:]


def _national(phone: Phone, between: str, size: int) -> str:
    return between.join([phone.trunk + phone.area, grouped(phone.number, size, between)])


def _with_trunk_apart(phone: Phone) -> str:
    apart = f"{phone.trunk} " if phone.trunk == "06" else phone.trunk
    return apart + phone.area


SPELLINGS = (
    Spelling("phone E.164", "phone", _any(lambda phone, _: str(phone))),
    Spelling("phone 00", "phone", _any(lambda phone, _: f"00{phone.calling}{phone.area}{phone.number}")),
    Spelling(
        "phone 00 grouped",
        "phone",
        _any(lambda phone, _: f"00 {phone.calling} {phone.area} {_halves(phone.number)}"),
    ),
    Spelling(
        "phone without plus",
        "phone",
        _any(lambda phone, _: f"{phone.calling}{phone.area}{phone.number}"),
        kinds=MACHINES | SHEETS,
    ),
    Spelling(
        "phone international", "phone", _any(lambda phone, _: f"+{phone.calling} {phone.area} {_halves(phone.number)}")
    ),
    Spelling(
        "phone international, no-break spaces",
        "phone",
        _any(
            lambda phone, chance: f"+{phone.calling} {phone.area} {_halves(phone.number)}".replace(
                " ", chance.choice("\u00a0\u202f\u2009")
            )
        ),
    ),
    Spelling(
        "phone international, hyphens",
        "phone",
        _any(lambda phone, _: f"+{phone.calling}-{phone.area}-{_halves(phone.number, '-')}"),
    ),
    Spelling(
        "phone +49 (0)",
        "phone",
        _zeroed(lambda phone, _: f"+{phone.calling} (0){phone.area} {grouped(phone.number, 3)}"),
    ),
    Spelling(
        "phone 0049 (0)",
        "phone",
        _zeroed(lambda phone, _: f"00{phone.calling} (0) {phone.area} / {phone.number}"),
    ),
    Spelling("phone (+36)", "phone", _any(lambda phone, _: f"(+{phone.calling}) {phone.area}/{_halves(phone.number)}")),
    Spelling("phone national", "phone", _trunked(lambda phone, _: phone.trunk + phone.area + phone.number)),
    Spelling(
        "phone national grouped", "phone", _any(lambda phone, _: f"{_with_trunk_apart(phone)} {_halves(phone.number)}")
    ),
    Spelling("phone national in twos", "phone", _any(lambda phone, _: _national(phone, " ", 2))),
    Spelling("phone national in threes", "phone", _any(lambda phone, _: _national(phone, " ", 3))),
    Spelling("phone national in fours", "phone", _any(lambda phone, _: _national(phone, " ", 4))),
    Spelling("phone national, hyphens", "phone", _any(lambda phone, _: _national(phone, "-", 3))),
    Spelling(
        "phone national, en dashes",
        "phone",
        _any(lambda phone, chance: _national(phone, chance.choice("\u2013\u2011"), 3)),
    ),
    Spelling("phone national, dots", "phone", _any(lambda phone, _: _national(phone, ".", 2))),
    Spelling(
        "phone national, slash",
        "phone",
        _trunked(lambda phone, _: f"{phone.trunk}{phone.area}/{_halves(phone.number, '-')}"),
    ),
    Spelling(
        "phone national, area in brackets",
        "phone",
        _trunked(lambda phone, _: f"({_with_trunk_apart(phone)}) {_halves(phone.number)}"),
    ),
    Spelling("phone national, spaced dashes", "phone", _any(lambda phone, _: _national(phone, " - ", 4))),
    Spelling("phone with extension", "phone", _extended),
    Spelling("phone tel:", "phone", _any(lambda phone, _: f"tel:+{phone.calling}-{phone.area}-{phone.number}")),
    Spelling(
        "phone url-encoded",
        "phone",
        _any(lambda phone, _: quote(f"+{phone.calling} {phone.area} {phone.number}", safe="")),
        kinds=MACHINES,
    ),
    Spelling(
        "phone lost its nought",
        "phone",
        _trunked(lambda phone, _: (phone.trunk + phone.area + phone.number).lstrip("0")),
        kinds=SHEETS,
        bare=True,
    ),
    Spelling(
        "phone over two lines",
        "phone",
        _any(lambda phone, _: f"+{phone.calling} {phone.area}\n{_halves(phone.number)}"),
        kinds=LINES,
    ),
    Spelling("phone sip:", "phone", _any(lambda phone, _: f"sip:{phone}@pbx.example.com;user=phone"), kinds=MACHINES),
)
