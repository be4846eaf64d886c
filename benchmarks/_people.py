"""Invented customers of four countries, the same for the same seed: surnames as unequal as in life."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from faker.providers.address import de_DE as de_places
from faker.providers.address import fi_FI as fi_places
from faker.providers.address import pl_PL as pl_places
from faker.providers.person import de_DE, fi_FI, hu_HU, pl_PL

_HUNGARIAN_TOWNS = ("Budapest", "Debrecen", "Szeged", "Miskolc", "Pécs", "Győr", "Nyíregyháza", "Kecskemét", "Érd")
_POLISH = tuple(getattr(pl_PL.Provider, "unisex_last_names", ())) or tuple(pl_PL.Provider.last_names)
_ENDINGS = (
    "",
    "la",
    "nen",
    "mann",
    "berg",
    "stein",
    "i",
    "ssy",
    "ski",
    "cki",
    "czyk",
    "wicz",
    "kanen",
    "fy",
    "er",
    "ó",
)
_LATE = date(2008, 1, 1)


@dataclass(frozen=True, slots=True)
class Person:
    given: str
    family: str
    phone: str
    email: str
    born: str
    street: str
    town: str


def people(count: int, *, seed: int = 20261122) -> Iterator[Person]:
    """`count` people; a few surnames are very common, most are rare (Zipf)."""
    chance = random.Random(seed)
    families = _families()
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(families))))
    givens = _givens()
    towns = [*fi_places.Provider.cities, *pl_places.Provider.cities, *de_places.Provider.cities, *_HUNGARIAN_TOWNS]
    for number in range(count):
        family = chance.choices(families, cum_weights=weights)[0]
        given = chance.choice(givens)
        yield Person(
            given,
            family,
            f"+3584{chance.randrange(10**7, 10**8)}",
            f"{_plain(given)}.{_plain(family)}{number}@example.com",
            (_LATE - timedelta(days=chance.randrange(29_000))).isoformat(),
            f"{chance.choice(families)} {chance.randrange(1, 200)}",
            chance.choice(towns),
        )


def _families() -> list[str]:
    stems = [*fi_FI.Provider.last_names, *hu_HU.Provider.last_names, *_POLISH, *de_DE.Provider.last_names]
    # The libraries know a thousand surnames; a country has a hundred thousand.
    made = dict.fromkeys(stem + ending for ending in _ENDINGS for stem in stems)
    return list(made)


def _givens() -> list[str]:
    return list(dict.fromkeys([*fi_FI.Provider.first_names, *hu_HU.Provider.first_names, *de_DE.Provider.first_names]))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha()) or "x"
