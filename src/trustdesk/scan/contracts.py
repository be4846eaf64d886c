"""The frozen values of the scan: who is looked for, in which spellings, where they were found, and what was not read.

They hold personal data (a person's names, the text around a hit): they are for the screen of the one who may see them
and are never logged. What may be logged of a file that can't be read is its kind and `Reason`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

MIB = 1024 * 1024
STEP = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Between the parts of a place: from the archive to its member to the page."""
CONTEXT = 60
"""Letters before and after a hit that are shown with it."""
NEAR = 120
"""So many letters lie at most between two weak variants of a person that make a hit together."""


class Kind(StrEnum):
    """What of the person a variant spells."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    ID = "id"
    REFERENCE = "reference"


class Strength(StrEnum):
    """How much a variant says by itself."""

    ALONE = "alone"  # enough for a hit
    NEAR = "near"  # a hit only beside a variant of the same person that says something else


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as the register has it. A former or birth name is a Name of its own.

    Where only the whole is known, `given` is empty and `family` holds it all.
    """

    given: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of somebody who is looked for.

    `phones` are E.164, or a notation readable in `country` (ISO 3166 alpha-2); `addresses` are written as on a letter,
    in one line or several; `ids` are national ids, customer numbers and the like, with or without their separators;
    `references` are the twelve digits that callers are told. `shared` are names, as in `names` or with fewer given
    ones, that others bear too: alone they say nothing.
    """

    country: str = ""
    names: tuple[Name, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    ids: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    shared: tuple[Name, ...] = ()


class Variant(NamedTuple):
    """One spelling. `about` tells variants of one thing (this phone, that name) from those of another,
    `names` of which of the person's names this is a part.

    Two spellings that the search does not tell apart (case, diacritics, separators) come once.
    """

    kind: Kind
    text: str
    strength: Strength = Strength.ALONE
    person: int = 0
    about: str = ""
    names: tuple[int, ...] = ()


class Piece(NamedTuple):
    """A bounded piece of a file's text. `place` says in words where it stands: members, then page, sheet or part.

    `line` is the number of its first line where lines are counted, else 0. The first `overlap` letters were the end of
    the piece before: they are there for what reaches over the cut. With `rows` each line is a record of its own:
    nothing is near over its end.
    """

    place: str
    text: str
    line: int = 0
    overlap: int = 0
    rows: bool = False


class Hit(NamedTuple):
    """A place where somebody still stands. `variant` counts in `Automaton.variants`; `context` is the text around it.

    `start` and `end` count letters of the piece as it was searched: with its escapes read.
    """

    place: str
    person: int
    variant: int
    context: str
    start: int = 0
    end: int = 0


class Reason(StrEnum):
    """Why a file or a part of it was not read. The code stands in certificates and never changes its meaning."""

    MISSING = "missing"
    NOT_A_FILE = "not-a-file"
    FORBIDDEN = "forbidden"
    UNKNOWN_KIND = "unknown-kind"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    TOO_BIG = "too-big"
    TOO_MANY = "too-many-members"
    TOO_DEEP = "nested-too-deep"
    BOMB = "unpacks-to-too-much"
    TOO_SLOW = "took-too-long"
    NO_TEXT = "pictures-without-text"


class Unread(NamedTuple):
    """What could not be read, where and why. Never what it held."""

    place: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far reading goes. What lies beyond is reported as unread, never passed over."""

    file_bytes: int = 4096 * MIB  # of a file, and of all that one unpacks to
    member_bytes: int = 128 * MIB  # of one member that has to be held in memory (PDF, workbook, an attachment)
    members: int = 100_000  # of one archive
    depth: int = 8  # archives inside archives
    ratio: int = 200  # unpacked to packed, from the first MiB on
    seconds: float = 600.0  # one file
    hits: int = 1_000  # kept of one file; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came out of one file. `size` is bytes on disk, `read` letters of text, `more_hits` those past the bound."""

    path: str
    kind: str
    size: int
    read: int = 0
    hits: tuple[Hit, ...] = ()
    more_hits: int = 0
    unread: tuple[Unread, ...] = ()


@dataclass(slots=True)
class Coverage:
    """What a scan has reached, added up from its reports. Names nobody, apart from what file names say."""

    files: int = 0
    size: int = 0
    read: int = 0
    hits: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    unread: list[tuple[str, Unread]] = field(default_factory=list)  # path of the file, and what of it

    def add(self, report: Report) -> None:
        """Count one file in."""
        self.files += 1
        self.size += report.size
        self.read += report.read
        self.hits += len(report.hits) + report.more_hits
        self.kinds[report.kind] = self.kinds.get(report.kind, 0) + 1
        self.unread.extend((report.path, part) for part in report.unread)

    @classmethod
    def of(cls, reports: Iterable[Report]) -> "Coverage":
        """The sum of reports."""
        coverage = cls()
        for report in reports:
            coverage.add(report)
        return coverage
