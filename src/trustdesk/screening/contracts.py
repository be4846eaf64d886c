"""Frozen values that cross screening's door. None of them holds a number or address of a list."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.batch.contracts import Reading
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.kernel.errors import BadInputError
from trustdesk.screening import notes
from trustdesk.seal.api import VerifyKey


class Engine(StrEnum):
    """Where the verdicts are computed: the same rules, the same answer."""

    POSTGRESQL = "postgresql"
    DUCKDB = "duckdb"
    SPARK = "spark"


class CellKind(StrEnum):
    """What a column of a list holds. `customer` is the company's own customer number."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HANDLE = "handle"
    CUSTOMER = "customer"


class Fault(StrEnum):
    """Why a cell can't be decided, whatever the rules say. Codes never change their meaning."""

    NONE = ""
    UNREADABLE = "unreadable"  # no number or address: or one of another notation than said
    UNKNOWN_CUSTOMER = "unknown-customer"
    NO_POINT = "no-point"  # a customer without a contact point of the channel's kind
    BROKEN_ROW = "broken-row"  # the row itself can't be read


class ListState(StrEnum):
    READING = "reading"
    READY = "ready"


class RunState(StrEnum):
    """`interrupted` is never stored: it is a running screening that nobody runs any more."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Phase(StrEnum):
    """What a running screening is at."""

    READING = "reading"
    COPYING = "copying"  # a columnar snapshot is taken
    DECIDING = "deciding"
    REFRESHING = "refreshing"  # what changed meanwhile is decided anew
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a list is read: which columns hold what. Columns that are not named are not looked at, and not kept.

    `country` (ISO 3166-1 alpha-2) reads national phone numbers.
    """

    columns: Mapping[str, CellKind]
    country: str = ""
    reading: Reading = field(default_factory=Reading)

    def as_json(self) -> dict[str, Any]:
        """The layout as it is stored."""
        return {
            "columns": {column: kind.value for column, kind in self.columns.items()},
            "country": self.country,
            "reading": {
                "kind": self.reading.kind,
                "encoding": self.reading.encoding,
                "delimiter": self.reading.delimiter,
                "sheet": self.reading.sheet,
            },
        }

    @property
    def digest(self) -> bytes:
        """SHA-256 of what the layout says."""
        return hashlib.sha256(json.dumps(self.as_json(), separators=(",", ":")).encode()).digest()


def layout_from_json(said: Mapping[str, Any]) -> Layout:
    """The layout that `as_json` wrote."""
    return Layout(
        columns={column: CellKind(kind) for column, kind in said["columns"].items()},
        country=said["country"],
        reading=Reading(**said["reading"]),
    )


class Field(StrEnum):
    """What a filter may ask beside the open attributes of the catalog."""

    KIND = ":kind"
    LANGUAGE = ":language"
    COUNTRY = ":country"
    CUSTOMER_SINCE = ":customer_since"
    LAST_SALE_DATE = ":last_sale_date"
    PRODUCT_GROUP = ":product_group"


class Operator(StrEnum):
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    FROM = "from"  # a date: that day or later
    BEFORE = "before"  # a date: an earlier day


_DATES = frozenset({Field.CUSTOMER_SINCE.value, Field.LAST_SALE_DATE.value})
_MOST_VALUES = 500


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a filter; all lines of a filter must hold. `what` is a Field or the code of an open attribute."""

    what: str
    operator: Operator
    values: Sequence[str]

    def __post_init__(self) -> None:
        """Raises BadInputError where the line says nothing, or a date is none."""
        if not self.values or len(self.values) > _MOST_VALUES or not all(isinstance(one, str) for one in self.values):
            raise BadInputError(_("A line of the filter has no values, or too many."), place=self.what)
        dated = self.operator in {Operator.FROM, Operator.BEFORE}
        if self.what in _DATES and not dated:
            raise BadInputError(
                _("A day is compared with from or before."), place=self.what, mend=_("Write it as 2026-03-31.")
            )
        if dated:
            try:
                (said,) = self.values
                date.fromisoformat(said)
            except ValueError:
                raise BadInputError(
                    _("This is not a day."), place=self.what, mend=_("Write it as 2026-03-31.")
                ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFilter:
    """Which customers of the register are meant, by open attributes only: nothing is opened to find them."""

    name: str
    criteria: Sequence[Criterion]

    def as_json(self) -> list[dict[str, Any]]:
        """The filter as it is stored."""
        return [{"what": one.what, "operator": one.operator.value, "values": list(one.values)} for one in self.criteria]

    @property
    def digest(self) -> bytes:
        """SHA-256 of what the filter says; its name is no part of it."""
        return hashlib.sha256(json.dumps(self.as_json(), separators=(",", ":")).encode()).digest()


def criteria_from_json(said: object) -> Sequence[Criterion]:
    """The lines that `as_json` wrote, or somebody by hand. BadInputError says what is strange."""
    if not isinstance(said, list) or not said:
        raise BadInputError(_("The filter has no lines."), place="criteria")
    lines = []
    for number, line in enumerate(said, 1):
        match line:
            case {"what": str(what), "operator": str(operator), "values": list(values), **rest} if not rest:
                try:
                    lines.append(Criterion(what, Operator(operator), tuple(values)))
                except ValueError:
                    raise BadInputError(
                        _("There is no such comparison."), place=what, mend=", ".join(Operator)
                    ) from None
            case _:
                raise BadInputError(_("A line of the filter has what, operator and values."), place=f"line {number}")
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(NewFilter):
    filter_id: int
    saved_at: datetime
    saved_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The question to a list. `about` are facts of the undertaking (see `decision.api.ABOUT`)."""

    purpose: str
    channel: Channel
    about: Mapping[str, object] = field(default_factory=dict)
    engine: Engine = Engine.POSTGRESQL


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """A list as it is kept: counts and tokens, none of its contents."""

    list_id: int
    digest: str
    state: ListState
    rows: int
    cells: int
    unreadable: int
    created_at: datetime
    erase_at: datetime
    filter_id: int | None


@dataclass(frozen=True, slots=True)
class RuleWord:
    """How often a rule spoke for an outcome, with what it says."""

    rule_id: str
    outcome: Outcome
    statute: str
    url: str
    message: str
    parameters: Mapping[str, str]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a screening is, and what it came to so far."""

    run_id: int
    list_id: int
    ask: Ask
    state: RunState
    phase: Phase
    reason: str
    place: str
    fraction: float
    rows: int
    decided: int
    counts: Mapping[Outcome, int]
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    decided_at: datetime | None
    packs_digest: str
    policy_version: int
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished screening: its counts by rule, and the signed summary to hand on."""

    progress: Progress
    words: Sequence[RuleWord]
    faults: Mapping[Fault, int]
    summary: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person behind a row that came to `permit`, and by which of the person's contact points (0: nobody)."""

    customer_id: int
    value_id: int


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """The verdict on one cell of the list. `rule_ids` are those that spoke for the outcome."""

    row: int
    column: str
    outcome: Outcome
    rule_ids: Sequence[str]
    fault: Fault = Fault.NONE


def summary_from_note(note: str, key: VerifyKey) -> Mapping[str, Any]:
    """What a signed summary says, its signature checked; it needs neither settings nor database.

    BadInputError where it is not this key's, or was altered since. Form: c2sp.org/signed-note.
    """
    return notes.read(note, key)
