"""E-mail addresses, numbers of authorities and of the company, handles, and what identifies only together."""

import random
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from urllib.parse import quote

from benchmarks._residual.names import initial, markless
from benchmarks._residual.people import Person
from benchmarks._residual.phones import grouped
from benchmarks._residual.spelling import LINES, MACHINES, PAGES, SHEETS, Spelling, Write

_MONTHS = {
    "HU": "január február március április május június július augusztus szeptember október november december",
    "FI": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
    "PL": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "DE": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "AT": "Jänner Februar März April Mai Juni Juli August September Oktober November Dezember",
}


def _worded(born: date, country: str) -> str:
    month = _MONTHS[country].split()[born.month - 1]
    if country == "HU":
        return f"{born.year}. {month} {born.day}."
    return f"{born.day} {month} {born.year}" if country == "PL" else f"{born.day}. {month} {born.year}"


def _dotted(born: date, country: str) -> str:
    if country == "HU":
        return f"{born:%Y. %m. %d.}"
    return f"{born.day}.{born.month}.{born.year}" if country == "FI" else f"{born:%d.%m.%Y}"


def _slashed(born: date, country: str) -> str:
    return f"{born:%Y/%m/%d}" if country == "HU" else f"{born:%d/%m/%Y}"


def _two_figures(born: date, country: str) -> str:
    return f"{born:%y.%m.%d.}" if country == "HU" else f"{born:%d.%m.%y}"


def _initial(person: Person) -> str:
    """Kovács I. in Hungary, I. Kovács elsewhere."""
    letter = initial(person.country, person.given)
    return f"{person.family} {letter}" if person.country == "HU" else f"{letter} {person.family}"


def _born(write: Callable[[date, str], str]) -> Write:
    return lambda person, chance: chance.choice(("{} ({})", "{}, *{}", "{} {}")).format(
        _initial(person), write(person.born, person.country)
    )


def _label(person: Person, _: random.Random) -> str:
    """As on an envelope, the given name left out."""
    address = person.address
    street, place = f"{address.short} {address.house}", f"{address.postcode} {address.town}"
    lines = [_initial(person), place, street] if person.country == "HU" else [_initial(person), street, place]
    return "\n".join(lines)


def _short_address(person: Person, _: random.Random) -> str:
    return f"{_initial(person)}, {person.address.short} {person.address.house}"


def _full_address_folded(person: Person, _: random.Random) -> str:
    return markless(f"{_initial(person)} {person.address.street} {person.address.house} {person.address.town}").upper()


def _identifier(person: Person, between: str) -> str:
    """In the groups in which each country prints it."""
    digits = person.national_id
    if person.country == "FI":
        return f"{digits[:6]}{between}{digits[6:]}"
    cuts = {"HU": (1, 4, 7), "PL": (6,), "DE": (2, 5, 8), "AT": (4,)}[person.country]
    places = [0, *cuts, len(digits)]
    return between.join(digits[begin:end] for begin, end in pairwise(places))


def _id_changed(person: Person, _: random.Random) -> str | None:
    """A Finnish code in small letters, and with its sign left out."""
    return person.national_id.lower() if person.country == "FI" and person.national_id[-1].isalpha() else None


def _id_signless(person: Person, _: random.Random) -> str | None:
    return person.national_id[:6] + person.national_id[7:] if person.country == "FI" else None


def _verp(email: str) -> str:
    """The address to which what could not be delivered is sent back: the recipient stands in it."""
    return f"bounces+{email.replace('@', '=')}@mailer.example.net"


def _email(change: Callable[[str], str]) -> Write:
    return lambda person, _: change(person.email)


def _reference(size: int, between: str) -> Write:
    return lambda person, _: grouped(person.reference, size, between)


def _lost_nought(person: Person, _: random.Random) -> str | None:
    return person.reference.lstrip("0") if person.reference.startswith("0") else None


def _customer(person: Person, between: str, *, letters: bool = True) -> str:
    country, digits = person.customer_number[:2], person.customer_number[2:]
    return between.join([country, digits[:4], digits[4:]]) if letters else digits


