"""Invented homes to train the weights of matching: who lives there, what a register holds of them, what a feed says.

No bench looks at these people: whoever measures the matcher invents others, by other rules.
"""

import random
import string
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from itertools import accumulate

from trustdesk.matching.contracts import Address, Identity

COUNTRIES = {"FI": "fi_FI", "PL": "pl_PL", "HU": "hu_HU", "DE": "de_DE"}


@dataclass(frozen=True)
class Person:
    """One person twice: as the register has them and as a feed says they were."""

    home: int
    held: Identity
    said: Identity


class Pool:
    """Words of which the first come often and the last hardly ever, as names do (Zipf)."""

    def __init__(self, chance: random.Random, words: Sequence[str], steepness: float = 0.9) -> None:
        self._words = [word for word in dict.fromkeys(folded(word) for word in words) if word]
        chance.shuffle(self._words)
        self._weights = list(accumulate(1 / place**steepness for place in range(1, len(self._words) + 1)))

    def draw(self, chance: random.Random) -> str:
        return chance.choices(self._words, cum_weights=self._weights)[0]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("ł", "l"))
    return "".join(letter for letter in plain if letter in string.ascii_lowercase + " -").strip()


class Country:
    """Names, towns and streets of one country."""

    def __init__(self, code: str, chance: random.Random) -> None:
        names = import_module(f"faker.providers.person.{COUNTRIES[code]}").Provider
        self.code = code
        self.family = Pool(chance, _compounds([*names.last_names, *names.first_names_male], chance), 0.7)
        self.women = Pool(chance, list(names.first_names_female), 0.4)
        self.men = Pool(chance, list(names.first_names_male), 0.4)
        syllables = [a + b for a in "bdfghklmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "or", "um")]
        words = ["".join(chance.choices(syllables, k=chance.choice((2, 3)))) for _ in range(700)]
        self.streets = Pool(chance, [f"{word}{chance.choice(('gasse', 'katu', ' ulica', ' utca'))}" for word in words])
        self.towns = Pool(chance, words[:120])
        self._houses: list[Address] = []

    def address(self, chance: random.Random) -> Address:
        """A house of its own, or another flat in one that was taken already."""
        if self._houses and chance.random() < 0.35:
            return chance.choice(self._houses[-40:])._replace(flat=str(chance.randint(1, 40)))
        self._houses.append(self._house(chance))
        return self._houses[-1]

    def _house(self, chance: random.Random) -> Address:
        town = self.towns.draw(chance)
        return Address(
            street=self.streets.draw(chance),
            house=str(chance.randint(1, 80)),
            flat=str(chance.randint(1, 40)) if chance.random() < 0.45 else "",
            postcode=f"{sum(map(ord, town)) % 900 + 100}{chance.choice('012')}0",
            town=town,
            country=self.code,
        )


def _compounds(names: Sequence[str], chance: random.Random) -> list[str]:
    """Some thousand names out of the few there are lists of: as common ones, and with what makes others of them."""
    endings = ("", "la", "sto", "maki", "er", "mann", "ski", "ak", "i", "o")
    return [*names[:400], *(chance.choice(names)[:6] + chance.choice(endings) for _ in range(6000))]


def people(homes: int, seed: int) -> list[Person]:
    """Everybody of so many homes."""
    chance = random.Random(seed)  # noqa: S311 - invented people
    countries = [Country(code, chance) for code in COUNTRIES]
    return [person for home in range(homes) for person in _household(home, countries[home % len(countries)], chance)]


def _household(home: int, country: Country, chance: random.Random) -> list[Person]:
    address = country.address(chance)
    family = country.family.draw(chance)
    line = f"+0{chance.randrange(10**9)}" if chance.random() < 0.2 else ""
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(365 * 62))
    given: list[str] = []
    birth = ""
    found = []
    for place in range(chance.choices((1, 2, 3, 4, 5), (40, 33, 12, 10, 5))[0]):
        name = (country.women if chance.random() < 0.5 else country.men).draw(chance)
        if given and chance.random() < 0.012:
            name = given[0]
        given.append(name)
        years = chance.randint(20, 38) if place > 1 else chance.randint(-6, 6)
        own = born if not place else born + timedelta(days=365 * years + chance.randrange(365))
        birth = birth if place > 2 and chance.random() < 0.02 else str(own)
        held = Identity(
            family=(family if chance.random() < (0.75, 0.9)[place > 1] else country.family.draw(chance),),
            given=(name, *_second(country, chance)) if chance.random() < 0.4 else (name,),
            birth_date=birth,
            national_id=f"id{home}-{place}" if chance.random() < 0.3 else "",
            numbers=(f"n{home}-{place}",) if chance.random() < 0.3 else (),
            phones=tuple([f"+1{chance.randrange(10**9)}"] * (chance.random() < 0.85) + [line] * bool(line)),
            shared_phones=(line,) if line and chance.random() < 0.6 else (),
            emails=(f"{home}.{place if chance.random() < 0.9 else ''}@example.org",) if chance.random() < 0.65 else (),
            addresses=(address,),
        )
        said = _said(held, country, chance)
        found.append(Person(home, _stale(held, country, chance), said))
    return found


