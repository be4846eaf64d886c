"""Lists as strangers send them."""

from pathlib import Path

import pytest

from trustdesk.batch.api import open_table
from trustdesk.batch.contracts import (
    RECORD_LIMIT,
    FileReason,
    Reading,
    Reason,
    Row,
    RowFault,
    UnreadableFileError,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, content: bytes, **reading: str) -> list[Row | RowFault]:
    path = folder / "list.csv"
    path.write_bytes(content)
    with open_table(path, Reading(**reading)) as table:
        return list(table.rows())


def refusal(folder: Path, content: bytes, **reading: str) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read(folder, content, **reading)
    return caught.value


def test_rows_are_counted_as_a_spreadsheet_counts_them(folder: Path) -> None:
    rows = read(folder, b'name;phone\r\nAnna;1\r\n\r\n"Be\r\nla";2\r\n')
    assert rows == [Row(2, {"name": "Anna", "phone": "1"}), Row(4, {"name": "Be\nla", "phone": "2"})]


@pytest.mark.parametrize(("delimiter"), [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_all_houses(folder: Path, delimiter: str, end: str) -> None:
    lines = end.join([delimiter.join(["a", "b"]), delimiter.join(['"x""y"', "z w"])])
    assert read(folder, lines.encode()) == [Row(2, {"a": 'x"y', "b": "z w"})]


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2"])
def test_a_hungarian_list_in_an_old_encoding_is_read_when_said(folder: Path, encoding: str) -> None:
    content = "név\nŐszi Gergő\n".encode(encoding)
    assert read(folder, content, encoding=encoding) == [Row(2, {"név": "Őszi Gergő"})]


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15"])
def test_a_finnish_list_in_an_old_encoding_is_read_when_said(folder: Path, encoding: str) -> None:
    assert read(folder, "nimi\nMäkelä\n".encode(encoding), encoding=encoding) == [Row(2, {"nimi": "Mäkelä"})]


def test_an_old_encoding_unsaid_is_reported_with_its_byte(folder: Path) -> None:
    error = refusal(folder, "name\nAnna\nMäkelä\n".encode("cp1252"))
    assert error.reason is FileReason.WRONG_ENCODING
    assert error.place == "byte 11"
    assert "cp1250" in error.mend
    assert "kel" not in str(error)


def test_the_byte_is_right_far_into_the_file(folder: Path) -> None:
    head = b"name\n" + b"Mari\xc3\xa9\n" * 200_000
    assert refusal(folder, head + b"\xe9\n").place == f"byte {len(head)}"


def test_a_letter_cut_in_two_by_the_block_is_whole(folder: Path) -> None:
    content = ("a\n" + "é" * 200_000 + "\n").encode()[:-1]
    rows = read(folder, b"x" + content)
    assert rows == [RowFault(2, "xa", Reason.CELL_TOO_LONG)]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_the_byte_order_mark_is_not_part_of_the_first_name(folder: Path, codec: str) -> None:
    assert read(folder, "név,x\nŐ,1\n".encode(codec)) == [Row(2, {"név": "Ő", "x": "1"})]


def test_utf16_cut_short_is_reported(folder: Path) -> None:
    assert refusal(folder, "név\nŐszi\n".encode("utf-16")[:-1]).reason is FileReason.WRONG_ENCODING


@pytest.mark.parametrize(
    ("content", "chosen"),
    [
        ("név\nŐ\n".encode("utf-16-le"), ""),
        ("név\nŐ\n".encode("utf-16-le"), "utf-16"),
        ("név\nŐ\n".encode(), "cp1250"),
        ("név\nŐ\n".encode("utf-8-sig"), "cp1250"),
        ("név\nŐ\n".encode("utf-32"), ""),
        ("név\nA\x94\n".encode("latin-1"), "iso-8859-2"),
        (b"n\nA\x81\n", "cp1250"),
        (b"n\nA\n", "koi8-r"),
    ],
    ids=["utf16-bare", "utf16-said-bare", "utf8-as-1250", "bom-as-1250", "utf32", "c1", "hole", "unknown"],
)
def test_a_choice_that_contradicts_the_bytes_is_refused(folder: Path, content: bytes, chosen: str) -> None:
    # Eight letters at least, else UTF-16 without its mark can't be told.
    content = content if len(content) > 16 or chosen else content * 4
    assert refusal(folder, content, encoding=chosen).reason is FileReason.WRONG_ENCODING


def test_a_nul_costs_its_row_only(folder: Path) -> None:
    assert read(folder, b"a,b\n1,x\0y\n2,z\n") == [RowFault(2, "b", Reason.NUL), Row(3, {"a": "2", "b": "z"})]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_of_ten_megabytes_costs_its_row_only(folder: Path, *, quoted: bool) -> None:
    cell = b"x" * 10_000_000
    cell = b'"' + cell[:5_000_000] + b'\n""' + cell[5_000_000:] + b'"' if quoted else cell
    assert read(folder, b"a,b,c\n1," + cell + b",3\n4,5,6\n") == [
        RowFault(2, "b", Reason.CELL_TOO_LONG),
        Row(3, {"a": "4", "b": "5", "c": "6"}),
    ]


def test_a_cell_of_quotation_marks_only_costs_its_row_only(folder: Path) -> None:
    content = b'a,b\n1,"' + b'""' * 2_000_000 + b'"\n2,3\n'
    assert read(folder, content) == [RowFault(2, "b", Reason.CELL_TOO_LONG), Row(3, {"a": "2", "b": "3"})]


def test_a_cell_just_too_long_names_its_column(folder: Path) -> None:
    assert read(folder, b"a,b\n1," + b"x" * 140_000 + b"\n") == [RowFault(2, "b", Reason.CELL_TOO_LONG)]


def test_ragged_rows(folder: Path) -> None:
    assert read(folder, b"a,b\n1\n1,2,3\n1,2,,\n") == [
        RowFault(2, "b", Reason.TOO_FEW_CELLS),
        RowFault(3, "", Reason.TOO_MANY_CELLS),
        Row(4, {"a": "1", "b": "2"}),
    ]


def test_a_letter_after_the_closing_quotation_mark(folder: Path) -> None:
    assert read(folder, b'a,b\n"x"y,2\n3,4\n') == [RowFault(2, "", Reason.STRAY_QUOTE), Row(3, {"a": "3", "b": "4"})]


def test_a_quotation_mark_inside_a_bare_cell_is_a_letter(folder: Path) -> None:
    assert read(folder, b'a,b\n5" pipe,2\n') == [Row(2, {"a": '5" pipe', "b": "2"})]


def test_an_unterminated_quotation_mark_is_placed_where_it_opens(folder: Path) -> None:
    error = refusal(folder, b'a,b\n1,2\n"x,3\n' + b"4,5\n" * 500_000)
    assert (error.reason, error.place) == (FileReason.UNTERMINATED_QUOTE, "row 3")


@pytest.mark.parametrize(
    ("header", "place"),
    [(b"a,b,A \n", "row 1, columns 1 and 3"), (b"a,,b\n", "row 1, column 2"), (b"a,b\0\n", "row 1, column 2")],
)
def test_a_header_that_can_not_be_meant(folder: Path, header: bytes, place: str) -> None:
    error = refusal(folder, header + b"1,2,3\n")
    assert (error.reason, error.place) == (FileReason.HEADER, place)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file(folder: Path, content: bytes) -> None:
    assert refusal(folder, content).reason is FileReason.EMPTY


def test_a_list_without_rows(folder: Path) -> None:
    assert read(folder, b"a,b\n") == []


def test_ten_thousand_columns(folder: Path) -> None:
    assert refusal(folder, ",".join(f"c{n}" for n in range(10_000)).encode()).reason is FileReason.HEADER


def test_a_line_longer_than_a_row_may_be_is_passed_over(folder: Path) -> None:
    content = b"a\n" + b"," * (3 * RECORD_LIMIT) + b"\nz\n"
    assert read(folder, content) == [RowFault(2, "", Reason.CELL_TOO_LONG), Row(3, {"a": "z"})]


def test_no_such_file(folder: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        open_table(folder / "none.csv")
    assert caught.value.reason is FileReason.MISSING


def test_an_archive_called_csv(folder: Path) -> None:
    assert refusal(folder, b"PK\x03\x04rest").reason is FileReason.UNKNOWN_KIND
