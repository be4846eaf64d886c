"""Every kind of file in which somebody may still stand, and what is said of those that can't be read."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import threading
from pathlib import Path, PosixPath

import pytest
from tests import papers

from trustdesk.scan.api import Automaton, read, search_bytes, variants, walk
from trustdesk.scan.contracts import MIB, Bounds, Coverage, Name, Person, Piece, Reason, Report, Unread

AUTOMATON = Automaton.of(variants(Person(country="HU", names=(Name("Gergő", "Űrhegyi"),), phones=("+36301234567",))))
LINES = ["Tisztelt Ügyfelünk!", "A szerződést Űrhegyi Gergővel kötöttük,", "száma 06 (30) 123-45-67.", "Üdvözlettel"]
TEXT = "\n".join(LINES)


def searched(name: str, content: bytes, **bounds: float) -> Report:
    return search_bytes(AUTOMATON, name, content, Bounds(**bounds))  # type: ignore[arg-type]


def places(report: Report) -> list[str]:
    return [hit.place for hit in report.hits]


def tarred(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "iso-8859-2"]
)
def test_text_of_every_encoding(encoding: str) -> None:
    report = searched("letter.txt", TEXT.encode(encoding))
    assert places(report) == ["line 2", "line 3"]
    assert report.kind == "text"
    assert not report.unread


@pytest.mark.parametrize(
    ("name", "encoding"), [("Åke Sjöström", "cp1252"), ("Paweł Śliwiński", "iso-8859-2"), ("Paweł Śliwiński", "cp1250")]
)
def test_letters_of_other_pages(name: str, encoding: str) -> None:
    given, family = name.split()
    automaton = Automaton.of(variants(Person(names=(Name(given, family),))))
    assert search_bytes(automaton, "a.log", f"x {name}, y".encode(encoding)).hits


def test_a_log_of_two_encodings() -> None:
    content = "Űrhegyi Gergő\n".encode() + "Űrhegyi Gergő\n".encode("cp1250") + "ő\n".encode()
    assert places(searched("app.log", content)) == ["line 1", "line 2"]


def test_json_with_escapes() -> None:
    assert places(searched("a.json", b'[\n{"n": "x\\n\\u0170rhegyi Gerg\\u0151"}]')) == ["line 2"]


def test_a_log_that_quotes_json() -> None:
    line = r'2026-11-26 INFO sent {"to": "\u0170rhegyi Gerg\u0151nek", "text": "Kedves\n\u0170rhegyi Gerg\u0151!"}'
    assert places(searched("a.log", b"x\n" + line.encode())) == ["line 2", "line 2"]
    assert places(searched("a.log", rb"C:\users\nagy\Urhegyi Gergo")) == ["line 1"]


def test_html_with_entities() -> None:
    assert places(searched("a.html", b"<p>\n<b>&#x170;rhegyi</b>&nbsp;Gerg&#337;</p>")) == ["line 2"]


def test_a_word_document() -> None:
    report = searched("a.docx", papers.docx(LINES, author="Gergő Űrhegyi"))
    assert places(report) == ["word/document.xml \u203a line 2", "word/document.xml \u203a line 3", "word/document.xml"]
    assert report.kind == "docx"


def test_a_workbook() -> None:
    report = searched(
        "a.xlsx", papers.xlsx([["Family", "Given", "Phone"], ["Űrhegyi", "Gergő", 36301234567], ["x", None, 1.5]])
    )
    assert places(report) == ["xl/worksheets/sheet1.xml \u203a line 2"] * 2
    assert report.kind == "xlsx"


def test_a_pdf() -> None:
    assert places(searched("a.pdf", papers.pdf([["x"], LINES]))) == ["page 2", "page 2"]


def test_mail_with_attachments() -> None:
    content = papers.mail(
        "Űrhegyi Gergő ügye",
        LINES,
        {"scan.pdf": papers.pdf([LINES[:2]]), "a.zip": papers.zipped({"b.txt": TEXT.encode()})},
    )
    for name in ("a.eml", "nameless"):
        assert places(searched(name, content)) == [
            "headers",
            "text \u203a line 2",
            "text \u203a line 3",
            "scan.pdf \u203a page 1",
            "a.zip \u203a b.txt \u203a line 2",
            "a.zip \u203a b.txt \u203a line 3",
        ]


def test_a_mailbox() -> None:
    one = (
        b"From desk@example.com Mon Jan  5 10:00:00 2026\n"
        + papers.mail("x", ["From here on nothing.", *LINES])
        + b"\n"
    )
    report = searched("inbox", one * 3)
    assert places(report) == [
        f"message {number} \u203a text \u203a line {line}" for number in (1, 2, 3) for line in (3, 4)
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", papers.zipped({"in/a.txt": TEXT.encode()})),
        ("a.tar", tarred({"in/a.txt": TEXT.encode()})),
        ("a.tar.gz", gzip.compress(tarred({"in/a.txt": TEXT.encode()}))),
        ("a.tgz", gzip.compress(tarred({"in/a.txt": TEXT.encode()}))),
        ("a.tar.bz2", bz2.compress(tarred({"in/a.txt": TEXT.encode()}))),
        ("a.tar.xz", lzma.compress(tarred({"in/a.txt": TEXT.encode()}))),
    ],
)
def test_archives(name: str, content: bytes) -> None:
    assert places(searched(name, content)) == ["in/a.txt \u203a line 2", "in/a.txt \u203a line 3"]


def test_a_log_packed_alone() -> None:
    assert places(searched("a.log.gz", gzip.compress(TEXT.encode()))) == ["line 2", "line 3"]


def test_the_name_may_lie_about_the_kind() -> None:
    assert places(searched("a.txt", papers.pdf([LINES]))) == ["page 1", "page 1"]
    assert places(searched("a.jpg", TEXT.encode())) == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"no zip at all", Reason.BROKEN),
        ("a.pdf", b"no PDF", Reason.BROKEN),
        ("a.pdf", b"%PDF-1.7\n garbage", Reason.BROKEN),
        ("a.pdf", papers.pdf([LINES], encrypted=True), Reason.ENCRYPTED),
        ("a.zip", papers.zipped({"a.txt": TEXT.encode() * 100})[:150], Reason.BROKEN),
        ("a.gz", gzip.compress(TEXT.encode())[:40], Reason.BROKEN),
        ("a.tar.gz", gzip.compress(tarred({"a.txt": TEXT.encode() * 999}))[:90], Reason.BROKEN),
        ("a.png", b"\x89PNG\r\n\x1a\n123", Reason.NO_TEXT),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), Reason.UNKNOWN_KIND),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        ("a.db", b"SQLite format 3\x00" + bytes(range(256)) * 9, Reason.BROKEN),
        ("a.parquet", b"PAR1" + bytes(range(256)), Reason.BROKEN),
        ("a.parquet", b"PARE" + bytes(range(256)), Reason.ENCRYPTED),
        ("a.feather", b"ARROW1\x00\x00" + bytes(range(256)), Reason.BROKEN),
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB" + bytes(range(256)) * 9, Reason.UNKNOWN_KIND),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: bytes, reason: Reason) -> None:
    assert reason in {part.reason for part in searched(name, content).unread}


@pytest.mark.parametrize(
    ("sign", "reason"),
    [(b"\x00\x01\x00\x00Standard Jet DB", Reason.UNKNOWN_KIND), (b"SQLite format 3\x00", Reason.BROKEN)],
)
def test_what_is_unknown_or_damaged_is_searched_all_the_same(sign: bytes, reason: Reason) -> None:
    report = searched("a.db", sign + bytes(range(256)) * 9 + b"\x00\x01" + "Űrhegyi Gergő".encode() + b"\x00")
    assert len(report.hits) == 1
    assert [part.reason for part in report.unread] == [reason]


def test_a_locked_member_is_told_and_the_others_are_read() -> None:
    content = bytearray(papers.zipped({"a.txt": TEXT.encode(), "b.txt": TEXT.encode()}))
    local, central = content.find(b"PK\x03\x04"), content.find(b"PK\x01\x02")
    content[local + 6] |= 1
    content[central + 8] |= 1
    report = searched("a.zip", bytes(content))
    assert report.unread == (Unread("a.txt", Reason.ENCRYPTED),)
    assert places(report) == ["b.txt \u203a line 2", "b.txt \u203a line 3"]


def nested(levels: int) -> bytes:
    content = TEXT.encode()
    for level in range(levels):
        content = papers.zipped({f"{level}.zip" if level else "a.txt": content})
    return content


def test_ten_levels_are_told_and_five_are_read() -> None:
    assert [part.reason for part in searched("a.zip", nested(10)).unread] == [Reason.TOO_DEEP]
    report = searched("a.zip", nested(5))
    assert (len(report.hits), report.unread) == (2, ())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", papers.zipped({"zeros": bytes(8 * MIB)})),
        ("a.gz", gzip.compress(bytes(8 * MIB))),
        ("a.tar.xz", lzma.compress(tarred({"zeros": bytes(8 * MIB)}))),
        ("a.zip", papers.zipped({"b.zip": papers.zipped({"zeros": bytes(8 * MIB)})})),
        ("a.docx", papers.docx(["0" * (8 * MIB)])),
    ],
)
def test_bombs_are_told_and_not_unpacked(name: str, content: bytes) -> None:
    report = searched(name, content)
    assert {part.reason for part in report.unread} == {Reason.BOMB}
    assert report.read < 4 * MIB


def test_bounds_of_size_members_time_and_hits() -> None:
    many = papers.zipped({f"{number}.txt": TEXT.encode() for number in range(20)})
    assert [part.reason for part in searched("a.zip", many, members=10).unread] == [Reason.TOO_MANY]
    assert [part.reason for part in searched("a.zip", many, file_bytes=500).unread] == [Reason.TOO_BIG]
    assert [part.reason for part in searched("a.zip", many, seconds=-1).unread] == [Reason.TOO_SLOW]
    inner = papers.zipped({"a.eml": papers.mail("x", LINES)})
    assert [part.reason for part in searched("a.zip", inner, member_bytes=10).unread] == [Reason.TOO_BIG]
    report = searched("a.zip", many, hits=5)
    assert (len(report.hits), report.more_hits) == (5, 35)


def test_rows_and_cells_that_never_end_take_no_time() -> None:
    head = "<worksheet><sheetData>"
    for piece in ("<row><c ", "<", "<c t=", "</c>", "<row>"):
        sheet = (head + piece * (MIB // 2 // len(piece))).encode()
        members = {
            "[Content_Types].xml": b"",
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": sheet,
            "xl/comments.xml": sheet,
        }
        searched("a.xlsx", papers.zipped(members), ratio=10**6, seconds=20)
        document = {"[Content_Types].xml": b"", "word/document.xml": sheet}
        assert not searched("a.docx", papers.zipped(document), ratio=10**6, seconds=20).unread


def test_a_spelling_across_the_cut_of_pieces_is_found_once() -> None:
    filler = "nothing to see here " * 13_106
    for shift in range(0, 60, 7):
        assert len(searched("a.txt", (filler + "." * shift + " Űrhegyi Gergő " + filler).encode()).hits) == 1
    lines = "line\n" * 100_000
    assert places(searched("a.txt", (lines + "Űrhegyi\nGergő\n" + lines).encode())) == ["line 100001"]


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * (5 * MIB) + " Űrhegyi Gergő".encode())
    parts = [part for part in read(path) if isinstance(part, Piece)]
    assert max(len(part.text) for part in parts) < 2 * MIB
    assert len(searched("a.txt", path.read_bytes()).hits) == 1


def test_a_walk_by_two_processes(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}/a.txt").write_text(TEXT)
    (tmp_path / "0/b.pdf").write_bytes(papers.pdf([LINES]))
    (tmp_path / "link").symlink_to(tmp_path / "0/a.txt")
    paths = [tmp_path, tmp_path / "missing"]
    reports = {workers: list(walk(paths, AUTOMATON, workers=workers)) for workers in (1, 2)}
    assert sorted(reports[1], key=lambda one: one.path) == sorted(reports[2], key=lambda one: one.path)
    coverage = Coverage.of(reports[2])
    assert (coverage.files, coverage.hits, coverage.kinds["pdf"]) == (8, 12, 1)
    assert {part.reason for _, part in coverage.unread} == {Reason.NOT_A_FILE, Reason.MISSING}
    assert coverage.size > 5 * len(TEXT)


def test_where_the_caller_has_other_threads_nothing_is_forked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        [report] = walk([tmp_path], AUTOMATON, workers=2)
    finally:
        done.set()
        other.join()
    assert len(report.hits) == 2


class Killer(PosixPath):
    """A path that kills the process that is given it, as a file could that breaks a library."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


def test_a_file_that_kills_its_reader_costs_nobody_else(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(TEXT)
    paths = [tmp_path / "a.txt", Killer(tmp_path / "b.txt"), tmp_path / "c.txt"]
    found = {Path(one.path).name: one for one in walk(paths, AUTOMATON, workers=2)}
    assert {name: len(one.hits) for name, one in found.items()} == {"a.txt": 2, "b.txt": 0, "c.txt": 2}
    assert found["b.txt"].unread == (Unread("", Reason.BROKEN),)


def test_nothing_is_unpacked_onto_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a scan that is killed leaves nobody's data behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    content = papers.zipped({"a.zip": nested(3), "b.eml": papers.mail("x", LINES, {"c.pdf": papers.pdf([LINES])})})
    assert len(searched("a.zip", content).hits) == 6