SPELLINGS = (
    Spelling("e-mail", "email", _email(str)),
    Spelling("e-mail in capitals", "email", _email(str.upper)),
    Spelling("e-mail with capitals", "email", _email(str.title)),
    Spelling("e-mail mailto:", "email", _email("mailto:{}".format)),
    Spelling("e-mail in brackets", "email", _email("<{}>".format)),
    Spelling("e-mail percent-encoded", "email", _email(lambda email: quote(email, safe="")), kinds=MACHINES | {"mail"}),
    Spelling("e-mail with an entity", "email", _email(lambda email: email.replace("@", "&#64;")), kinds=PAGES),
    Spelling("e-mail in a bounce address", "email", _email(_verp), kinds=MACHINES | {"mail", "mbox"}),
    Spelling("national id", "number", lambda person, _: person.national_id),
    Spelling("national id, spaces", "number", lambda person, _: _identifier(person, " ")),
    Spelling(
        "national id, hyphens", "number", lambda person, _: None if person.country == "FI" else _identifier(person, "-")
    ),
    Spelling("national id, no-break spaces", "number", lambda person, _: _identifier(person, "\u00a0")),
    Spelling("national id in small letters", "number", _id_changed),
    Spelling("national id without its sign", "number", _id_signless),
    Spelling("customer number", "number", lambda person, _: person.customer_number),
    Spelling("customer number, hyphens", "number", lambda person, _: _customer(person, "-")),
    Spelling("customer number, spaces", "number", lambda person, _: _customer(person, " ")),
    Spelling("customer number in small letters", "number", lambda person, _: person.customer_number.lower()),
    Spelling(
        "customer number without letters",
        "number",
        lambda person, _: _customer(person, "", letters=False),
        kinds=SHEETS,
        bare=True,
    ),
    Spelling("reference", "number", lambda person, _: person.reference),
    Spelling("reference in threes", "number", _reference(3, " ")),
    Spelling("reference in threes, no-break spaces", "number", _reference(3, "\u00a0")),
    Spelling("reference in threes, hyphens", "number", _reference(3, "-")),
    Spelling("reference in threes, dots", "number", _reference(3, ".")),
    Spelling("reference in fours", "number", _reference(4, " ")),
    Spelling("reference in sixes", "number", _reference(6, " ")),
    Spelling(
        "reference with a stroke", "number", lambda person, chance: f"{person.reference}/{chance.randrange(1, 9)}"
    ),
    Spelling("reference over two lines", "number", lambda person, _: grouped(person.reference, 6, "\n"), kinds=LINES),
    Spelling("reference lost its nought", "number", _lost_nought, kinds=SHEETS, bare=True),
    Spelling("handle", "number", lambda person, _: person.handle),
    Spelling("handle with @", "number", lambda person, _: f"@{person.handle}"),
    Spelling("handle in an address", "number", lambda person, _: f"https://t.me/{person.handle}"),
    Spelling("handle in capitals", "number", lambda person, _: person.handle.upper()),
    Spelling("initial and birth date, ISO", "pair", _born(lambda born, _: born.isoformat())),
    Spelling("initial and birth date, dots", "pair", _born(_dotted)),
    Spelling("initial and birth date, slashes", "pair", _born(_slashed)),
    Spelling("initial and birth date, two figures", "pair", _born(_two_figures)),
    Spelling("initial and birth date, month in words", "pair", _born(_worded)),
    Spelling("name and birth date", "pair", lambda person, _: f"{person.name}, {_dotted(person.born, person.country)}"),
    Spelling("initial and short street", "pair", _short_address, at_home=True),
    Spelling("initial and address in capitals, no marks", "pair", _full_address_folded, at_home=True),
    Spelling("initial and address on an envelope", "pair", _label, at_home=True, kinds=LINES),
    Spelling("name and address", "pair", lambda person, _: f"{person.name}, {person.address}"),
)
