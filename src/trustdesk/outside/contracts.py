"""Frozen values that cross outside's door. Receipts hold counts and codes, never anything of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

EMAIL, PHONE, NAME, CUSTOMER = "email", "phone", "name", "customer"
"""Keys by which a person is known elsewhere; `customer` is our own public id. The code of an attribute that holds an
external id (a customer number) is a key too. A name only confirms: it never identifies (GDPR Art. 5(1)(d)).
"""


class Kind(StrEnum):
    """What stands on the other side."""

    SQL = "sql"
    HTTP = "http"
    CSV = "csv"
    IMAP = "imap"
    S3 = "s3"


class Verb(StrEnum):
    FIND = "find"
    EXPORT = "export"  # GDPR Art. 15, 20
    RECTIFY = "rectify"  # Art. 16, 19
    ERASE = "erase"  # Art. 17, 19
    VERIFY = "verify"


class Fate(StrEnum):
    """What an erasure does with a row, a record or a mail."""

    DELETE = "delete"
    CLEAR = "clear"  # the person's columns are emptied or replaced, the rest stays


class Fault(StrEnum):
    """Why something did not work, told apart as far as it can be."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    SIGN_IN = "sign-in"
    IDENTITY = "identity"  # it is not who it should be: certificate, host key
    NOT_ALLOWED = "not-allowed"  # its address may not be called from here
    FORBIDDEN = "forbidden"  # signed in, and not permitted
    SCHEMA = "schema"  # a table, column, file, folder, bucket or field is not there
    UNREADABLE = "unreadable"  # what came back is not what was declared
    BUSY = "busy"  # somebody else works on it, or changed it meanwhile
    PAUSED = "paused"  # nobody may reach it for now: it waits
    LEFT = "left"  # said to be done, and a fresh look finds it still
    REFUSED = "refused"  # anything else that the other side said no to


class State(StrEnum):
    DONE = "done"
    AGAIN = "again"  # tried again at `next_at`
    STUCK = "stuck"  # failing for a day: still tried, and somebody has to look


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """By what a person is known: key -> values in their one notation (E.164, lower case; names as they are written).

    `former` holds contact points that were theirs once: what is found by those alone is doubtful, for a number or an
    address may have passed on. Sealable as it is: whoever erases keeps it under a job key.
    """

    customer_id: int
    known: Mapping[str, Sequence[str]] = field(repr=False)
    former: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def only(self, keys: frozenset[str]) -> "Person":
        """The same person, with no more than these keys."""
        return Person(
            customer_id=self.customer_id,
            known={key: tuple(values) for key, values in self.known.items() if key in keys and values},
            former={key: tuple(values) for key, values in self.former.items() if key in keys and values},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One value put right: of which attribute of the register, from what, to what (empty: taken away)."""

    attribute: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one place of a system (a table, a file, a folder) held and what became of it, in rows, mails or objects.

    `doubtful` looked like the person's and may be somebody else's: never touched. `changed` were deleted, cleared,
    corrected or handed out.
    """

    place: str
    found: int = 0
    doubtful: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one connector answers for. `complete` only where nothing of the person is left to do there."""

    connector_id: int
    name: str
    kind: Kind
    verb: Verb
    state: State
    at: datetime
    attempt: int = 1
    counts: Sequence[Count] = ()
    fault: Fault | None = None
    where: str = ""  # the declared place that the fault is about: a table, a column, a file
    next_at: datetime | None = None

    @property
    def complete(self) -> bool:
        return self.state is State.DONE

    @property
    def found(self) -> int:
        return sum(count.found for count in self.counts)

    @property
    def doubtful(self) -> int:
        return sum(count.doubtful for count in self.counts)

    @property
    def changed(self) -> int:
        return sum(count.changed for count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row, record, mail or object of a person, handed out for their copy. `own` says of which fields the setup
    knows what of the person they hold; in the others somebody may have written of others too.
    """

    place: str
    name: str = field(default="", repr=False)  # the object's key or the mail's number, where it has one
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    own: Mapping[str, str] = field(default_factory=dict)  # field -> key or attribute; empty: theirs, whatever it is
    content: bytes | None = field(default=None, repr=False)  # a mail, an object or an answer as it is
    media_type: str = ""  # of the content, where it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A few letters of what was found, enough to recognise it and no more: for the screen of a dry run only."""

    place: str
    doubtful: bool
    fields: Sequence[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A dry run: what an erasure would do there, without doing it. Nothing of it is stored."""

    receipt: Receipt
    fates: Mapping[str, Fate]  # place -> what would become of what is found
    samples: Sequence[Sample] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConnector:
    """A system to be reached. `setup` is one of the setups below as plain data; `secret` its password or key.

    `secret` None keeps the one that is stored.
    """

    name: str
    kind: Kind
    setup: Mapping[str, object]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorView:
    """A connected system and how it stands; its secret never leaves."""

    connector_id: int
    name: str
    kind: Kind
    setup: Mapping[str, object]
    has_secret: bool
    paused_at: datetime | None
    tested_at: datetime | None  # when it was last reached for, by a try or a run
    fault: Fault | None  # of the newest try or test
    where: str
    failing_since: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the connected systems of a company stand: numbers only."""

    connectors: int = 0
    failing: int = 0
    stuck_runs: int = 0
    oldest_failing_at: datetime | None = None
