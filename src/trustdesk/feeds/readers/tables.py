"""Changes out of rows: mapped CSV and JSON Lines. One pass; a bad row is a fault, and the next one is read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from trustdesk.batch.api import open_table
from trustdesk.batch.contracts import FileReason, ListFile, Reading, Row, RowFault, UnreadableFileError, gettext_noop
from trustdesk.feeds.readers.composing import address_text
from trustdesk.feeds.readers.mapping import ISO, ROLES, Columns, Mapped, Target
from trustdesk.feeds.readers.persons import several
from trustdesk.feeds.readers.values import Fault, FaultCode, Record, Records, Setting, zone_of
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, ChangeKind

NEED_NOTHING_NEW = frozenset({ChangeKind.DEATH, ChangeKind.NON_DISCLOSURE})
"""Kinds that say all by themselves."""

_NAMES = frozenset({"name", "given_name", "family_name"})
_LONGEST = 2_000  # letters of one value; what is longer is no name, number or address


def read_csv(file: ListFile, mapped: Mapped, setting: Setting) -> Records:
    """Raises UnreadableFileError for a wrong encoding (with the byte) or an unusable header; else faults."""
    return records_of(file, mapped, setting, "csv", _kind_of(mapped))


def read_json_lines(file: ListFile, mapped: Mapped, setting: Setting) -> Records:
    """As `read_csv`; one flat object a line."""
    return records_of(file, mapped, setting, "jsonl", _kind_of(mapped))


KindOf = Callable[[Mapping[str, str]], ChangeKind | None]
"""What a row tells of; None: nothing. RowFaultError where it can't be said."""


def records_of(file: ListFile, columns: Columns, setting: Setting, kind: str, kind_of: KindOf) -> Records:
    """The changes of a table whose rows tell what `kind_of` says. A table cut off inside a cell ends with a fault."""
    reading = Reading(kind=kind, encoding=columns.encoding, delimiter=columns.delimiter)
    rows = _Rows(columns, setting, kind_of)
    with open_table(file, reading) as table:
        if kind == "csv":
            _check_columns(columns, table.columns)
        last = 1
        try:
            for row in table.rows():
                last = row.number
                if isinstance(row, RowFault):
                    yield Fault(f"row {row.number}", row.column, row.reason)
                elif record := rows.record_of(row):
                    yield record
        except UnreadableFileError as error:
            if error.reason is not FileReason.UNTERMINATED_QUOTE:
                raise
            yield Fault(f"row {last + 1}", "", FaultCode.TRUNCATED)


def _check_columns(declared: Columns, columns: Sequence[str]) -> None:
    """A table whose columns were renamed says less of everybody, and nobody would see it."""
    for name in declared.named:
        if name not in columns:
            raise UnreadableFileError(
                FileReason.HEADER,
                gettext_noop("A column that the reading names is not in the table."),
                place=name,
                mend=gettext_noop("Change the reading, or have the table sent as it was agreed."),
            )


def _kind_of(mapped: Mapped) -> KindOf:
    column = next((name for name, target in mapped.targets.items() if target.role == "kind"), "")

    def kind_of(values: Mapping[str, str]) -> ChangeKind:
        if mapped.kind:
            return mapped.kind
        said = values.get(column, "").strip()
        if not said:
            raise RowFaultError(FaultCode.NO_KIND, column)
        try:
            return mapped.kinds.get(said) or ChangeKind(said.lower())
        except ValueError:
            raise RowFaultError(FaultCode.UNKNOWN_KIND, column) from None

    return kind_of


class RowFaultError(Exception):
    """Why a row can't be used, and which column is to blame."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.place = place


class _Rows:
    """The mapping, taken apart once for all rows."""

    def __init__(self, columns: Columns, setting: Setting, kind_of: KindOf) -> None:
        self._setting = setting
        self._kind_of = kind_of
        zone = ZoneInfo(columns.zone) if columns.zone else zone_of(setting.country)
        self._date = date_reader(columns.as_of, zone)
        self._column = {target.role: name for name, target in columns.targets.items() if not target.attribute}
        self._values: dict[str, list[tuple[str, Target]]] = {role: [] for role in ROLES}
        for name, target in columns.targets.items():
            if target.attribute:
                self._values[target.role].append((name, target))

    def record_of(self, row: Row) -> Record | None:
        position = f"row {row.number}"
        try:
            position = self._position(row)
            kind = self._kind_of(row.values)
            return self._change(row, position, kind) if kind else None
        except RowFaultError as fault:
            return Fault(position, fault.place, fault.code)

    def _cell(self, row: Row, role: str) -> str:
        return row.values.get(self._column.get(role, ""), "").strip()

    def _position(self, row: Row) -> str:
        if "position" not in self._column:
            return f"row {row.number}"
        said = self._cell(row, "position")
        if not said or len(said) > 200 or not said.isprintable():
            raise RowFaultError(FaultCode.NO_POSITION, self._column["position"])
        return said

    def _change(self, row: Row, position: str, kind: ChangeKind) -> Change:
        as_of = self._as_of(row)
        country = self._cell(row, "country").upper() or self._setting.country
        person, becomes, ends = (self._said(row, role, country) for role in ("person", "becomes", "ends"))
        key = self._cell(row, "key")
        if not person and not key:
            raise RowFaultError(FaultCode.NO_PERSON)
        if not becomes and not ends and kind not in NEED_NOTHING_NEW:
            raise RowFaultError(FaultCode.NOTHING_CHANGES)
        return Change(
            position=position,
            kind=kind,
            person=person,
            becomes=becomes,
            ends=ends,
            as_of=as_of,
            key=key,
            country=country if len(country) == 2 else self._setting.country,
        )

    def _as_of(self, row: Row) -> datetime:
        if "as_of" not in self._column:
            return self._setting.received_at or self._setting.now
        column, said = self._column["as_of"], self._cell(row, "as_of")
        if not said:
            raise RowFaultError(FaultCode.NO_DATE, column)
        try:
            found = self._date(said)
        except (ValueError, OverflowError):
            raise RowFaultError(FaultCode.BAD_DATE, column) from None
        if fault := self._setting.date_fault(found):
            raise RowFaultError(fault, column)
        return found

    def _said(self, row: Row, role: str, country: str) -> tuple[Said, ...]:
        found: list[Said] = []
        parts: dict[str, str] = {}
        for column, target in self._values[role]:
            text = row.values.get(column, "").strip()
            if not text:
                continue
            if len(text) > _LONGEST:
                raise RowFaultError(FaultCode.TOO_LONG, column)
            if target.part:
                parts[target.part] = text
                continue
            if target.attribute in _NAMES and several(text):
                raise RowFaultError(FaultCode.TWO_PEOPLE, column)
            found.append(Said(target.attribute, self._setting.kinds.get(target.attribute, "text"), text))
        if text := address_text(parts, country):
            found.append(Said("address", "address", text))
        return tuple(found)


def date_reader(pattern: str, zone: tzinfo) -> Callable[[str], datetime]:
    """Reads a date or an instant; one without an offset is of the zone. ValueError for anything else."""

    def read(text: str) -> datetime:
        found = datetime.fromisoformat(text) if pattern == ISO else datetime.strptime(text, pattern)  # noqa: DTZ007
        return found if found.tzinfo else found.replace(tzinfo=zone)

    return read
