"""A register of invented people of four countries who live together, and all that is wrong with registers; the same
for the same seed.

Families share a home, a surname and a landline; a few have twins, or a son of his father's name; flat-mates share
nothing but the door. Only some of a home are customers. What the register holds is what somebody once took down: an
address since left, the name before a marriage, a pet name, a slip of the pen, and of a quarter no birth date. Whoever
wrote this knew nothing of how the product compares, and nothing here may be made to suit it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks._customs import CUSTOMS, FEMALE, MALE, Customs, Place, international
from benchmarks._misspelled import mistaken_date, noted_name, noted_place

KINDS = {
    "given_name": "name",
    "family_name": "name",
    "birth_date": "birth_date",
    "address": "address",
    "phone": "phone",
    "email": "email",
    "customer_number": "external_id",
}
TODAY = date(2026, 11, 1)

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Value:
    attribute: str
    text: str = field(repr=False)
    shared: bool = False  # a line that the register knows to be several people's


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as a list gives it. `number` is the customer's place in the register, from 0."""

    number: int
    country: str
    values: Sequence[Value] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they are, without any mistake."""

    customs: Customs
    sex: int
    given: str
    second: str
    family: str
    maiden: str  # the surname of birth
    born: date
    place: Place
    before: Place  # where they lived before
    mobile: str
    landline: str  # empty where the home has none
    email: str


def _shares(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.cumsum(weights) / weights.sum()


def _zipf(many: int, flat: float) -> npt.NDArray[np.float64]:
    return _shares(1 / (np.arange(many) + flat))


class Homes:
    """Homes and who lives in them, as columns of numbers."""

    def __init__(self, many: int, chance: np.random.Generator) -> None:
        self.many = many
        self.country = chance.choice(len(CUSTOMS), many, p=(0.3, 0.3, 0.2, 0.2))
        self.size = chance.choice((1, 2, 3, 4, 5, 6), many, p=(0.36, 0.32, 0.14, 0.12, 0.04, 0.02))
        self.flat_mates = (self.size > 1) & (chance.random(many) < 0.06)
        self.couple = (self.size > 1) & ~self.flat_mates & (chance.random(many) < 0.82)
        self.family = self._families(chance)
        self.landline = np.where(chance.random(many) < 0.35, np.arange(many), -1)
        self.moved = chance.random(many) < 0.4
        self.customer = chance.random(many) < 0.85
        self.now, self.before = self._places(chance), self._places(chance)

    def _families(self, chance: np.random.Generator) -> Numbers:
        drawn, found = chance.random(self.many), np.zeros(self.many, np.int64)
        for number, customs in enumerate(CUSTOMS):
            here = self.country == number
            found[here] = np.searchsorted(_zipf(len(customs.families), 8), drawn[here])
        return found

    def _places(self, chance: np.random.Generator) -> Numbers:
        """Columns: town, street, house, flat (0: none), and which of the town's postcodes."""
        drawn = chance.random((self.many, 5))
        found = np.zeros((self.many, 5), np.int64)
        for number, customs in enumerate(CUSTOMS):
            here = self.country == number
            town = np.searchsorted(_zipf(len(customs.towns), 2), drawn[here, 0])
            own = np.maximum(12, len(customs.streets) // (1 + town // 4))  # large towns have more streets
            place = (np.floor(drawn[here, 1] ** 1.5 * own).astype(np.int64) + town * 17) % len(customs.streets)
            house = 1 + np.floor(drawn[here, 2] ** 2 * 90).astype(np.int64)
            flat = np.where(drawn[here, 3] < 0.5, 0, 1 + np.floor(drawn[here, 4] * 24).astype(np.int64))
            codes = np.maximum(1, 40 // (1 + town))
            found[here] = np.stack([town, place, house, flat if customs.flats else 0 * flat, place % codes], axis=1)
        return found


class People:
    """Everybody, customers or not. `home` is whose home it is; a home's people stand together, parents first."""

    def __init__(self, homes: Homes, chance: np.random.Generator) -> None:
        self.homes = homes
        self.home = np.repeat(np.arange(homes.many), homes.size)
        self.first = (np.cumsum(homes.size) - homes.size)[self.home]
        self.many = len(self.home)
        self.seat = np.arange(self.many) - self.first
        self.country = homes.country[self.home]
        self.child = self._children()
        self.sex = self._sexes(chance)
        self.born = self._births(chance)
        self.given = self._givens(chance, self.born)
        self.second = np.where(chance.random(self.many) < 0.3, self._givens(chance, self.born), -1)
        self._bear_a_parents_name(chance)
        self.family, self.maiden = self._families(chance)
        self.has_email = chance.random(self.many) < 0.6

    def _children(self) -> npt.NDArray[np.bool_]:
        parents = np.where(self.homes.couple, 2, 1)[self.home]
        return (self.seat >= parents) & ~self.homes.flat_mates[self.home]

    def _sexes(self, chance: np.random.Generator) -> Numbers:
        sex = chance.integers(0, 2, self.many)
        partner = (self.seat == 1) & self.homes.couple[self.home] & (chance.random(self.many) < 0.97)
        sex[partner] = 1 - sex[self.first[partner]]
        return sex

    def _births(self, chance: np.random.Generator) -> Numbers:
        """Days since 0001-01-01, as `date.fromordinal` takes them."""
        today = TODAY.toordinal()
        with_children = (self.homes.size - 1 - self.homes.couple > 0) & ~self.homes.flat_mates
        age = np.where(with_children, chance.normal(44, 9, self.homes.many), chance.normal(52, 19, self.homes.many))
        head = (today - np.clip(age, np.where(with_children, 25, 19), 96) * 365.25).astype(np.int64)
        apart = (np.clip(chance.normal(0, 4, self.many), -12, 12) * 365.25).astype(np.int64)
        born = head[self.home] + apart * (self.seat > 0)
        later = head[self.home] + (chance.uniform(20, 38, self.many) * 365.25).astype(np.int64)
        young = today - (chance.random(self.many) * 18 * 365).astype(np.int64) - 30
        born = np.where(self.child, np.where(later < today - 30, later, young), born)
        twin = np.flatnonzero(self.child[1:] & self.child[:-1] & (chance.random(self.many - 1) < 0.04)) + 1
        born[twin] = born[twin - 1]
        return born

    def _givens(self, chance: np.random.Generator, born: Numbers) -> Numbers:
        """What was in fashion: every decade has an order of its own."""
        decade = np.maximum(0, (born - date(1920, 1, 1).toordinal()) // 3652)
        drawn, found = chance.random(self.many), np.zeros(self.many, np.int64)
        for number, customs in enumerate(CUSTOMS):
            for sex in (FEMALE, MALE):
                here, names = (self.country == number) & (self.sex == sex), len(customs.givens[sex])
                rank = np.searchsorted(_zipf(names, 6), drawn[here])
                found[here] = (rank + decade[here] * (names // 12)) % names
        return found

    def _bear_a_parents_name(self, chance: np.random.Generator) -> None:
        for parent in (0, 1):
            likely = self.child & (chance.random(self.many) < np.where(self.sex == MALE, 0.03, 0.01))
            theirs = np.minimum(self.first + parent, self.many - 1)
            named = likely & ~self.child[theirs] & (self.sex == self.sex[theirs])
            self.given[named] = self.given[theirs[named]]

    def _families(self, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
        """The surname now, and that of birth."""
        family = self.homes.family[self.home].copy()
        other = np.zeros(self.many, np.int64)
        drawn = chance.random(self.many)
        for number, customs in enumerate(CUSTOMS):
            here = self.country == number
            other[here] = np.searchsorted(_zipf(len(customs.families), 8), drawn[here])
        partner = (self.seat == 1) & self.homes.couple[self.home]
        keeps = partner & (chance.random(self.many) < 0.22)
        apart = (self.homes.flat_mates[self.home] & (self.seat > 0)) | keeps
        family[apart] = other[apart]
        return family, np.where(partner, other, family)


class World:
    """`customers` people who are in a register, and those around them who are not."""

    def __init__(self, customers: int, *, seed: int) -> None:
        self.seed, self.customers = seed, customers
        chance = np.random.default_rng(seed)
        self.people = People(Homes(int(customers * 0.92) + 60, chance), chance)
        everybody = self.people
        likely = np.where(everybody.child, 0.45, 0.82) * everybody.homes.customer[everybody.home]
        inside = np.flatnonzero(chance.random(everybody.many) < likely)
        assert len(inside) >= customers, "too few homes"
        self.inside = np.sort(chance.permutation(inside)[:customers])  # by number: whose row it is
        self.number = np.full(everybody.many, -1, np.int64)  # a person's row; -1: not in the register
        self.number[self.inside] = np.arange(customers)

    def person(self, index: int) -> Person:
        """Somebody, by their place among all people."""
        people, homes = self.people, self.people.homes
        home, sex = int(people.home[index]), int(people.sex[index])
        customs = CUSTOMS[homes.country[home]]
        givens = customs.givens[sex]
        given, family = givens[people.given[index]], customs.family(int(people.family[index]), sex)
        second = int(people.second[index])
        now = place(customs, homes.now[home])
        line = int(homes.landline[home])
        return Person(
            customs=customs,
            sex=sex,
            given=given,
            second=givens[second] if second >= 0 else "",
            family=family,
            maiden=customs.family(int(people.maiden[index]), sex),
            born=date.fromordinal(int(people.born[index])),
            place=now,
            before=place(customs, homes.before[home]) if homes.moved[home] else now,
            mobile=customs.mobile(index * 7 + 1_000),
            landline=customs.landline(line) if line >= 0 else "",
            email=address_of(given, family, index) if people.has_email[index] else "",
        )

    def rows(self) -> Iterator[Row]:
        """The register, from the first customer to the last: what was once taken down of each."""
        chance = random.Random(self.seed + 1)
        for number, index in enumerate(self.inside.tolist()):
            person = self.person(index)
            yield Row(number, person.customs.country, _taken_down(person, number, chance))


def place(customs: Customs, parts: Numbers) -> Place:
    town, street, house, flat, own = parts.tolist()
    inside = f"{'ABC'[flat % 3]} {flat}" if customs.country == "FI" else str(flat)
    return Place(
        customs.streets[street], str(house), inside if flat else "", customs.postcode(town, own), customs.towns[town]
    )


def address_of(given: str, family: str, number: int) -> str:
    plain = "".join(letter for letter in f"{given}x{family}".lower() if letter.isascii() and letter.isalpha())
    return f"{plain}{number}@example.com"


def _taken_down(person: Person, number: int, chance: random.Random) -> tuple[Value, ...]:
    values = [
        Value("customer_number", f"K{number:07d}"),
        Value("given_name", noted_name(_called(person, chance), person.customs, chance)),
        Value("family_name", noted_name(_surname(person, chance), person.customs, chance)),
    ]
    if chance.random() >= 0.25:
        values.append(Value("birth_date", mistaken_date(person.born, chance).isoformat()))
    stale = chance.random() < 0.25  # of those who have moved
    values.append(Value("address", noted_place(person.before if stale else person.place, person.customs, chance)))
    values += _numbers(person, chance)
    if person.email and chance.random() < 0.9:
        values.append(Value("email", person.email))
    return tuple(values)


def _surname(person: Person, chance: random.Random) -> str:
    """That of now, that of birth, or as a Hungarian wife may bear both."""
    drawn = chance.random()
    if drawn < 0.08:
        return person.maiden
    married = person.customs.country == "HU" and person.sex == FEMALE and person.family != person.maiden
    return f"{person.family}né {person.maiden}" if married and drawn < 0.2 else person.family


def _called(person: Person, chance: random.Random) -> str:
    """The given name as somebody says it: the first, both, or a pet name."""
    drawn = chance.random()
    if drawn < 0.04:
        return person.customs.short.get(person.given, person.given)
    return f"{person.given} {person.second}" if person.second and drawn < 0.3 else person.given


def _numbers(person: Person, chance: random.Random) -> list[Value]:
    found = []
    if chance.random() < 0.72:
        found.append(Value("phone", dialed(person.customs, person.mobile, chance)))
    if person.landline and chance.random() < 0.5:
        line = dialed(person.customs, person.landline, chance)
        found.append(Value("phone", line, shared=chance.random() < 0.5))
    return found


def dialed(customs: Customs, number: str, chance: random.Random) -> str:
    """A number as people write it: as dialed at home, from abroad, without spaces."""
    drawn = chance.random()
    if drawn < 0.4:
        return international(customs, number)
    return number if drawn < 0.8 else number.replace(" ", "")
