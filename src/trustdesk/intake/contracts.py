"""Frozen values that cross intake's door. None of them holds a content of a list."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.batch.contracts import Reading
from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import CustomerKind

CUSTOMER_FIELDS = (":kind", ":language", ":country", ":customer_since", ":last_sale_date", ":product_group", ":as_of")
"""What a column may fill beside the declared attributes. `:as_of` is the day the row's values were last known true."""

OPEN_ENDED = "jsonl"
"""The kind of list whose rows name their own columns."""
IMPORT = "import"
"""What `live` tells pages when an import has come further (`live.contracts.Thing`, with the run's id)."""


class Undeclared(StrEnum):
    """What becomes of columns that the mapping does not name."""

    REFUSE = "refuse"
    DROP = "drop"


class RunState(StrEnum):
    """`interrupted` is never stored: it is a running import that nobody runs any more."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Refusal(StrEnum):
    """Why a row was not taken, beside the reasons of the file readers. Codes never change their meaning."""

    UNDECLARED_COLUMN = "undeclared-column"
    INVALID_PHONE = "invalid-phone"
    INVALID_EMAIL = "invalid-email"
    INVALID_DATE = "invalid-date"
    INVALID_KIND = "invalid-kind"
    INVALID_LANGUAGE = "invalid-language"
    INVALID_COUNTRY = "invalid-country"
    CONTROL_CHARACTER = "control-character"
    TOO_LONG = "too-long"
    NOBODY = "nobody"
    DUPLICATE_IN_FILE = "duplicate-in-file"
    DUPLICATE_IN_REGISTER = "duplicate-in-register"
    NOT_ADMITTED = "not-admitted"
    ERASED = "erased"
    BAD_INPUT = "bad-input"


@dataclass(frozen=True, slots=True)
class Target:
    """What a column fills: an attribute's code or one of CUSTOMER_FIELDS.

    `label` tells several values of one attribute apart ("mobile", "work"). Columns with the same target and label are
    joined by a blank, in the mapping's order: street and number, given and family name.
    """

    to: str
    label: str = ""
    shared_line: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How a mapping goes with the columns of a list: those it names and the list lacks, those of the list that it
    neither names nor drops, and those it drops.
    """

    missing: Sequence[str]
    unnamed: Sequence[str]
    dropped: Sequence[str]

    @property
    def whole(self) -> bool:
        return not (self.missing or self.unnamed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How the columns of one kind of list are understood, saved under a name.

    `date_format` is strptime's, for all dates of the list; empty means ISO 8601. `country` reads national phone numbers
    where the row has no country of its own. `undeclared` has no default on purpose: dropping is a choice.
    """

    name: str
    columns: Mapping[str, Target]
    undeclared: Undeclared
    kind: CustomerKind = CustomerKind.PERSON
    country: str = ""
    language: str = ""
    date_format: str = ""
    reading: Reading = field(default_factory=Reading)

    def as_json(self) -> dict[str, Any]:
        """The mapping as it is stored and as a mapping file has it."""
        return {
            "columns": {
                column: target.to
                if target == Target(target.to)
                else {"to": target.to, "label": target.label, "shared_line": target.shared_line}
                for column, target in self.columns.items()
            },
            "undeclared": self.undeclared.value,
            "kind": self.kind.value,
            "country": self.country,
            "language": self.language,
            "date_format": self.date_format,
            "reading": {
                "kind": self.reading.kind,
                "encoding": self.reading.encoding,
                "delimiter": self.reading.delimiter,
                "sheet": self.reading.sheet,
            },
        }

    def fit(self, columns: Sequence[str], *, open_ended: bool) -> Fit:
        """Whether a list with these columns can be read so. `open_ended`: later rows may have others than the first."""
        missing = [] if open_ended else [column for column in self.columns if column not in columns]
        others = [column for column in columns if column not in self.columns]
        return Fit(missing, others, []) if self.undeclared is Undeclared.REFUSE else Fit(missing, [], others)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what the mapping says; its name is no part of it."""
        text = json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()


def _target(said: object) -> Target:
    match said:
        case str():
            return Target(said)
        case {"to": str(to), **rest} if rest.keys() <= {"label", "shared_line"}:
            return Target(to, str(rest.get("label", "")), bool(rest.get("shared_line", False)))
        case _:
            raise BadInputError(
                _("A column's target is an attribute's code, or an object with to, label and shared_line."),
                place="columns",
            )


def mapping_from_json(name: str, said: object) -> ColumnMapping:
    """The mapping that `as_json` wrote, or somebody by hand. BadInputError says what is missing or strange."""
    known = {"columns", "undeclared", "kind", "country", "language", "date_format", "reading"}
    if not isinstance(said, dict) or not isinstance(said.get("columns"), dict) or not said["columns"]:
        raise BadInputError(
            _("The mapping names no columns."), place="columns", mend=_('Write {"columns": {"Name": "name"}}.')
        )
    strange = sorted(set(said) - known)
    if strange:
        raise BadInputError(_("The mapping has settings that do not exist."), place=", ".join(map(str, strange)))
    if said.get("undeclared") not in {choice.value for choice in Undeclared}:
        raise BadInputError(
            _("The mapping does not say what becomes of columns it does not name."),
            place="undeclared",
            mend=_('Write "refuse" to stop at such a column, or "drop" to leave its values out.'),
        )
    try:
        kind = CustomerKind(said.get("kind") or CustomerKind.PERSON)
        reading = Reading(**{key: str(value) for key, value in (said.get("reading") or {}).items()})
    except (ValueError, TypeError, AttributeError):
        raise BadInputError(_("The kind of customer or the reading does not exist."), place="kind, reading") from None
    texts = {key: said.get(key) or "" for key in ("country", "language", "date_format")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise BadInputError(_("Country, language and date format are texts."), place="country, language, date_format")
    return ColumnMapping(
        name=name,
        columns={str(column): _target(target) for column, target in said["columns"].items()},
        undeclared=Undeclared(said["undeclared"]),
        kind=kind,
        reading=reading,
        **texts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """A mapping and its identity."""

    mapping_id: int
    mapping: ColumnMapping
    saved_at: datetime
    saved_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file's header says before anything is imported: names of columns and proposals, no values.

    `proposed` names a target for each column where one is plain from the name, else an empty text.
    """

    kind: str
    size: int
    columns: Sequence[str]
    proposed: Mapping[str, str]

    def fit(self, mapping: ColumnMapping) -> Fit:
        """How the mapping goes with this list."""
        return mapping.fit(self.columns, open_ended=self.kind == OPEN_ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The quality report of a list. Every row is counted once under `added` … `rejected`; `stale` and `age_unknown`
    say how many of the rows that could be used have contact points too old, or of unknown age.
    """

    rows: int = 0
    added: int = 0
    """Added; in a dry run: would be added."""
    already_imported: int = 0
    duplicate_in_file: int = 0
    duplicate_in_register: int = 0
    suppressed: int = 0
    rejected: int = 0
    stale: int = 0
    age_unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is, and its quality report so far."""

    run_id: int
    state: RunState
    reason: str
    place: str
    dry_run: bool
    source_id: int
    mapping_id: int
    file_digest: str
    file_size: int
    fraction: float
    counts: Counts
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    operator_id: int
    queued: bool = False
    """Of an interrupted import: a job is there that goes on with it by itself."""
    resumable: bool = False
    """Stopped or interrupted, and its list is here: `resume` has it go on. Else the command that began it does."""

    @property
    def rows_per_second(self) -> float:
        """Sustained speed since the start of this run."""
        seconds = (self.updated_at - self.started_at).total_seconds()
        return self.counts.rows / seconds if seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken. `column` is one that the mapping names, or empty; `detail` holds no value."""

    row: int
    column: str
    reason: str
    detail: str = ""
