"""What nearly is a leftover: it has a person's letters or digits in it and means somebody or something else."""

import random

from benchmarks._residual.papers import address_of
from benchmarks._residual.people import Person

_LONGER = {"FI": "la", "PL": "owicz", "DE": "hausen", "AT": "inger"}


def near(person: Person, chance: random.Random) -> str:
    return chance.choice(_WAYS)(person, chance)


def _inside_a_longer_number(person: Person, chance: random.Random) -> str:
    digits = person.mobile.area + person.mobile.number
    bank, account = chance.randrange(10**7, 10**8), chance.randrange(1000, 9999)
    return f"IBAN {person.country}{chance.randrange(10, 99)}{bank}{digits}{account}"


def _longer_local_part(person: Person, _: random.Random) -> str:
    return f"Cc: jo{person.email}"


def _longer_host(person: Person, _: random.Random) -> str:
    return f"Cc: {person.email}.example.org"


def _longer_name(person: Person, _: random.Random) -> str:
    """Matti Virta is not Matti Virtala."""
    if person.country == "HU":
        return f"Kis{person.family.lower()} {person.given}"
    return f"{person.given} {person.family}{_LONGER[person.country]}"


def _neighbor_of_a_reference(person: Person, _: random.Random) -> str:
    last = (int(person.reference[-1]) + 1) % 10
    return f"Ref. {person.reference[:-1]}{last}"


def _reference_inside(person: Person, chance: random.Random) -> str:
    return f"RF{chance.randrange(10, 99)}{chance.randrange(100, 999)}{person.reference}{chance.randrange(100, 999)}"


def _neighbor_of_a_number(person: Person, _: random.Random) -> str:
    last = (int(person.customer_number[-1]) + 1) % 10
    return f"{person.customer_number[:-1]}{last}"


def _other_address(person: Person, chance: random.Random) -> str:
    """The same initial and surname elsewhere."""
    while (address := address_of(person.country, chance)) == person.address:
        pass
    letter = f"{person.given[0]}."
    who = f"{person.family} {letter}" if person.country == "HU" else f"{letter} {person.family}"
    return f"{who}, {address}"


def _longer_handle(person: Person, chance: random.Random) -> str:
    return f"https://t.me/{person.handle}{chance.randrange(10)}"


def _surname_only(person: Person, chance: random.Random) -> str:
    return chance.choice(("{} & Co.", "{} Bt.", "Fa. {}")).format(person.family)


_WAYS = (
    _inside_a_longer_number,
    _longer_local_part,
    _longer_host,
    _longer_name,
    _neighbor_of_a_reference,
    _reference_inside,
    _neighbor_of_a_number,
    _other_address,
    _longer_handle,
    _surname_only,
)
