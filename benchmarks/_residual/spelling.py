"""What a spelling is."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks._residual.people import Person

# Kinds of place, in the order of the issue; `outside` is the database of another system.
KINDS = (
    *("note", "json", "text", "log", "queue", "csv", "xlsx", "docx", "pdf"),
    *("mail", "mbox", "zip", "dump", "columnar", "outside"),
)
# Where machines write, and where a text may be the source of a page or of a mail.
MACHINES = frozenset({"json", "text", "log", "queue", "csv", "zip", "dump", "columnar", "outside"})
SHEETS = frozenset({"json", "csv", "xlsx", "zip", "dump", "columnar", "outside"})
PAGES = frozenset({"note", "json", "text", "queue", "csv", "mail", "mbox", "zip", "dump", "columnar", "outside"})

LINES = frozenset(KINDS) - {"log"}  # where a value may go on in the next line

Write = Callable[[Person, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which something of a person is written.

    `write` gives nothing where it does not fit a person, as one without diacritics cannot lose them.
    """

    name: str
    of: str  # name, phone, email, number, pair: which sentences it stands in
    write: Write
    alone: bool = False  # a name and nothing else: identifies nobody who has a namesake
    at_home: bool = False  # an initial and an address: means nobody where another of the household has that initial
    case: str = ""  # the grammatical case, where the phrase fits one sentence only
    kinds: frozenset[str] = frozenset(KINDS)
    bare: bool = False  # only ever a value by itself
