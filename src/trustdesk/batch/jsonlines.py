"""JSON Lines: one flat object a line, in UTF-8 (RFC 8259 section 8.1)."""

import json
from collections.abc import Iterator
from typing import Self

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


class _FaultError(Exception):
    def __init__(self, reason: Reason, column: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


class _Pairs(dict[str, object]):
    """An object of the line; it knows whether a key came twice."""


def _object(pairs: list[tuple[str, object]]) -> _Pairs:
    found = _Pairs(pairs)
    if len(found) != len(pairs):
        raise _FaultError(Reason.DUPLICATE_KEY)
    return found


def _no_constant(_: str) -> object:
    raise _FaultError(Reason.NOT_JSON)  # NaN and Infinity are not JSON


# Numbers stay as they are written: a customer number keeps its digits.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant, strict=True
)


def _text(column: str, value: object) -> str:
    if isinstance(value, str):
        text = value
    elif value is None:
        return ""
    elif isinstance(value, bool):
        return "true" if value else "false"
    else:
        raise _FaultError(Reason.NESTED, column)
    if "\0" in text:
        raise _FaultError(Reason.NUL, column)
    if len(text) > CELL_LIMIT:
        raise _FaultError(Reason.CELL_TOO_LONG, column)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _FaultError(Reason.NOT_TEXT, column)
    return text


def _values(line: str) -> dict[str, str]:
    try:
        found = _DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError):
        raise _FaultError(Reason.NOT_JSON) from None
    if not isinstance(found, _Pairs):
        raise _FaultError(Reason.NOT_AN_OBJECT)
    if len(found) > COLUMN_LIMIT:
        raise _FaultError(Reason.TOO_MANY_CELLS)
    return {column: _text(column, value) for column, value in found.items()}


class JsonLinesTable:
    """An open JSON Lines file. Its columns are those of the first line; later lines may have fewer or others."""

    def __init__(self, path: ListFile, reading: Reading) -> None:
        self._size = max(path.stat().st_size, 1)
        self._stream = path.open("rb")
        try:
            self._lines = Lines(self._stream, reading.encoding)
            self._rows = self._read()
            self._first: Row | None = self._first_row()
        except BaseException:
            self._stream.close()
            raise
        self.columns = tuple(self._first.values)

    def _first_row(self) -> Row:
        if self._lines.empty:
            raise UnreadableFileError(FileReason.EMPTY, gettext_noop("The file is empty."))
        first = next(self._rows, None)
        if not isinstance(first, Row):
            raise UnreadableFileError(
                FileReason.HEADER,
                gettext_noop("The first line is not a JSON object of texts and numbers."),
                place="row 1",
                mend=gettext_noop("Write one flat JSON object a line."),
            )
        return first

    def _read(self) -> Iterator[Row | RowFault]:
        number, overlong = 1, False
        for piece, ended in self._lines:
            overlong = overlong or not ended or len(piece) > RECORD_LIMIT
            if not ended:
                continue
            if overlong:
                yield RowFault(number, "", Reason.CELL_TOO_LONG)
            elif piece.strip():
                try:
                    yield Row(number, _values(piece))
                except _FaultError as fault:
                    # A key of a bad line may be anything, a person's name included: only known columns are named.
                    known = fault.column if fault.column in getattr(self, "columns", ()) else ""
                    yield RowFault(number, known, fault.reason)
            number, overlong = number + 1, False

    def rows(self) -> Iterator[Row | RowFault]:
        if self._first is not None:
            first, self._first = self._first, None
            yield first
        yield from self._rows

    def fraction(self) -> float:
        return min(self._lines.bytes_read / self._size, 1.0)

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