def _second(country: Country, chance: random.Random) -> tuple[str, ...]:
    name = (country.women if chance.random() < 0.5 else country.men).draw(chance)
    return (name,) if chance.random() < 0.6 else (name[0],)


def _stale(held: Identity, country: Country, chance: random.Random) -> Identity:
    """What the register has: older, and not all."""
    if chance.random() < 0.12:
        held = replace(held, birth_date="")
    if chance.random() < 0.09:
        held = replace(held, addresses=(country.address(chance),))
    if chance.random() < 0.04:
        held = replace(held, addresses=())
    if chance.random() < 0.04:
        held = replace(held, family=(country.family.draw(chance),))
    elif chance.random() < 0.03:
        held = replace(held, family=(*held.family, country.family.draw(chance)))
    if chance.random() < 0.15:
        held = replace(held, phones=(f"+1{chance.randrange(10**9)}",), shared_phones=())
    return held


def _said(held: Identity, country: Country, chance: random.Random) -> Identity:
    """What a feed says: misspelled, misheard, without half of it."""
    given, family = _given(held, country, chance), held.family[:1]
    kind = chance.random()
    if kind < 0.035:
        family = (slip(family[0], chance),)
    elif kind < 0.045:
        family = (f"{family[0]}-{country.family.draw(chance)}",)
    elif kind < 0.055:
        family = (slip(slip(family[0], chance), chance),)
    if chance.random() < 0.006:
        family, given = given, family
    other = (f"x{chance.randrange(10**9)}@example.org",)
    own = [phone for phone in held.phones if phone not in held.shared_phones]
    return Identity(
        family=family,
        given=given,
        birth_date=_dated(held.birth_date, chance),
        national_id=held.national_id if chance.random() < 0.4 else "",
        numbers=held.numbers if chance.random() < 0.4 else (),
        phones=tuple(own[:1]) if chance.random() < 0.55 else tuple(held.phones[1:]),
        emails=held.emails if chance.random() < 0.5 else other[: chance.random() < 0.2],
        addresses=tuple(_written(address, country, chance) for address in held.addresses if chance.random() < 0.95),
    )


def _given(held: Identity, country: Country, chance: random.Random) -> tuple[str, ...]:
    given = tuple(held.given[:1])
    kind = chance.random()
    if kind < 0.03:
        given = (slip(given[0], chance),)
    elif kind < 0.05:
        given = (given[0][0],)
    elif kind < 0.07:
        given = ((country.women if chance.random() < 0.5 else country.men).draw(chance),)
    elif kind < 0.08:
        given = tuple(held.given[1:2]) if chance.random() < 0.5 else ()
    elif kind < 0.095:
        given = (given[0][: chance.choice((3, 4))],)
    elif kind < 0.105:
        given = (slip(slip(given[0], chance), chance),)
    if given and given != held.given[1:2] and chance.random() < 0.5:
        given += _seconds(held.given[1:2], country, chance)
    return given


def _seconds(held: Sequence[str], country: Country, chance: random.Random) -> tuple[str, ...]:
    """Of a second given name often the letter alone; now and then another one."""
    if not held:
        return ()
    if chance.random() < 0.04:
        return _second(country, chance)
    return tuple(name[0] if chance.random() < 0.5 else name for name in held)


def _dated(born: str, chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.35:
        return ""
    if kind < 0.36:
        return f"{born[:5]}{born[8:]}-{born[5:7]}" if int(born[8:]) <= 12 else born
    if kind < 0.37:
        return born[:-1] + chance.choice(string.digits)
    if kind < 0.375:
        return f"{int(born[:4]) + chance.choice((-10, -1, 1, 10))}{born[4:]}"
    if kind < 0.38:
        return str(date(1940, 1, 1) + timedelta(days=chance.randrange(365 * 62)))
    return born


def _written(address: Address, country: Country, chance: random.Random) -> Address:
    others: tuple[tuple[float, Callable[[], Address]], ...] = (
        (0.05, lambda: address._replace(street=slip(address.street, chance))),
        (0.07, lambda: address._replace(postcode=slip(address.postcode, chance, string.digits))),
        (0.09, lambda: address._replace(house="", flat="")),
        (0.11, lambda: address._replace(flat=str(chance.randint(1, 40)))),
        (0.13, lambda: address._replace(house=slip(address.house, chance, string.digits))),
        (0.16, lambda: country.address(chance)),
        (0.18, lambda: address._replace(postcode="")),
        (0.2, lambda: address._replace(street="", house="", flat=str(chance.randint(1, 999)))),
        (0.21, lambda: address._replace(street=slip(slip(address.street, chance), chance))),
    )
    kind = chance.random()
    return next((other() for below, other in others if kind < below), address)


def slip(word: str, chance: random.Random, letters: str = string.ascii_lowercase) -> str:
    """One letter wrong, left out, doubled or in its neighbor's place."""
    at = chance.randrange(max(len(word) - 1, 1))
    return chance.choice(
        (
            word[:at] + chance.choice(letters) + word[at + 1 :],
            word[:at] + word[at + 1 :] or word,
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        )
    )
