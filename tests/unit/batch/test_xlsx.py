import datetime as dt
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from openpyxl import Workbook

from trustdesk.batch import ziplimits
from trustdesk.batch.api import open_table
from trustdesk.batch.contracts import FileReason, Reading, Reason, Row, RowFault, UnreadableFileError


def save(folder: Path, rows: Iterable[Iterable[object]], change: Callable[[Workbook], None] | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    path = folder / "list.xlsx"
    book.save(path)
    return path


def read(path: Path, **reading: str) -> list[Row | RowFault]:
    with open_table(path, Reading(**reading)) as table:
        return list(table.rows())


def refusal(path: Path, **reading: str) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read(path, **reading)
    return caught.value


def rewritten(path: Path, part: str, content: bytes | None, **more: bytes) -> Path:
    """The same archive with one part replaced (None: left out) and others added."""
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        for name, data in ({part: content} | more if content is not None else more).items():
            new.writestr(name, data)
    return other


STRINGS = (
    b'<Override PartName="/xl/worksheets/t.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def cell(text: bytes, place: bytes = b"A1") -> bytes:
    return b'<c r="' + place + b'" t="inlineStr"><is><t>' + text + b"</t></is></c>"


def test_values_as_text(tmp_path: Path) -> None:
    names = ["név", "no", "born", "seen", "ok"]
    rows: list[list[object]] = [
        [*names],
        ["Ő", 36301234567, dt.date(1980, 2, 29), dt.datetime(2026, 1, 2, 3, 4, 5), True],  # noqa: DTZ001
        [None, None, None, None, None],
        ["B", 1.5, "1980-02-29", None, False],
    ]
    assert read(save(tmp_path, rows)) == [
        Row(2, dict(zip(names, ["Ő", "36301234567", "1980-02-29", "2026-01-02T03:04:05", "true"], strict=True))),
        Row(4, dict(zip(names, ["B", "1.5", "1980-02-29", "", "false"], strict=True))),
    ]


def test_formulas_and_errors_cost_their_row(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["a", "b"],
        ["=1+1", "x"],
        ["x", '=HYPERLINK("http://evil")'],
        ["#N/A", "x"],
        ["ok", "x"],
    ]
    assert read(save(tmp_path, rows)) == [
        RowFault(2, "a", Reason.FORMULA),
        RowFault(3, "b", Reason.FORMULA),
        RowFault(4, "a", Reason.ERROR_CELL),
        Row(5, {"a": "ok", "b": "x"}),
    ]


def test_a_cell_outside_the_header(tmp_path: Path) -> None:
    assert read(save(tmp_path, [["a"], ["1", "2"]])) == [RowFault(2, "", Reason.TOO_MANY_CELLS)]


def test_which_sheet(tmp_path: Path) -> None:
    path = save(tmp_path, [["a"], ["1"]], lambda book: book.create_sheet("Second").append(["b"]))
    assert refusal(path).reason is FileReason.WHICH_SHEET
    assert read(path, sheet="Second") == []
    assert refusal(path, sheet="Third").reason is FileReason.WHICH_SHEET


def test_a_hidden_sheet_is_no_choice(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book.create_sheet("Codes").sheet_state = "hidden"

    assert read(save(tmp_path, [["a"], ["1"]], hide)) == [Row(2, {"a": "1"})]


@pytest.mark.parametrize("header", [["a", "A"], ["a", None, "b"], ["=A1", "b"]])
def test_a_header_that_can_not_be_meant(tmp_path: Path, header: list[object]) -> None:
    assert refusal(save(tmp_path, [header, ["1", "2"]])).reason is FileReason.HEADER


def test_a_bomb_by_ratio_is_not_opened(tmp_path: Path) -> None:
    bomb = HEAD + b"<row r='1'>" + cell(b"x" * 300_000_000) + b"</row>" + TAIL
    path = rewritten(save(tmp_path, [["a"]]), SHEET, bomb)
    error = refusal(path)
    assert (error.reason, path.stat().st_size < 2_000_000) == (FileReason.ZIP_BOMB, True)


def test_a_bomb_by_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ziplimits, "TOTAL_LIMIT", 2_000)
    assert refusal(save(tmp_path, [["a"]])).reason is FileReason.ZIP_BOMB


def test_a_bomb_by_parts(tmp_path: Path) -> None:
    many = {f"xl/media/{n}": b"" for n in range(3_000)}
    assert refusal(rewritten(save(tmp_path, [["a"]]), "none", None, **many)).reason is FileReason.ZIP_BOMB


def with_strings(folder: Path, part: bytes) -> Path:
    path = save(folder, [["a"], ["b"]])
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").replace(b"</Types>", STRINGS)
    return rewritten(path, "[Content_Types].xml", types, **{"xl/worksheets/t.xml": part})


def test_texts_kept_in_memory_are_measured_whatever_their_part_is_called(tmp_path: Path) -> None:
    noise = bytes(65 + (n * n * 7919 >> 3) % 26 for n in range(700_000)) * 100
    assert refusal(with_strings(tmp_path, noise)).reason is FileReason.ZIP_BOMB


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + HEAD
    path = rewritten(save(tmp_path, [["a"]]), SHEET, laughs + b"<row r='1'>" + cell(b"&b;") + b"</row>" + TAIL)
    assert refusal(path).reason is FileReason.NOT_XLSX


def test_entities_in_another_part_are_refused(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><sst xmlns="http://schemas.openxmlformats.org/'
    assert refusal(with_strings(tmp_path, laughs + b'spreadsheetml/2006/main"/>')).reason is FileReason.NOT_XLSX


def test_a_cell_of_ten_megabytes_stops_the_reading(tmp_path: Path) -> None:
    noise = bytes(65 + (n * n * 7919 >> 3) % 26 for n in range(1_000_000)) * 10
    rows = b"<row r='1'>" + cell(b"a") + b"</row><row r='2'>" + cell(noise, b"A2") + b"</row>"
    error = refusal(rewritten(save(tmp_path, [["a"]]), SHEET, HEAD + rows + TAIL))
    assert error.reason in {FileReason.TOO_BIG, FileReason.ZIP_BOMB}


@pytest.mark.parametrize("number", [b"999999999999", b"1", b"x"])
def test_a_row_number_no_program_writes(tmp_path: Path, number: bytes) -> None:
    rows = b"<row r='1'>" + cell(b"a") + b"</row><row r='" + number + b"'>" + cell(b"z", b"A2") + b"</row>"
    assert refusal(rewritten(save(tmp_path, [["a"]]), SHEET, HEAD + rows + TAIL)).reason is FileReason.NOT_XLSX


@pytest.mark.parametrize("content", [b"", b"name,phone\n", b"PK\x03\x04 and then nothing of the kind"])
def test_not_a_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert refusal(path).reason is FileReason.NOT_XLSX


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(path).reason is FileReason.NOT_XLSX


def test_a_file_cut_in_the_middle(tmp_path: Path) -> None:
    path = save(tmp_path, [["a"]] + [[f"x{n}"] for n in range(1000)])
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).reason is FileReason.NOT_XLSX
