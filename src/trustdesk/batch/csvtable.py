"""CSV as RFC 4180 has it, and as spreadsheets write it: rows one by one, bad rows named and passed over."""

import csv
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple, Self

from trustdesk.batch.contracts import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    RECORD_LIMIT,
    FileReason,
    ListFile,
    Reading,
    Reason,
    Row,
    RowFault,
    UnreadableFileError,
    gettext_noop,
)
from trustdesk.batch.encodings import Lines

DELIMITERS = (",", ";", "\t", "|")


class _State(Enum):
    START = auto()
    PLAIN = auto()
    QUOTED = auto()
    QUOTE_SEEN = auto()


class _Record(NamedTuple):
    number: int
    text: str
    quoted: bool
    overlong_column: int  # -1: it is not too long


def _scan(text: str, state: _State, delimiter: str) -> tuple[_State, int]:
    """Where a piece of a record leaves the reader, and how many cells it ended: the csv module's own rules."""
    at, ended = 0, 0
    while at < len(text):
        if state is _State.QUOTED:
            found = text.find('"', at)
            if found < 0:
                return state, ended
            at, state = found + 1, _State.QUOTE_SEEN
        elif text[at] == '"' and state is not _State.PLAIN:
            at, state = at + 1, _State.QUOTED
        else:
            found = text.find(delimiter, at)
            if found < 0:
                return _State.PLAIN, ended
            at, state, ended = found + 1, _State.START, ended + 1
    return state, ended


class _Growing:
    """A record while its pieces come in; past the limit it is only measured, no longer kept."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._parts: list[str] = []
        self._size = 0
        self._cells = 0
        self._state = _State.START
        self.quoted = False
        self.overlong_column = -1

    def add(self, piece: str) -> None:
        quoted = '"' in piece
        self.quoted = self.quoted or quoted
        room = RECORD_LIMIT - self._size
        self._size += len(piece)
        if self._size > RECORD_LIMIT:
            if self.overlong_column < 0:
                self.overlong_column = self._cells + _scan(piece[:room], self._state, self._delimiter)[1]
            self._parts.clear()
        else:
            self._parts.append(piece)
        self._state, ended = _scan(piece, self._state, self._delimiter)
        self._cells += ended

    @property
    def open(self) -> bool:
        return self._state is _State.QUOTED

    @property
    def text(self) -> str:
        return "".join(self._parts)


def _records(lines: Lines, delimiter: str) -> Iterator[_Record]:
    number = 0
    growing: _Growing | None = None
    for piece, ended in lines:
        if growing is None:
            number += 1
            if ended and '"' not in piece and len(piece) <= RECORD_LIMIT:
                yield _Record(number, piece, quoted=False, overlong_column=-1)
                continue
            growing = _Growing(delimiter)
        growing.add(piece)
        if not ended:
            continue
        if growing.open:
            growing.add("\n")
            continue
        yield _Record(number, growing.text, growing.quoted, growing.overlong_column)
        growing = None
    if growing is not None:
        raise UnreadableFileError(
            FileReason.UNTERMINATED_QUOTE,
            gettext_noop("A quotation mark opens here and is never closed."),
            place=f"row {number}",
            mend=gettext_noop(
                "Close the quotation mark in this row and import the list again; rows taken in are not doubled."
            ),
        )


def _delimiter_of(head: str) -> str:
    first = head.replace("\r", "\n").split("\n", 1)[0]
    outside = "".join(first.split('"')[::2])
    best = max(DELIMITERS, key=outside.count)
    return best if outside.count(best) else ","


def check_header(names: list[str]) -> tuple[str, ...]:
    """The column names, or UnreadableFileError with the place of the bad one; names are not repeated in it."""
    columns = tuple(name.strip() for name in names)
    if len(columns) > COLUMN_LIMIT:
        raise UnreadableFileError(FileReason.HEADER, gettext_noop("The list has more than 500 columns."), place="row 1")
    seen: dict[str, int] = {}
    for place, name in enumerate(columns, start=1):
        if not name or "\0" in name:
            raise UnreadableFileError(
                FileReason.HEADER,
                gettext_noop("A column has no name."),
                place=f"row 1, column {place}",
                mend=gettext_noop("Name every column."),
            )
        first = seen.setdefault(name.casefold(), place)
        if first != place:
            raise UnreadableFileError(
                FileReason.HEADER,
                gettext_noop("Two columns have the same name."),
                place=f"row 1, columns {first} and {place}",
                mend=gettext_noop("Rename one of them: which of the two is meant can't be guessed."),
            )
    return columns


def place_of(columns: tuple[str, ...], index: int) -> str:
    return columns[index] if 0 <= index < len(columns) else ""


class CsvTable:
    """An open CSV file. See `contracts.Table`."""

    def __init__(self, path: ListFile, reading: Reading) -> None:
        self._size = max(path.stat().st_size, 1)
        self._stream = path.open("rb")
        try:
            self._lines = Lines(self._stream, reading.encoding)
            self.delimiter = reading.delimiter or _delimiter_of(self._lines.head)
            self._records = _records(self._lines, self.delimiter)
            self.columns = self._header()
        except BaseException:
            self._stream.close()
            raise

    def _header(self) -> tuple[str, ...]:
        record = next(self._records, None)
        if record is None:
            raise UnreadableFileError(FileReason.EMPTY, gettext_noop("The file is empty."))
        cells = self._cells(record)
        if not isinstance(cells, list):
            raise UnreadableFileError(
                FileReason.HEADER, gettext_noop("The first row can't be read as a header."), place="row 1"
            )
        return check_header(cells)

    def _cells(self, record: _Record) -> list[str] | RowFault:
        if record.overlong_column >= 0:
            return RowFault(record.number, self._column(record.overlong_column), Reason.CELL_TOO_LONG)
        if not record.quoted:
            return record.text.split(self.delimiter)
        try:
            return next(csv.reader([record.text], delimiter=self.delimiter, strict=True))
        except csv.Error:
            # Its two complaints: a letter after a closing quotation mark, and a cell past its own limit (ours too).
            long = len(record.text) > CELL_LIMIT
            return RowFault(record.number, "", Reason.CELL_TOO_LONG if long else Reason.STRAY_QUOTE)

    def _column(self, index: int) -> str:
        return place_of(getattr(self, "columns", ()), index)

    def _row(self, record: _Record) -> Row | RowFault | None:
        cells = self._cells(record)
        if isinstance(cells, RowFault):
            return cells
        if not any(cells):
            return None
        return self._fault(record, cells) or Row(record.number, dict(zip(self.columns, cells, strict=False)))

    def _fault(self, record: _Record, cells: list[str]) -> RowFault | None:
        width = len(self.columns)
        if len(cells) < width:
            return RowFault(record.number, self._column(len(cells)), Reason.TOO_FEW_CELLS)
        if len(cells) > width and any(cells[width:]):
            return RowFault(record.number, "", Reason.TOO_MANY_CELLS)
        if "\0" in record.text:
            bad = next(i for i, cell in enumerate(cells) if "\0" in cell)
            return RowFault(record.number, self._column(bad), Reason.NUL)
        long = [i for i, cell in enumerate(cells) if len(cell) > CELL_LIMIT] if len(record.text) > CELL_LIMIT else []
        return RowFault(record.number, self._column(long[0]), Reason.CELL_TOO_LONG) if long else None

    def rows(self) -> Iterator[Row | RowFault]:
        for record in self._records:
            row = self._row(record)
            if row is not None:
                yield row

    def fraction(self) -> float:
        return min(self._lines.bytes_read / self._size, 1.0)

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
