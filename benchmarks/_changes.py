"""A feed of changes about the people of a register and those around them, and apart from it who each one is.

Of a hundred changes 29 are of people whom the register doesn't hold: those who live with a customer, who moved in
where a customer lives or lived, who bear a customer's name, and strangers. A feed knows people better than a register
does, but not well: it leaves out a good part of what could tell them apart, and misspells the rest.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._customs import CUSTOMS, Place
from benchmarks._misspelled import mistaken_date, noted_name, noted_place
from benchmarks._register import KINDS, TODAY, Person, World, address_of, dialed, place

if TYPE_CHECKING:
    from trustdesk.matching.contracts import Said
    from trustdesk.updates.contracts import Change

DECOYS = 0.29
AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
NOBODY = -1
_KINDS = ("move", "state", "phone", "name", "email", "death")
_SHARES = (60, 14, 11, 9, 5, 1)


@dataclass(frozen=True, slots=True)
class Feed:
    """`truth` is, by change, the number of the customer's row, or NOBODY; `who` says what kind of person it is of."""

    changes: "Sequence[Change]"
    truth: Sequence[int]
    who: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Subject:
    person: Person
    truth: int
    who: str
    key: str = ""


def feed(world: World, count: int, *, seed: int, decoys: float = DECOYS, as_of: datetime = AS_OF) -> Feed:
    """`count` changes, those of one home not next to each other."""
    chance = random.Random(seed)
    strange = round(count * decoys)
    subjects = [*_customers(world, count - strange, chance), *_decoys(world, strange, chance)]
    chance.shuffle(subjects)
    kinds = chance.choices(_KINDS, weights=_SHARES, k=count)
    changes = [
        _change(
            world, subject, kind, chance, position=f"{number + 1:09d}", as_of=as_of + timedelta(microseconds=number)
        )
        for number, (subject, kind) in enumerate(zip(subjects, kinds, strict=True))
    ]
    return Feed(changes, [each.truth for each in subjects], [each.who for each in subjects])


def _customers(world: World, many: int, chance: random.Random) -> list[_Subject]:
    """By themselves, or with all of their home who are customers too: who moves seldom moves alone."""
    chosen: dict[int, None] = {}
    while len(chosen) < many:
        index = int(world.inside[chance.randrange(world.customers)])
        if chance.random() < 0.4:
            first, size = int(world.people.first[index]), int(world.people.homes.size[world.people.home[index]])
            chosen.update(dict.fromkeys(who for who in range(first, first + size) if world.number[who] != NOBODY))
        else:
            chosen[index] = None
    return [
        _Subject(world.person(index), int(world.number[index]), "customer", _key(world, index, chance))
        for index in list(chosen)[:many]
    ]


def _key(world: World, index: int, chance: random.Random) -> str:
    """A few records bear the customer's number here; one in fifty of these is somebody else's."""
    drawn = chance.random()
    if drawn < 0.001:
        return f"K{chance.randrange(world.customers):07d}"
    return f"K{world.number[index]:07d}" if drawn < 0.05 else ""


def _decoys(world: World, many: int, chance: random.Random) -> list[_Subject]:
    makers: dict[str, Callable[[World, random.Random], Person]] = {
        "relative": _relative,
        "moved in": _moved_in,
        "namesake": _namesake,
        "stranger": _stranger,
    }
    kinds = chance.choices(list(makers), weights=(40, 15, 20, 25), k=many)
    return [_Subject(makers[kind](world, chance), NOBODY, kind) for kind in kinds]


def _outside(world: World, chance: random.Random, *, with_customers: bool) -> int:
    """Somebody who is no customer, and who does or doesn't live with one."""
    people = world.people
    while True:
        index = chance.randrange(people.many)
        if world.number[index] != NOBODY:
            continue
        first, size = int(people.first[index]), int(people.homes.size[people.home[index]])
        if bool(np.any(world.number[first : first + size] != NOBODY)) == with_customers:
            return index


def _relative(world: World, chance: random.Random) -> Person:
    return world.person(_outside(world, chance, with_customers=True))


def _stranger(world: World, chance: random.Random) -> Person:
    return world.person(_outside(world, chance, with_customers=False))


