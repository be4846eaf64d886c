"""A CSV file read record by record, each beside the very text it stood in: what is not touched is written as it was."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.setups import CsvSetup, Table

_BOM = "\ufeff"
_ENDS = ("\r\n", "\n", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its text with its line end, and its fields. A record may stand on several lines."""

    raw: str
    fields: Sequence[str]


class Records:
    """The header first, then the records. Memory holds one record at a time; a quotation mark that is never closed ends
    in `unreadable` and not in a file read whole (the csv module bounds a field).
    """

    def __init__(self, text: io.TextIOWrapper, setup: CsvSetup, table: Table) -> None:
        self._setup, self._table = setup, table
        self._lines = self._read(text)
        self.header = next(self._lines, None) or Line("", [])
        names = [name.strip() for name in self.header.fields]
        self._at = {name: index for index, name in reversed(list(enumerate(names)))}
        for column in table.columns:
            if column not in self._at:
                raise OutsideError(Fault.SCHEMA, where=f"{table.name}: {column}")

    def __iter__(self) -> Iterator[tuple[Line, dict[str, str | None]]]:
        """Each record and its declared columns; what a short record lacks is empty."""
        places = [(column, self._at[column]) for column in self._table.columns]
        for line in self._lines:
            width = len(line.fields)
            yield line, {column: line.fields[at] if at < width else "" for column, at in places}

    def changed(self, line: Line, changes: dict[str, str]) -> str:
        """The record with other values, written in the file's own manner."""
        fields = list(line.fields)
        for column, text in changes.items():
            if self._at[column] < len(fields):
                fields[self._at[column]] = text
        end = next((end for end in _ENDS if line.raw.endswith(end)), "")
        bare, quote = line.raw.removesuffix(end), self._setup.quote
        quoted = bare.startswith(quote) and bare.endswith(quote)
        out = io.StringIO(newline="")
        csv.writer(
            out,
            delimiter=self._setup.delimiter,
            quotechar=quote,
            lineterminator=end,
            quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
        ).writerow(fields)
        return out.getvalue()

    def _read(self, text: io.TextIOWrapper) -> Iterator[Line]:
        read: list[str] = []

        def lines() -> Iterator[str]:
            for line in text:
                read.append(line)
                yield line.removeprefix(_BOM)

        try:
            for fields in csv.reader(lines(), delimiter=self._setup.delimiter, quotechar=self._setup.quote):
                yield Line("".join(read), fields)
                read.clear()
        except (csv.Error, UnicodeError):
            raise OutsideError(Fault.UNREADABLE, where=self._table.name) from None
