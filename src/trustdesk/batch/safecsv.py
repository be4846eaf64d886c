"""CSV that goes out: a cell that a spreadsheet would run as a formula is written as text.

The rule is OWASP's for CSV injection: a leading = + - @, tab, carriage return or line feed, also in its full-width form
and also behind blanks, gets an apostrophe in front. Our own reader takes the apostrophe off again.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

_STARTERS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 -- the full-width forms are meant
_BLANKS = " \u00a0\u3000\ufeff\u200b"


def _runs(cell: str) -> bool:
    return bool(cell) and (cell[0] in _STARTERS or cell.lstrip(_BLANKS)[:1] in _STARTERS - {""})


def escape(cell: str) -> str:
    """The cell as a spreadsheet shows it and never runs it."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if _runs(cell) or (cell[:1] == "'" and _runs(cell.lstrip("'"))) else cell


def unescape(cell: str) -> str:
    """What `escape` was given."""
    return cell[1:] if cell[:1] == "'" and _runs(cell.lstrip("'")) else cell


class SafeCsvWriter:
    """Rows to an open text file (opened with newline=""), separated by commas, every cell escaped."""

    def __init__(self, target: TextIO, columns: Sequence[str]) -> None:
        self._writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._width = len(columns)
        self.write(columns)

    def write(self, cells: Iterable[object]) -> None:
        row = [escape("" if cell is None else str(cell)) for cell in cells]
        if len(row) != self._width:
            msg = f"a row has {len(row)} cells, the header {self._width}"
            raise ValueError(msg)
        self._writer.writerow(row)
