"""What goes out, and the small tools around a file."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.batch.api import SafeCsvWriter, SeenSet, check_same, check_same_time, escape, mark, unescape
from trustdesk.batch.contracts import UnreadableFileError


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+36301234567", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", " =1", "\ufeff=1", "'=1"],  # noqa: RUF001
)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert escape(cell)[0] == "'"


@pytest.mark.parametrize("cell", ["", "Anna", "1", "O'Neill", "'t Hooft", "a=b"])
def test_plain_text_stays(cell: str) -> None:
    assert escape(cell) == cell


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_escaping_is_undone(cell: str) -> None:
    assert unescape(escape(cell)) == cell


def test_a_row_break_in_a_cell_starts_no_row() -> None:
    target = io.StringIO(newline="")
    writer = SafeCsvWriter(target, ["a", "b"])
    writer.write(['x"\r\n=evil', None])
    target.seek(0)
    assert list(csv.reader(target)) == [["a", "b"], ['x"\r\n=evil', ""]]


def test_a_row_has_the_width_of_its_header() -> None:
    with pytest.raises(ValueError, match="3 cells"):
        SafeCsvWriter(io.StringIO(), ["a", "b"]).write([1, 2, 3])


def test_a_changed_file_is_noticed_by_time_and_by_content(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a\n1\n")
    known = mark(path)
    check_same_time(path, known)
    check_same(path, known)
    path.write_text("a\n2\n")
    os.utime(path, ns=(known.modified_ns, known.modified_ns))
    check_same_time(path, known)
    with pytest.raises(UnreadableFileError):
        check_same(path, known)
    path.write_text("a\n22\n")
    with pytest.raises(UnreadableFileError):
        check_same_time(path, known)
    path.unlink()
    with pytest.raises(UnreadableFileError):
        check_same_time(path, known)


def test_seen_before_names_the_first_row(tmp_path: Path) -> None:
    with SeenSet(tmp_path) as seen:
        assert seen.first_numbers([(2, ["a", "b"]), (3, ["c"]), (4, ["b", "d"])]) == [2, 3, 2]
        assert seen.first_numbers([(5, ["d"]), (6, [])]) == [4, 6]
    assert list(tmp_path.iterdir()) == []


def test_what_was_seen_is_not_written_in_clear(tmp_path: Path) -> None:
    with SeenSet(tmp_path) as seen:
        seen.first_numbers([(2, ["Kovács Anna"])])
        (file,) = tmp_path.iterdir()
        assert b"Anna" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
