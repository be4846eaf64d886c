"""Names as registers, forms, programs and colleagues write them."""

import json
import random
import unicodedata
from collections.abc import Callable
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

from benchmarks._residual.inflection import birth_name_inflected, inflected
from benchmarks._residual.lexicon import FINNISH_CASES, HUNGARIAN_CASES, POLISH_CASES
from benchmarks._residual.people import Person, folded
from benchmarks._residual.spelling import LINES, MACHINES, PAGES, Spelling, Write

_MARKLESS = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "\u0131": "i", "\u2019": "'"}
)
_IN_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"}) | str.maketrans(
    {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)
_PARTICLES = ("von", "zu", "van", "de", "der", "den", "la")
_ONE_SOUND = ("Cs", "Gy", "Ly", "Ny", "Sz", "Ty", "Zs")
_TITLES = {"HU": "dr.", "FI": "tri", "PL": "dr", "DE": "Dr.", "AT": "Mag."}


def markless(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.translate(_MARKLESS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _name(change: Callable[[str], str]) -> Write:
    return lambda person, _: change(person.name)


def _changed(change: Callable[[str], str]) -> Write:
    """Where the change makes a difference."""
    return lambda person, _: made if (made := change(person.name)) != person.name else None


def _listed(person: Person, before: str = "") -> str:
    return f"{person.family}, {before}{person.given}"


def _caps_family(person: Person, _: random.Random) -> str:
    family = person.family.upper()
    return f"{family} {person.given}" if person.country == "HU" else f"{person.given} {family}"


def _family_first(person: Person, _: random.Random) -> str | None:
    return None if person.country == "HU" else f"{person.family} {person.given}"


def _western(person: Person, _: random.Random) -> str | None:
    return f"{person.given} {person.family}" if person.country == "HU" else None


def _particle_behind(person: Person, _: random.Random) -> str | None:
    words = person.family.split()
    if words[0] not in _PARTICLES:
        return None
    return f"{words[-1]}, {person.given} {' '.join(words[:-1])}"


def _particle_short(person: Person, _: random.Random) -> str | None:
    words = person.family.split()
    if words[0] not in ("von", "van"):
        return None
    return " ".join([person.given, *(f"{word[0]}." for word in words[:-1]), words[-1]])


def _half(person: Person, chance: random.Random) -> str | None:
    if "-" not in person.family or person.family.startswith("al-"):
        return None
    half = chance.choice(person.family.split("-"))
    return f"{half} {person.given}" if person.country == "HU" else f"{person.given} {half}"


def _hyphen_changed(person: Person, chance: random.Random) -> str | None:
    return person.name.replace("-", chance.choice(" \u2011\u2013")) if "-" in person.name else None


def _apostrophe(person: Person, chance: random.Random) -> str | None:
    return person.name.replace("'", chance.choice("\u2019\u02bc\u00b4\u2018")) if "'" in person.name else None


def _apostrophe_dropped(person: Person, _: random.Random) -> str | None:
    return person.name.replace("'", "") if "'" in person.name else None


def _middle_dropped(person: Person, _: random.Random) -> str | None:
    if " " not in person.given:
        return None
    first = person.first_given
    return f"{person.family} {first}" if person.country == "HU" else f"{first} {person.family}"


def _middle_initial(person: Person, _: random.Random) -> str | None:
    if " " not in person.given:
        return None
    first, second = person.given.split()
    return _ordered(person, f"{first} {initial(person.country, second)}")


def initial(country: str, given: str) -> str:
    """Hungarians shorten to two letters what they say as one: Zsófia is Zs."""
    two = country == "HU" and given[:2] in _ONE_SOUND
    return f"{given[: 2 if two else 1]}."


def _ordered(person: Person, given: str) -> str:
    return f"{person.family} {given}" if person.country == "HU" else f"{given} {person.family}"


def _joined(person: Person, chance: random.Random) -> str:
    words = [folded(word) for word in person.name.replace("-", " ").split()]
    return chance.choice(("szerz_{}.pdf", "{}", "scan-{}-2024.tif")).format(chance.choice("_-.").join(words))


def _soft_hyphen(person: Person, _: random.Random) -> str:
    """As a text that was divided into syllables for the page keeps it."""
    words = person.name.split()
    longest = max(words, key=len)
    middle = len(longest) // 2
    return person.name.replace(longest, f"{longest[:middle]}\u00ad{longest[middle:]}", 1)


def _garbled(name: str) -> str:
    """UTF-8 that somebody read as if it were Windows-1252."""
    try:
        return name.encode().decode("cp1252")
    except UnicodeDecodeError:
        return name


def _entities(person: Person, chance: random.Random) -> str | None:
    if person.name.isascii():
        return None
    number = chance.choice(("&#{:d};", "&#x{:x};", "&#x{:X};", ""))

    def entity(letter: str) -> str:
        known = codepoint2name.get(ord(letter))
        if known and not number:
            return f"&{known};"
        return (number or "&#{:d};").format(ord(letter))

    return "".join(letter if letter.isascii() else entity(letter) for letter in person.name)


def _quoted_printable(name: str) -> str:
    return "".join(chr(byte) if byte < 128 else f"={byte:02X}" for byte in name.encode())


def _nginx(name: str) -> str:
    return "".join(chr(byte) if byte < 128 else f"\\x{byte:02X}" for byte in name.encode())


def _born_as(person: Person, _: random.Random) -> str | None:
    return person.birth_name or None


def _widow(person: Person, _: random.Random) -> str | None:
    return f"özv. {person.name}" if person.birth_name else None


def _in_case(country: str, case: str) -> Write:
    return lambda person, _: inflected(person, case) if person.country in country else None


def _born_in_case(person: Person, _: random.Random) -> str | None:
    return birth_name_inflected(person, "instrumental") if person.birth_name else None


def _alone(name: str, write: Write, **more: object) -> Spelling:
    return Spelling(name, "name", write, alone=True, **more)  # type: ignore[arg-type]


def _cases() -> list[Spelling]:
    by_country = {
        "HU": HUNGARIAN_CASES,
        "FI": (*FINNISH_CASES, "colloquial"),
        "PL": POLISH_CASES,
        "DE AT": ("genitive",),
    }
    return [
        _alone(f"name {case} ({countries})", _in_case(countries, case), case=case)
        for countries, cases in by_country.items()
        for case in cases
    ]


SPELLINGS = (
    _alone("name", _name(str)),
    _alone("name, family first", _family_first),
    _alone("name, western order", _western),
    _alone("name, comma", lambda person, _: _listed(person)),
    _alone("name, comma and title", lambda person, _: _listed(person, f"{_TITLES[person.country]} ")),
    _alone("name with title", lambda person, _: f"{_TITLES[person.country]} {person.name}"),
    _alone("name in capitals", _name(str.upper)),
    _alone("name, family in capitals", _caps_family),
    _alone("name in small letters", _name(str.lower)),
    _alone("name without marks", _changed(markless)),
    _alone("name without marks, in capitals", _changed(lambda name: markless(name).upper())),
    _alone(
        "name with ae, oe, ue",
        lambda person, _: (
            made if person.country in ("DE", "AT") and (made := person.name.translate(_IN_TWO)) != person.name else None
        ),
    ),
    _alone("name decomposed (NFD)", _changed(lambda name: unicodedata.normalize("NFD", name))),
    _alone("name, no-break space", _changed(lambda name: name.replace(" ", "\u00a0"))),
    _alone("name, two spaces or a tab", lambda person, chance: person.name.replace(" ", chance.choice(("  ", "\t")))),
    _alone(
        "name over two lines",
        lambda person, chance: person.name.replace(" ", chance.choice(("\n", "\n    "))),
        kinds=LINES,
    ),
    _alone("name, soft hyphen", _soft_hyphen, kinds=PAGES | {"docx", "xlsx"}),
    _alone("name, other apostrophe", _apostrophe),
    _alone("name, no apostrophe", _apostrophe_dropped),
    _alone("name, other hyphen", _hyphen_changed),
    _alone("name, half of the surname", _half),
    _alone("name, particle behind", _particle_behind),
    _alone("name, particle short", _particle_short),
    _alone("name, second name left out", _middle_dropped),
    _alone("name, second name as initial", _middle_initial),
    _alone("name in a file's name", _joined),
    _alone("name at birth", _born_as),
    _alone("name at birth, instrumental", _born_in_case, case="instrumental"),
    _alone("name of a widow", _widow),
    _alone("name read in the wrong encoding", _changed(_garbled), kinds=MACHINES | {"note", "xlsx"}),
    _alone("name with HTML entities", _entities, kinds=PAGES),
    _alone("name with \\u escapes", _changed(lambda name: json.dumps(name)[1:-1]), kinds=MACHINES),
    _alone("name quoted-printable", _changed(_quoted_printable), kinds=frozenset({"note", "text", "queue", "outside"})),
    _alone("name url-encoded", _name(quote_plus), kinds=MACHINES),
    _alone("name percent-encoded", _name(lambda name: quote(name, safe="")), kinds=MACHINES),
    _alone("name as a web server escapes it", _changed(_nginx), kinds=frozenset({"log", "text"})),
    *_cases(),
)
