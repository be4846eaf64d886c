"""What stands where: leftovers of the erased, decoys of those who look like them, and the rows of everybody else.

A container is a file or a table. No container holds a leftover of a person twice, or beside a decoy of the same
person: whatever is shown of somebody in a container is then a leftover found or a false alarm, and never both.
"""

import random
from collections import Counter
from dataclasses import dataclass, field, replace

from benchmarks._residual import misses, sentences
from benchmarks._residual.papers import COUNTRIES
from benchmarks._residual.people import Cast, Person
from benchmarks._residual.spelling import KINDS, Spelling
from benchmarks._residual.spellings import ALL

LETTERS = ("docx", "pdf", "mail")  # a file for every entry
# How exports of older programs are encoded; the second half of the containers is in Unicode.
LEGACY = {"HU": "cp1250", "FI": "cp1252", "PL": "cp1250", "DE": "cp1252", "AT": "utf-16"}
_BARE, _DECOYS, _NEAR_MISSES = 0.35, 0.5, 0.35


@dataclass(frozen=True, slots=True)
class Row:
    """An entry about a living customer. `remark` is what was noted, `contact` a value that stands by itself."""

    ticket: str
    person: Person
    remark: str
    contact: str = ""
    spelling: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A line of the truth table."""

    person: int
    kind: str
    container: str
    ticket: str
    spelling: str
    phrase: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Decoy:
    """Data of a living person, planted because they look like those of the erased one."""

    person: int  # the erased one
    role: str
    kind: str
    container: str
    ticket: str
    said: str  # what tells it from others beside it


@dataclass(slots=True)
class Plan:
    leftovers: list[Leftover] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)
    rows: dict[str, dict[str, list[Row]]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def control(self) -> "Plan":
        """The same without the leftovers, letters left out: whatever is shown in it is a false alarm."""
        planted = {leftover.ticket for leftover in self.leftovers}
        control = Plan(decoys=self.decoys)
        for kind, containers in self.rows.items():
            if kind not in LETTERS:
                control.rows[kind] = {
                    container: [_emptied(row) if row.ticket in planted else row for row in rows]
                    for container, rows in containers.items()
                }
        return control


def _emptied(row: Row) -> Row:
    return replace(row, remark=sentences.IDLE[row.person.country][0], contact="", spelling="")


def draw(cast: Cast, *, seed: int, crowd_rows: int) -> Plan:
    """A leftover of every erased person in every kind of place, each spelling as often as it can be."""
    return _Drawer(cast, seed, crowd_rows).plan()


class _Drawer:
    def __init__(self, cast: Cast, seed: int, crowd_rows: int) -> None:
        self._cast, self._chance, self._crowd_rows = cast, random.Random(seed), crowd_rows
        self._plan = Plan()
        self._uses: Counter[str] = Counter()
        self._tickets = 0
        self._crowd = {country: [one for one in cast.crowd if one.country == country] for country in COUNTRIES}

    def plan(self) -> Plan:
        for kind in KINDS:
            for person in self._chance.sample(self._cast.erased, len(self._cast.erased)):
                half = self._leftover(kind, person)
                self._decoys(kind, person, 1 - half)
            for country in COUNTRIES if kind not in LETTERS else ():
                for half in (0, 1):
                    self._fill(kind, country, half)
            for rows in self._plan.rows[kind].values():
                self._chance.shuffle(rows)
        return self._plan

    def _leftover(self, kind: str, person: Person) -> int:
        spelling, phrase = self._spelled(kind, person)
        self._uses[spelling.name] += 1
        bare = spelling.bare or (not spelling.case and self._chance.random() < _BARE)
        text = "" if bare else self._sentence(person, spelling, phrase)
        half = self._half(kind, person.country, text or phrase)
        host = self._chance.choice(self._crowd[person.country])
        remark = text or self._idle(person.country)
        row = Row(self._ticket(), host, remark, phrase if bare else "", spelling.name)
        container = self._place(kind, person.country, half, row)
        self._plan.leftovers.append(Leftover(person.number, kind, container, row.ticket, spelling.name, phrase, bare))
        return half

    def _spelled(self, kind: str, person: Person) -> tuple[Spelling, str]:
        """The spelling used least so far among those that fit the place and identify the person."""
        fits = [spelling for spelling in ALL if kind in spelling.kinds and self._identifies(spelling, person)]
        self._chance.shuffle(fits)
        for spelling in sorted(fits, key=lambda each: self._uses[each.name]):
            phrase = spelling.write(person, self._chance)
            if phrase is not None:
                return spelling, phrase
        raise AssertionError(f"nothing fits {kind}")  # numbers fit everybody and every place

    def _identifies(self, spelling: Spelling, person: Person) -> bool:
        if spelling.alone and person.number in self._cast.namesakes:
            return False
        household = self._cast.households.get(person.number, [])
        return not (spelling.at_home and any(one.given[0] == person.given[0] for one in household))

    def _sentence(self, person: Person, spelling: Spelling, phrase: str) -> str:
        if spelling.case:
            return sentences.inflected(person.country, spelling.case, person.sex, phrase, self._chance)
        return sentences.plain(person.country, spelling.of, phrase, self._chance)

    def _half(self, kind: str, country: str, text: str) -> int:
        if kind != "csv":
            return self._chance.randrange(2)
        try:
            text.encode(LEGACY[country])
        except UnicodeEncodeError:
            return 1
        return self._chance.randrange(2)

    def _decoys(self, kind: str, person: Person, half: int) -> None:
        for other in self._cast.others(person):
            if self._chance.random() < _DECOYS:
                row = Row(self._ticket(), other, self._idle(person.country))
                self._decoy(kind, person, other.role, half, row)
        if self._chance.random() < _NEAR_MISSES:
            host = self._chance.choice(self._crowd[person.country])
            row = Row(self._ticket(), host, misses.near(person, self._chance))
            self._decoy(kind, person, "near miss", half, row)

    def _decoy(self, kind: str, person: Person, role: str, half: int, row: Row) -> None:
        container = self._place(kind, person.country, half, row)
        said = row.remark if role == "near miss" else row.person.name
        self._plan.decoys.append(Decoy(person.number, role, kind, container, row.ticket, said))

    def _fill(self, kind: str, country: str, half: int) -> None:
        for host in self._chance.choices(self._crowd[country], k=self._crowd_rows):
            self._place(kind, country, half, Row(self._ticket(), host, self._idle(country)))

    def _place(self, kind: str, country: str, half: int, row: Row) -> str:
        container = row.ticket if kind in LETTERS else f"{country}-{half}"
        self._plan.rows[kind].setdefault(container, []).append(row)
        return container

    def _idle(self, country: str) -> str:
        return self._chance.choice(sentences.IDLE[country])

    def _ticket(self) -> str:
        self._tickets += 1
        return f"T{self._tickets:06d}"
