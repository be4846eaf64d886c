"""The frozen values of the readers: rows, row faults, and the error of a file that can't be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedReader
from typing import Literal, NamedTuple, Protocol, Self

from trustdesk.kernel.errors import BadInputError


def gettext_noop(text: str) -> str:
    """Marks a text that people read: it is collected here and translated where it is shown."""
    return text


CELL_LIMIT = 131_072
"""Letters in one cell; four times what a spreadsheet program can hold."""
RECORD_LIMIT = 1_048_576
"""Letters (XLSX: bytes of its XML times four) in one row; what is longer is passed over without being kept."""
COLUMN_LIMIT = 500


class Reason(StrEnum):
    """Why one row can't be used. The code stands in rejects files and never changes its meaning."""

    TOO_FEW_CELLS = "too-few-cells"
    TOO_MANY_CELLS = "too-many-cells"
    NUL = "nul-character"
    CELL_TOO_LONG = "cell-too-long"
    STRAY_QUOTE = "stray-quote"
    NOT_JSON = "not-json"
    NOT_AN_OBJECT = "not-an-object"
    NESTED = "nested-value"
    DUPLICATE_KEY = "duplicate-key"
    NOT_TEXT = "not-unicode-text"
    FORMULA = "formula-cell"
    ERROR_CELL = "error-cell"


class FileReason(StrEnum):
    """Why a file as a whole can't be read."""

    WRONG_ENCODING = "wrong-encoding"
    UNKNOWN_KIND = "unknown-kind"
    EMPTY = "empty-file"
    HEADER = "unusable-header"
    UNTERMINATED_QUOTE = "unterminated-quote"
    NOT_XLSX = "not-xlsx"
    ZIP_BOMB = "zip-bomb"
    TOO_BIG = "too-big"
    WHICH_SHEET = "which-sheet"
    CHANGED = "file-changed"
    MISSING = "file-missing"


class UnreadableFileError(BadInputError):
    """The file can't be read on from `place`. Holds no content of the file."""

    code = "unreadable-file"

    def __init__(self, reason: FileReason, message: str, *, place: str = "", mend: str = "") -> None:
        super().__init__(message, place=place, mend=mend)
        self.reason = reason


class Row(NamedTuple):
    """One data row. `number` counts as a spreadsheet does: the header is row 1. JSON Lines count lines."""

    number: int
    values: dict[str, str]


class RowFault(NamedTuple):
    """One data row that can't be used: where and why, never what it held. `column` is empty where none is to blame."""

    number: int
    column: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a file. Nothing is guessed that could garble a name: `encoding` other than UTF-8 is said."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file was when it was first looked at."""

    size: int
    modified_ns: int
    sha256: bytes

    @property
    def short(self) -> str:
        """Eight bytes of the digest in hexadecimal, for screens."""
        return self.sha256[:8].hex()


class FileStat(Protocol):
    """How large a file is and when it was changed."""

    @property
    def st_size(self) -> int: ...
    @property
    def st_mtime_ns(self) -> int: ...


class ListFile(Protocol):
    """A file as the readers take it: a path, or what gives the content of a sealed one as a path does."""

    @property
    def suffix(self) -> str: ...
    def open(self, mode: Literal["rb"], /) -> BufferedReader: ...
    def stat(self) -> FileStat: ...


class Table(Protocol):
    """An open file: its columns and one pass over its rows."""

    columns: tuple[str, ...]

    def rows(self) -> Iterator[Row | RowFault]:
        """Rows in the order of the file. Raises UnreadableFileError where it can't go on."""

    def fraction(self) -> float:
        """How much of the file has been read, from 0 to 1."""

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
