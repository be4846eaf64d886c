"""Readers and writers of lists. Django-free; one pass; memory does not grow with the file."""

from trustdesk.batch.contracts import FileReason, ListFile, Reading, Table, UnreadableFileError, gettext_noop
from trustdesk.batch.csvtable import CsvTable
from trustdesk.batch.encodings import ENCODINGS
from trustdesk.batch.jsonlines import JsonLinesTable
from trustdesk.batch.marks import check_same, check_same_time, mark
from trustdesk.batch.safecsv import SafeCsvWriter, escape, unescape
from trustdesk.batch.seen import SeenSet

__all__ = [
    "ENCODINGS",
    "KINDS",
    "SafeCsvWriter",
    "SeenSet",
    "check_same",
    "check_same_time",
    "escape",
    "kind_of",
    "mark",
    "open_table",
    "unescape",
]

KINDS = ("csv", "jsonl", "xlsx")
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}
_ZIP = b"PK\x03\x04"


def kind_of(path: ListFile, chosen: str = "") -> str:
    """`csv`, `jsonl` or `xlsx`, by choice or by the name's ending; contradictions with the first bytes are refused."""
    kind = chosen or _ENDINGS.get(path.suffix.lower(), "")
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError:
        raise UnreadableFileError(
            FileReason.MISSING,
            gettext_noop("The file can't be opened."),
            mend=gettext_noop("Check the path and that it may be read."),
        ) from None
    if kind not in KINDS or (kind == "xlsx") != (head == _ZIP):
        raise UnreadableFileError(
            FileReason.NOT_XLSX if kind == "xlsx" else FileReason.UNKNOWN_KIND,
            gettext_noop("The file is not what its name or the choice says."),
            mend=gettext_noop("Give a CSV, JSON Lines or XLSX file, with its ending or with its kind said."),
        )
    return kind


def open_table(path: ListFile, reading: Reading | None = None) -> Table:
    """The list as columns and one pass of rows and row faults (see `contracts`).

    Raises UnreadableFileError with a reason code, a place (byte, row or column number) and what to do about it; never
    with a content of the file. XLSX archives are measured before anything is unpacked.
    """
    reading = reading or Reading()
    match kind_of(path, reading.kind):
        case "csv":
            return CsvTable(path, reading)
        case "jsonl":
            return JsonLinesTable(path, reading)
        case _:
            # openpyxl takes a third of the program's start, and few lists are workbooks.
            from trustdesk.batch.xlsxtable import XlsxTable  # noqa: PLC0415

            return XlsxTable(path, reading)
