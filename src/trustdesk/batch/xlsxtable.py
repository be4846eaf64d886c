"""XLSX row by row. openpyxl reads workbook, styles and cells; the walk over the rows is our own.

Its read-only sheet keeps an element for every row passed (and the row's height, where one is set): a million rows
grew by hundreds of MB. Here a row is forgotten once read.
"""

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Self
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

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
from trustdesk.batch.csvtable import check_header, place_of
from trustdesk.batch.ziplimits import check_archive, check_kept_part

_ROW = f"{{{SHEET_MAIN_NS}}}row"
_CELL = f"{{{SHEET_MAIN_NS}}}c"
_DATA = f"{{{SHEET_MAIN_NS}}}sheetData"
_ROW_LIMIT = 1_048_576
_ROW_BYTES = 4 * RECORD_LIMIT
_BROKEN = (
    ParseError,
    DefusedXmlException,
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
)


def _not_xlsx(place: str = "") -> UnreadableFileError:
    return UnreadableFileError(
        FileReason.NOT_XLSX,
        gettext_noop("The workbook is damaged, or not one that a spreadsheet program wrote."),
        place=place,
        mend=gettext_noop("Open it in a spreadsheet program and save it again, or save the list as CSV (UTF-8)."),
    )


class _Measured:
    """The sheet's bytes; refuses to go on when one row takes more than it may."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.since_row = 0
        self.total = 0

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self.since_row += len(block)
        self.total += len(block)
        if self.since_row > _ROW_BYTES:
            raise UnreadableFileError(
                FileReason.TOO_BIG,
                gettext_noop("One row of the sheet is larger than a spreadsheet program can write."),
                mend=gettext_noop("Save the list as CSV (UTF-8) and import that."),
            )
        return block


def _text(value: object) -> str:
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case float() if value.is_integer():
            text = str(int(value))
        case dt.datetime() if value.time() == dt.time():
            text = value.date().isoformat()
        case dt.date() | dt.time():
            text = value.isoformat()
        case _:
            text = str(value)
    return text


class XlsxTable:
    """One sheet of an open workbook. See `contracts.Table`."""

    def __init__(self, path: ListFile, reading: Reading) -> None:
        check_archive(path)
        self._stream = path.open("rb")
        try:
            self._open(reading.sheet)
        except _BROKEN:
            self.close()
            raise _not_xlsx() from None
        except BaseException:
            self.close()
            raise

    def _open(self, sheet: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of features it leaves out: none of them holds cells
            self._reader = ExcelReader(self._stream, read_only=True, data_only=False, keep_links=False)
            self._reader.read_manifest()
            self._check_kept_parts()
            self._reader.read_strings()
            self._reader.read_workbook()
            apply_stylesheet(self._reader.archive, self._reader.wb)
            target = self._sheet(sheet)
        self._size = max(self._reader.archive.getinfo(target).file_size, 1)
        self._part = self._reader.archive.open(target)
        self._source = _Measured(self._part)
        self._cells = self._walk()
        first = next(self._cells, None)
        if first is None:
            raise UnreadableFileError(FileReason.EMPTY, gettext_noop("The sheet is empty."))
        self.columns = check_header(self._header(first[1]))

    def _check_kept_parts(self) -> None:
        # A part may call itself a sheet and be declared as something that is loaded whole.
        for part in self._reader.package.Override:
            if not part.ContentType.endswith("worksheet+xml"):
                name = part.PartName.lstrip("/")
                if name in self._reader.valid_files:
                    check_kept_part(self._reader.archive.getinfo(name).file_size)

    def _sheet(self, wanted: str) -> str:
        sheets = [(sheet.name, sheet.state, rel) for sheet, rel in self._reader.parser.find_sheets()]
        visible = [(name, rel) for name, state, rel in sheets if state == "visible" and "chartsheet" not in rel.Type]
        if wanted:
            visible = [(name, rel) for name, rel in visible if name == wanted]
        if len(visible) != 1:
            raise UnreadableFileError(
                FileReason.WHICH_SHEET,
                gettext_noop("There is not exactly one sheet to read."),
                mend=gettext_noop("Say the name of the sheet that holds the list."),
            )
        return str(visible[0][1].target)

    def _walk(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        workbook = self._reader.wb
        parser = WorkSheetParser(
            self._source,
            self._reader.shared_strings,
            data_only=False,
            epoch=workbook.epoch,
            date_formats=getattr(workbook, "_date_formats", {}),
            timedelta_formats=getattr(workbook, "_timedelta_formats", {}),
        )
        data: Element | None = None
        last, cells = 0, 0
        for event, element in iterparse(self._source, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if element.tag == _DATA:
                    data = element
                continue
            if element.tag == _CELL:
                cells += 1
                if cells > COLUMN_LIMIT * 4:
                    raise UnreadableFileError(
                        FileReason.TOO_BIG, gettext_noop("A row has too many cells."), place=f"row {last + 1}"
                    )
            if element.tag != _ROW or data is None:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a date out of range comes back as an error cell
                number, found = parser.parse_row(element)
            if not last < number <= _ROW_LIMIT:
                raise _not_xlsx(f"row {last + 1}")
            parser.row_dimensions.clear()
            data.clear()
            self._source.since_row, last, cells = 0, number, 0
            yield number, found

    @staticmethod
    def _header(cells: list[dict[str, Any]]) -> list[str]:
        names: dict[int, str] = {}
        for cell in cells:
            if cell["data_type"] in {"f", "e"} or cell["column"] > COLUMN_LIMIT:
                raise UnreadableFileError(
                    FileReason.HEADER,
                    gettext_noop("A column's name is a formula."),
                    place=f"row 1, column {cell['column']}",
                )
            if cell["value"] is not None:
                names[cell["column"]] = _text(cell["value"])
        return [names.get(place, "") for place in range(1, max(names, default=0) + 1)]

    def _row(self, number: int, cells: list[dict[str, Any]]) -> Row | RowFault | None:
        values = dict.fromkeys(self.columns, "")
        filled = False
        for cell in cells:
            column = place_of(self.columns, cell["column"] - 1)
            if cell["data_type"] == "f":
                return RowFault(number, column, Reason.FORMULA)
            if cell["data_type"] == "e":
                return RowFault(number, column, Reason.ERROR_CELL)
            text = _text(cell["value"])
            if not text:
                continue
            if not column:
                return RowFault(number, "", Reason.TOO_MANY_CELLS)
            if "\0" in text or "_x0000_" in text:
                return RowFault(number, column, Reason.NUL)
            if len(text) > CELL_LIMIT:
                return RowFault(number, column, Reason.CELL_TOO_LONG)
            values[column] = text
            filled = True
        return Row(number, values) if filled else None

    def rows(self) -> Iterator[Row | RowFault]:
        number = 1
        try:
            for number, cells in self._cells:
                row = self._row(number, cells)
                if row is not None:
                    yield row
        except UnreadableFileError as error:
            error.place = error.place or f"row {number + 1}"
            raise
        except _BROKEN:
            raise _not_xlsx(f"row {number + 1}") from None

    def fraction(self) -> float:
        return min(self._source.total / self._size, 1.0)

    def close(self) -> None:
        if hasattr(self, "_part"):
            self._part.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
