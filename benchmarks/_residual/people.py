"""Who is erased, who only bears the same name, who lives in the same household, and the crowd of the living.

The full name of an erased person is borne by nobody else, in whatever spelling, unless he is given namesakes: of him
then no leftover is planted that is a name alone.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from stdnum import damm

from benchmarks._residual import lexicon
from benchmarks._residual.papers import COUNTRIES, Address, Phone, address_of, landline_of, mobile_of, national_id_of

_OLDEST = date(1938, 1, 1)
_DAYS = 365 * 66
_WITH_NAMESAKES, _WITH_HOUSEHOLD, _WITH_SECOND_NAME = 0.25, 0.35, 0.15
_DOUBLE = 0.2
_Once = TypeVar("_Once")
_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "ð": "d", "þ": "th", "'": "", "\u2019": ""}
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Name:
    given: str
    family: str
    sex: str
    at_birth: str = ""  # the whole name at birth, where a woman has taken her husband's


@dataclass(frozen=True, slots=True)
class Person:
    """All that the company knew of somebody."""

    number: int
    role: str  # erased, namesake, household, crowd
    country: str
    sex: str
    given: str
    family: str
    birth_name: str
    born: date
    mobile: Phone
    landline: Phone
    email: str
    address: Address
    national_id: str
    customer_number: str
    reference: str
    handle: str

    @property
    def name(self) -> str:
        """As the country writes it: Hungarians put the family first."""
        return f"{self.family} {self.given}" if self.country == "HU" else f"{self.given} {self.family}"

    @property
    def first_given(self) -> str:
        return self.given.split(maxsplit=1)[0]


@dataclass(slots=True)
class Cast:
    """Everybody. What is kept by number belongs to the erased person of that number."""

    erased: list[Person] = field(default_factory=list)
    namesakes: dict[int, list[Person]] = field(default_factory=dict)
    households: dict[int, list[Person]] = field(default_factory=dict)
    crowd: list[Person] = field(default_factory=list)

    def others(self, person: Person) -> list[Person]:
        """The living whose data look like this person's."""
        return [*self.namesakes.get(person.number, []), *self.households.get(person.number, [])]


