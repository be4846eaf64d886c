"""Every kind of file that is planted opens with a program or library that did not write it, and has all in it."""

import csv
import email
import email.header
import gzip
import io
import json
import mailbox
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import Message
from html import unescape
from pathlib import Path

import docx
import duckdb
import pytest
from benchmarks._residual.letters import sheet
from benchmarks._residual.office import FORMS, document
from benchmarks._residual.people import cast
from benchmarks._residual.plan import LEGACY, Plan, Row, draw
from benchmarks._residual.planting import FILES, plant_files, write_truth
from benchmarks._residual.texts import COLUMNS
from python_calamine import CalamineWorkbook

_PRINTED = "pdf"  # by a browser: its tests are with those of the browser
_MAIL_TEXT = ("text/plain", "text/html")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return draw(cast(40, seed=3, crowd=400), seed=3, crowd_rows=5)


@pytest.fixture(scope="module")
def planted(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """The path of every container by kind."""
    folder = tmp_path_factory.mktemp("planted")
    found: dict[str, dict[str, Path]] = {}
    for path, (kind, container) in plant_files(folder, plan, [kind for kind in FILES if kind != _PRINTED]).items():
        found.setdefault(kind, {})[container] = folder / path
    return found


def _log(path: Path) -> str:
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    lines = text.splitlines()
    # What is a line of JSON is read as such.
    return "\n".join("\n".join(json.loads(line).values()) if line.startswith("{") else line for line in lines)


def _csv(path: Path) -> str:
    country, half = path.stem.removeprefix("export-").split("-")
    encoding, delimiter = (LEGACY[country], ";") if half == "0" else ("utf-8-sig", ",")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    return "\n".join("\n".join(row) for row in rows)


def _workbook(path: Path) -> str:
    book = CalamineWorkbook.from_path(path)
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    with zipfile.ZipFile(path) as package:
        comments = [package.read(name).decode() for name in package.namelist() if "comment" in name]
    return "\n".join(
        [*(f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in cells), *map(unescape, comments)]
    )


def _document(content: Path | io.BytesIO) -> str:
    opened = docx.Document(content if isinstance(content, io.BytesIO) else str(content))
    texts = [paragraph.text for paragraph in opened.paragraphs]
    texts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    texts += [paragraph.text for paragraph in opened.sections[0].header.paragraphs]
    texts += [comment.text for comment in opened.comments]
    return "\n".join(texts)


def _mail_texts(message: Message) -> Iterator[str]:
    headers = email.header.decode_header(str(message.get("Subject", "")))
    yield "".join(part.decode(charset or "ascii") if isinstance(part, bytes) else part for part, charset in headers)
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_content_type() in _MAIL_TEXT:
            text = content.decode(part.get_content_charset() or "ascii").replace("\r\n", "\n")
            yield unescape(text.replace("<br>", "\n"))
            yield text
        elif str(part.get_filename()).endswith(".docx"):
            yield _document(io.BytesIO(content))


def _mail(path: Path) -> str:
    return "\n".join(_mail_texts(email.message_from_bytes(path.read_bytes())))


def _mailbox(path: Path) -> str:
    with closing(mailbox.mbox(path, create=False)) as box:
        return "\n".join(text for message in box for text in _mail_texts(message))


def _zip(path: Path) -> str:
    texts = []
    with zipfile.ZipFile(path) as outer:
        assert outer.testzip() is None
        for month in outer.namelist():
            with zipfile.ZipFile(io.BytesIO(outer.read(month))) as inner:
                assert inner.testzip() is None
                texts += [value for entry in json.loads(inner.read("tickets.json")) for value in entry.values()]
                texts.append(inner.read("notes.txt").decode())
                table = csv.reader(io.StringIO(inner.read("tickets.csv").decode(), newline=""))
                texts += [value for row in table for value in row]
    return "\n".join(texts)


def _dump(path: Path) -> str:
    if path.suffix == ".sql":
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute(f"CREATE TABLE ticket ({', '.join(COLUMNS)})")
            database.executescript(path.read_text().removeprefix("SET NAMES utf8;\n"))
            return "\n".join("\n".join(row) for row in database.execute("SELECT * FROM ticket"))
    unpacked = subprocess.run(["tar", "-xzOf", path], check=True, capture_output=True).stdout.decode()
    return unpacked.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\")


def _columnar(path: Path) -> str:
    if path.suffix == ".parquet":
        rows = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    else:
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = database.execute("SELECT * FROM ticket").fetchall()
    return "\n".join(str(value) for row in rows for value in row)


READERS: dict[str, Callable[[Path], str]] = {
    "log": _log,
    "csv": _csv,
    "xlsx": _workbook,
    "docx": _document,
    "mail": _mail,
    "mbox": _mailbox,
    "zip": _zip,
    "dump": _dump,
    "columnar": _columnar,
}


def test_every_kind_of_file_has_a_reader_here() -> None:
    assert READERS.keys() == FILES.keys() - {_PRINTED}


@pytest.mark.parametrize("kind", READERS)
def test_what_the_truth_table_says_is_read_again(kind: str, plan: Plan, planted: dict[str, dict[str, Path]]) -> None:
    texts = {container: READERS[kind](path) for container, path in planted[kind].items()}
    leftovers = [leftover for leftover in plan.leftovers if leftover.kind == kind]
    assert leftovers
    missing = [each for each in leftovers if each.phrase not in texts[each.container]]
    assert missing == []


@pytest.mark.parametrize("kind", READERS)
def test_all_rows_are_there(kind: str, plan: Plan, planted: dict[str, dict[str, Path]]) -> None:
    assert planted[kind].keys() == plan.rows[kind].keys()
    for container, path in planted[kind].items():
        text = READERS[kind](path)
        assert all(row.ticket in text for row in plan.rows[kind][container])


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_holds_the_remark_in_each_of_its_parts(form: str, plan: Plan) -> None:
    row = Row("T1", plan.rows["note"]["HU-0"][0].person, "Átvette: Őszi\nGyörgy & Tsa", "x<y")
    text = _document(io.BytesIO(document(row, form)))
    assert "Átvette: Őszi\nGyörgy & Tsa" in text
    assert "x<y" in text


def test_a_page_to_be_printed_takes_nothing_as_markup(plan: Plan) -> None:
    row = Row("T1", plan.rows["note"]["HU-0"][0].person, "<b>&aacute;", "")
    assert "&lt;b&gt;&amp;aacute;" in sheet(row, "table")


def test_files_are_the_same_for_the_same_seed(plan: Plan, planted: dict[str, dict[str, Path]], tmp_path: Path) -> None:
    kinds = ("log", "csv", "docx", "zip", "dump")
    for path, (kind, container) in plant_files(tmp_path, plan, kinds).items():
        assert (tmp_path / path).read_bytes() == planted[kind][container].read_bytes()


def test_the_truth_table_is_a_table(plan: Plan, tmp_path: Path) -> None:
    write_truth(tmp_path / "truth.csv", plan.leftovers)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table))
    assert [line["phrase"] for line in lines] == [leftover.phrase for leftover in plan.leftovers]
