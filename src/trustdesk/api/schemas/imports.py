"""Lists on their way in: how they are read, how far they are, what was not taken."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Country, Given, GivenId, Id, Instant, Line, Receipt, Shown, Word
from trustdesk.batch.contracts import Reading
from trustdesk.intake.contracts import (
    ColumnMapping,
    Counts,
    Preview,
    Progress,
    Reject,
    RunState,
    SavedMapping,
    Target,
    Undeclared,
)
from trustdesk.register.contracts import CustomerKind

MEDIA_TYPES: Mapping[str, str] = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
"""What a list may be, and the ending it is kept under."""


class ListReceived(Shown):
    """`list_id` names the file to this controller for a week. `proposed` names a target where a column's is plain."""

    list_id: str
    kind: str
    size: int
    columns: list[str]
    proposed: dict[str, str]

    @classmethod
    def of(cls, preview: Preview, list_id: str) -> "ListReceived":
        return cls(
            list_id=list_id,
            kind=preview.kind,
            size=preview.size,
            columns=list(preview.columns),
            proposed=dict(preview.proposed),
        )


class TargetForm(Given):
    """What a column fills: an attribute's code, or :kind, :language, :country and the like."""

    to: Word
    label: Line = ""
    shared_line: bool = False


class ReadingForm(Given):
    kind: Line = ""
    encoding: Line = ""
    delimiter: Line = ""
    sheet: Line = ""


class MappingForm(Given):
    """`undeclared` has no default: dropping columns is a choice. `date_format` is strptime's; empty means ISO 8601."""

    name: Word
    columns: Annotated[dict[Word, Word | TargetForm], Field(min_length=1, max_length=500)]
    undeclared: Undeclared
    kind: CustomerKind = CustomerKind.PERSON
    country: Country = ""
    language: Line = ""
    date_format: Line = ""
    reading: ReadingForm = ReadingForm()

    def read(self) -> ColumnMapping:
        return ColumnMapping(
            name=self.name,
            columns={column: _target(target) for column, target in self.columns.items()},
            undeclared=self.undeclared,
            kind=self.kind,
            country=self.country,
            language=self.language,
            date_format=self.date_format,
            reading=Reading(
                kind=self.reading.kind,
                encoding=self.reading.encoding,
                delimiter=self.reading.delimiter,
                sheet=self.reading.sheet,
            ),
        )


def _target(given: str | TargetForm) -> Target:
    if isinstance(given, str):
        return Target(given)
    return Target(given.to, given.label, given.shared_line)


class TargetShown(Shown):
    to: str
    label: str
    shared_line: bool


class MappingShown(Shown):
    mapping_id: Id
    name: str
    columns: dict[str, TargetShown]
    undeclared: Undeclared
    kind: CustomerKind
    country: str
    language: str
    date_format: str
    saved_at: Instant
    saved_by: Id

    @classmethod
    def of(cls, saved: SavedMapping) -> "MappingShown":
        mapping = saved.mapping
        return cls(
            mapping_id=saved.mapping_id,
            name=mapping.name,
            columns={
                column: TargetShown(to=target.to, label=target.label, shared_line=target.shared_line)
                for column, target in mapping.columns.items()
            },
            undeclared=mapping.undeclared,
            kind=mapping.kind,
            country=mapping.country,
            language=mapping.language,
            date_format=mapping.date_format,
            saved_at=saved.saved_at,
            saved_by=saved.saved_by,
        )


class MappingReceipt(Receipt):
    mapping_id: Id


class ImportForm(Given):
    """A dry run reads, checks and asks the gates, and lets nobody in."""

    list_id: Annotated[str, Field(max_length=200)]
    mapping_id: GivenId
    source_id: GivenId
    dry_run: bool = False


class ImportReceipt(Receipt):
    """The same list, mapping and source a second time is the same import."""

    import_id: Id


class Quality(Shown):
    """The quality report of a list. Every row is counted once under added … rejected."""

    rows: int
    added: int
    already_imported: int
    duplicate_in_file: int
    duplicate_in_register: int
    suppressed: int
    rejected: int
    stale: int
    age_unknown: int

    @classmethod
    def of(cls, counts: Counts) -> "Quality":
        return cls(**{name: getattr(counts, name) for name in cls.model_fields})


class ImportShown(Shown):
    """How far an import is, from 0 to 1 in `fraction`, and its quality report so far."""

    import_id: Id
    state: RunState
    reason: str
    place: str
    dry_run: bool
    source_id: Id
    mapping_id: Id
    file_sha256: str
    file_size: int
    fraction: float
    counts: Quality
    started_at: Instant
    updated_at: Instant
    finished_at: Instant | None
    operator_id: Id

    @classmethod
    def of(cls, progress: Progress) -> "ImportShown":
        return cls(
            import_id=progress.run_id,
            state=progress.state,
            reason=progress.reason,
            place=progress.place,
            dry_run=progress.dry_run,
            source_id=progress.source_id,
            mapping_id=progress.mapping_id,
            file_sha256=progress.file_digest,
            file_size=progress.file_size,
            fraction=progress.fraction,
            counts=Quality.of(progress.counts),
            started_at=progress.started_at,
            updated_at=progress.updated_at,
            finished_at=progress.finished_at,
            operator_id=progress.operator_id,
        )


class RejectShown(Shown):
    """A row that was not taken: where and why, never what it held."""

    row: int
    column: str
    reason: str
    detail: str

    @classmethod
    def of(cls, reject: Reject) -> "RejectShown":
        return cls(row=reject.row, column=reject.column, reason=reject.reason, detail=reject.detail)
