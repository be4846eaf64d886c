"""What becomes of a name, a date or an address when somebody takes it down."""

import random
import unicodedata
from datetime import date

from benchmarks._customs import Customs, Place

_NEAR = {
    "a": "sqe",
    "b": "vn",
    "c": "xvk",
    "d": "sf",
    "e": "wri",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uoj",
    "j": "hki",
    "k": "jlc",
    "l": "k",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "r": "et",
    "s": "adz",
    "t": "ry",
    "u": "yi",
    "v": "cbw",
    "w": "qev",
    "x": "zc",
    "y": "tui",
    "z": "sx",
}
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss"})


def plain(text: str) -> str:
    """Without diacritics."""
    parts = unicodedata.normalize("NFD", text.translate(_STROKES))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def typo(text: str, chance: random.Random) -> str:
    """One letter wrong, left out, doubled, or two exchanged. The first one hardly ever."""
    if len(text) < 3:
        return text
    at = chance.randrange(1, len(text) - 1) if chance.random() < 0.95 else 0
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + chance.choice(_NEAR.get(text[at].lower(), "e")) + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def noted_name(name: str, customs: Customs, chance: random.Random) -> str:
    """A name as it was heard or read: mostly right, else misspelled, spelled out, bare or in capitals."""
    drawn = chance.random()
    if drawn < 0.025:
        return typo(name, chance)
    if drawn < 0.09:
        return name.translate(_SPELLED_OUT) if customs.country in {"DE", "FI"} and drawn < 0.05 else plain(name)
    return name.upper() if drawn < 0.12 else name


def mistaken_date(day: date, chance: random.Random) -> date:
    drawn = chance.random()
    if drawn < 0.006 and day.day <= 12:
        return day.replace(month=day.day, day=day.month)
    if drawn < 0.012:
        return day if (day.month, day.day) == (2, 29) else day.replace(year=day.year + chance.choice((-10, -1, 1)))
    return day.replace(day=1 + (day.day + chance.randrange(27)) % 28) if drawn < 0.018 else day


def noted_place(place: Place, customs: Customs, chance: random.Random) -> str:
    """An address on one line: mostly in full, else shortened, misspelled, or without what it could have."""
    street, house, flat, postcode = place.street, place.house, place.flat, place.postcode
    usual, short = customs.abbreviated
    if chance.random() < 0.15:
        street = street.replace(usual, short)
    drawn = chance.random()
    if drawn < 0.03:
        street = typo(street, chance)
    elif drawn < 0.08:
        street = plain(street)
    if chance.random() < 0.01:
        house = str(int(house) + chance.choice((-2, 2, 10)) if int(house) > 2 else int(house) + 2)
    if chance.random() < 0.12:
        flat = ""
    if chance.random() < 0.03:
        postcode = postcode[:-1] + str((int(postcode[-1]) + 1) % 10)
    return customs.written(Place(street, house, flat, postcode, place.town))