def _moved_in(world: World, chance: random.Random) -> Person:
    """A stranger of the country in a customer's home, or in the one that the customer left."""
    customer = _customer(world, chance)
    stranger = _countryman(world, customer, chance)
    home = customer.place if chance.random() < 0.5 else customer.before
    return replace(stranger, place=home, before=home)


def _namesake(world: World, chance: random.Random) -> Person:
    """A customer's names, of another age and place; a third in the same town."""
    customer = _customer(world, chance)
    other = _countryman(world, customer, chance)
    born = customer.born + timedelta(days=chance.randrange(-14_000, 14_000))
    home = replace(other.place, town=customer.place.town, postcode=customer.place.postcode)
    return replace(
        customer,
        born=min(born, TODAY - timedelta(days=6_600)),
        place=home if chance.random() < 1 / 3 else other.place,
        mobile=other.mobile,
        landline=other.landline,
        second=other.second if other.sex == customer.sex else "",
        email=address_of(customer.given, customer.family, chance.randrange(10**8, 10**9)),
    )


def _customer(world: World, chance: random.Random) -> Person:
    return world.person(int(world.inside[chance.randrange(world.customers)]))


def _countryman(world: World, person: Person, chance: random.Random) -> Person:
    while (other := _stranger(world, chance)).customs is not person.customs:
        pass
    return other


def _change(
    world: World, subject: _Subject, kind: str, chance: random.Random, *, position: str, as_of: datetime
) -> "Change":
    from trustdesk.updates.contracts import Change, ChangeKind  # noqa: PLC0415

    return Change(
        position=position,
        kind=ChangeKind(kind),
        person=_known_by(subject.person, chance),
        becomes=_becomes(world, subject.person, kind, chance),
        as_of=as_of,
        key=subject.key,
        country=subject.person.customs.country,
    )


def _said(attribute: str, text: str) -> "Said":
    from trustdesk.matching.contracts import Said  # noqa: PLC0415

    return Said(attribute, KINDS[attribute], text)


def _known_by(person: Person, chance: random.Random) -> "list[Said]":
    """By what the feed knows somebody: names mostly, the rest by chance."""
    customs = person.customs
    given, family = _given(person, chance), noted_name(person.family, customs, chance)
    if chance.random() < 0.006:
        given, family = family, given
    known = [_said("given_name", given), _said("family_name", family)]
    if chance.random() < 0.62:
        known.append(_said("birth_date", mistaken_date(person.born, chance).isoformat()))
    if chance.random() < 0.93:
        known.append(_said("address", noted_place(person.place, customs, chance)))
    if chance.random() < 0.3:
        known.append(_said("phone", dialed(customs, _line(person, chance), chance)))
    if person.email and chance.random() < 0.15:
        known.append(_said("email", person.email))
    return known


def _given(person: Person, chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < 0.025:
        return person.given[0]
    if drawn < 0.05:
        return person.customs.short.get(person.given, person.given)
    written = f"{person.given} {person.second}" if person.second and drawn < 0.4 else person.given
    return noted_name(written, person.customs, chance)


def _line(person: Person, chance: random.Random) -> str:
    return person.landline if person.landline and chance.random() < 0.35 else person.mobile


def _becomes(world: World, person: Person, kind: str, chance: random.Random) -> "list[Said]":
    customs = person.customs
    if kind == "phone":
        return [_said("phone", dialed(customs, customs.mobile(chance.randrange(10**7)), chance))]
    if kind == "email":
        return [_said("email", address_of(person.given, person.family, chance.randrange(10**7, 10**8)))]
    if kind == "name":
        rank = int(len(customs.families) * chance.random() ** 4)
        return [_said("family_name", customs.family(rank, person.sex))]
    if kind == "move":
        return [_said("address", customs.written(_new_home(world, person, chance)))]
    if kind == "state":
        return [_said("address", customs.written(person.place)), _said("phone", person.mobile)]
    return []


def _new_home(world: World, person: Person, chance: random.Random) -> Place:
    """Somebody's home of the country: homes are not built for those who move."""
    homes, country = world.people.homes, CUSTOMS.index(person.customs)
    while homes.country[home := chance.randrange(homes.many)] != country:
        pass
    return place(person.customs, homes.now[home])
