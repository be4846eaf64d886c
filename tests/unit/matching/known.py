"""People to be matched, and a register of strangers around them."""

import hashlib
import random
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.api import WIDTH, Index, profile
from trustdesk.matching.contracts import Address, Identity

HOME = Address(street="mannerheimintie", house="5", flat="12", postcode="00100", town="helsinki", country="FI")
ANNA = Identity(
    family=("virtanen",),
    given=("anna",),
    birth_date="1984-03-12",
    national_id="120384-1234",
    numbers=("dvv77",),
    phones=("+358401234567", "+35891234567"),
    shared_phones=("+35891234567",),
    emails=("anna@example.org",),
    addresses=(HOME,),
)


def digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=b"tests").digest(), "big")


def profiles(people: Sequence[Identity]) -> NDArray[np.int64]:
    return np.array([profile(person, digest) for person in people], np.int64).reshape(len(people), WIDTH)


@cache
def strangers(count: int) -> tuple[Identity, ...]:
    """Invented people with names of different frequency, who have nothing to do with Anna."""
    chance = random.Random(7)
    return tuple(
        Identity(
            family=(f"{chance.choice('bdghklmt')}ola{int(chance.paretovariate(0.5)) % 997}nen",),
            given=(f"{chance.choice('aeiu')}lma{int(chance.paretovariate(0.7)) % 97}",),
            birth_date=f"19{chance.randint(30, 99)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            phones=(f"+35850{chance.randrange(10**7):07}",),
            addresses=(
                Address(
                    street=f"katu{chance.randrange(300)}",
                    house=str(chance.randrange(90)),
                    postcode=f"{chance.randrange(900):05}",
                    town=f"kaupunki{chance.randrange(60)}",
                    country="FI",
                ),
            ),
        )
        for _ in range(count)
    )


def register(*people: Identity, around: int = 3000) -> Index:
    """These people as customers 1, 2, … with so many strangers from 1,001 on."""
    ids = np.array([*range(1, len(people) + 1), *range(1001, 1001 + around)], np.int64)
    return Index(ids, np.concatenate([profiles(people), _profiles_of_strangers(around)]))


@cache
def _profiles_of_strangers(count: int) -> NDArray[np.int64]:
    return profiles(strangers(count))