def folded(text: str) -> str:
    """Small letters without marks: for telling whether two people could be taken for each other."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def keys(*names: str) -> set[str]:
    """Every order and both ways of doing without the marks."""
    plain = {folded(name) for name in names} | {folded(name.casefold().translate(_TWO_LETTERS)) for name in names}
    return {" ".join(sorted(name.replace("-", " ").split())) for name in plain}


def cast(count: int, *, seed: int, crowd: int) -> Cast:
    """`count` erased people, as many of each country, and the living around them."""
    maker = _Maker(seed)
    found = Cast()
    for number in range(count):
        country = COUNTRIES[number % len(COUNTRIES)]
        person = maker.erased(country)
        found.erased.append(person)
        if maker.chance.random() < _WITH_NAMESAKES:
            found.namesakes[person.number] = [maker.namesake(person) for _ in range(maker.chance.randint(1, 2))]
        if maker.chance.random() < _WITH_HOUSEHOLD:
            found.households[person.number] = [maker.relative(person)]
    found.crowd = [maker.living() for _ in range(crowd)]
    return found


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._number = 0
        self._taken: set[str] = set()
        self._used: set[str] = set()

    def erased(self, country: str) -> Person:
        while True:
            name = self._name(country)
            known = keys(*_readings(name))
            if not known & self._taken:
                break
        self._taken |= known
        return self._person("erased", country, name)

    def living(self) -> Person:
        while True:
            country = self.chance.choice(COUNTRIES)
            name = self._name(country)
            if not keys(*_readings(name)) & self._taken:
                return self._person("crowd", country, name)

    def namesake(self, person: Person) -> Person:
        name = Name(person.given, person.family, person.sex, person.birth_name)
        return self._person("namesake", person.country, name)

    def relative(self, person: Person) -> Person:
        """Of the same family at the same address; the wife of a Hungarian may bear his whole name and -né."""
        wives = {word.text for word in lexicon.HUNGARIAN_GIVEN if word.text.endswith("né")}
        if person.country == "HU" and f"{person.given}né" in wives:
            given, sex = f"{person.given}né", "f"
        else:
            given, sex = self._given(person.country, person.sex).split(maxsplit=1)[0], person.sex
            while (
                given[0] == person.given[0]
                or given in person.given.split()
                or keys(f"{given} {person.family}") & self._taken
            ):
                given = self._given(person.country, person.sex).split(maxsplit=1)[0]
        self._taken |= keys(f"{given} {person.family}")
        made = self._person("household", person.country, Name(given, person.family, sex))
        return replace(made, address=person.address)

    def _person(self, role: str, country: str, name: Name) -> Person:
        self._number += 1
        born = _OLDEST + timedelta(days=self.chance.randrange(_DAYS))
        first, last = (
            folded(part).replace(" ", "").replace("-", "") for part in (name.given.split(maxsplit=1)[0], name.family)
        )
        return Person(
            number=self._number,
            role=role,
            country=country,
            sex=name.sex,
            given=name.given,
            family=name.family,
            birth_name=name.at_birth,
            born=born,
            mobile=self._once(lambda: mobile_of(country, self.chance)),
            landline=self._once(lambda: landline_of(country, self.chance)),
            email=self._email(country, first, last),
            address=address_of(country, self.chance),
            national_id=self._once(lambda: national_id_of(country, born, name.sex, self.chance)),
            customer_number=self._once(lambda: f"{country}{self.chance.randrange(10**7, 10**8)}"),
            reference=self._once(self._reference),
            handle=f"{last[:8]}{self.chance.choice('._')}{first[:6]}{born:%y}{self._number}",
        )

    def _once(self, make: Callable[[], _Once]) -> _Once:
        """What nobody else has got yet."""
        while str(made := make()) in self._used:
            pass
        self._used.add(str(made))
        return made

    def _reference(self) -> str:
        body = f"{self.chance.randrange(10**11):011d}"
        return body + damm.calc_check_digit(body)

    def _email(self, country: str, first: str, last: str) -> str:
        local = self.chance.choice((f"{first}.{last}", f"{last}.{first}", f"{first}_{last}", f"{first[0]}{last}"))
        host = self.chance.choice(("posta", "mail", "netti", "webmail"))
        return f"{local}{self._number}@{host}.example.{country.lower()}"

    def _name(self, country: str) -> Name:
        sex = self.chance.choice("mf")
        if country == "HU":
            return self._hungarian(sex)
        return Name(self._given(country, sex), self._family(country, sex), sex)

    def _hungarian(self, sex: str) -> Name:
        family = self.chance.choice(lexicon.HUNGARIAN_FAMILY).replace("+", " ")
        sex = "f" if " " in family else sex
        given = self._given("HU", sex)
        if given.endswith("né"):  # Kovács Istvánné, who was Szabó Anna
            husbands = family.split()[-1].split("-")[0]
            maiden = self.chance.choice(
                [name for name in lexicon.HUNGARIAN_FAMILY if name.isalpha() and name != husbands]
            )
            first = self.chance.choice([name for name in _GIVEN["HU"]["f"] if not name.endswith("né")])
            return Name(given, husbands, sex, f"{maiden} {first}")
        return Name(given, family, sex, f"{family.split()[-1]} {given}" if " " in family else "")

    def _given(self, country: str, sex: str) -> str:
        names = _GIVEN[country][sex]
        first = self.chance.choice(names)
        if first.endswith("né") or self.chance.random() > _WITH_SECOND_NAME:
            return first
        second = self.chance.choice([name for name in names if name != first and not name.endswith("né")])
        return f"{first} {second}"

    def _family(self, country: str, sex: str) -> str:
        if country == "PL":
            words = [word for word in lexicon.POLISH_FAMILY if word.sex == sex]
            if sex == "f" and self.chance.random() < _DOUBLE:
                first, second = self.chance.sample(words, 2)
                return f"{first.text}-{second.text}"
            return self.chance.choice(words).text
        if country == "FI":
            return self.chance.choice(lexicon.FINNISH_FAMILY).text
        names = lexicon.GERMAN_FAMILY if country == "DE" else lexicon.AUSTRIAN_FAMILY
        return self.chance.choice(names).replace("+", " ")


def _readings(name: Name) -> Iterator[str]:
    """The names that one might read as this person's: with one given name, with half of a double surname, as born."""
    for given in (name.given, *name.given.split()):
        yield f"{given} {name.family}"
        for half in name.family.split("-"):
            yield f"{given} {half}"
    if name.at_birth:
        yield name.at_birth
        family, *givens = name.at_birth.split()
        yield from (f"{family} {given}" for given in givens)


_GIVEN: dict[str, dict[str, list[str]]] = {
    "HU": {sex: [word.text for word in lexicon.HUNGARIAN_GIVEN if word.sex == sex] for sex in "mf"},
    "FI": {sex: list(lexicon.FINNISH_GIVEN[sex]) for sex in "mf"},
    "PL": {sex: [word.text for word in lexicon.POLISH_GIVEN if word.sex == sex] for sex in "mf"},
    "DE": {sex: list(lexicon.GERMAN_GIVEN[sex]) for sex in "mf"},
    "AT": {sex: list(lexicon.AUSTRIAN_GIVEN[sex]) for sex in "mf"},
}
