from pathlib import Path

import pytest

from trustdesk.batch.api import open_table
from trustdesk.batch.contracts import FileReason, Reason, Row, RowFault, UnreadableFileError


def read(folder: Path, content: bytes) -> list[Row | RowFault]:
    path = folder / "list.jsonl"
    path.write_bytes(content)
    with open_table(path) as table:
        return list(table.rows())


def test_texts_numbers_and_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, '{"név":"Ő","no":0012.50e1,"x":null}\n'.replace("0012", "12").encode()) == [
        Row(1, {"név": "Ő", "no": "12.50e1", "x": ""}),
    ]


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"no":12345678901234567890123,"ok":true}\n') == [
        Row(1, {"no": "12345678901234567890123", "ok": "true"}),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"a":"1"', RowFault(2, "", Reason.NOT_JSON)),
        (b'{"a":NaN}', RowFault(2, "", Reason.NOT_JSON)),
        (b"[1]", RowFault(2, "", Reason.NOT_AN_OBJECT)),
        (b'"a"', RowFault(2, "", Reason.NOT_AN_OBJECT)),
        (b'{"a":{"b":1}}', RowFault(2, "a", Reason.NESTED)),
        (b'{"Anna Kovacs":[]}', RowFault(2, "", Reason.NESTED)),
        (b'{"a":1,"a":2}', RowFault(2, "", Reason.DUPLICATE_KEY)),
        (b'{"a":"x\\u0000y"}', RowFault(2, "a", Reason.NUL)),
        (b'{"a":"\\ud800"}', RowFault(2, "a", Reason.NOT_TEXT)),
        (b'{"a":"' + b"x" * 10_000_000 + b'"}', RowFault(2, "", Reason.CELL_TOO_LONG)),
        (b'{"a":"' + b"x" * 140_000 + b'"}', RowFault(2, "a", Reason.CELL_TOO_LONG)),
        (b"[" * 100_000, RowFault(2, "", Reason.NOT_JSON)),
        (b'{"a":' + b'{"a":' * 100_000, RowFault(2, "", Reason.NOT_JSON)),
    ],
    ids=lambda value: value.reason if isinstance(value, RowFault) else "",
)
def test_a_bad_line_costs_itself_only(tmp_path: Path, line: bytes, fault: RowFault) -> None:
    assert read(tmp_path, b'{"a":"1"}\n' + line + b'\n\n{"a":"2"}') == [
        Row(1, {"a": "1"}),
        fault,
        Row(4, {"a": "2"}),
    ]


def test_wrong_encoding_is_placed(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(tmp_path, b'{"a":"1"}\n{"a":"\xe9"}\n')
    assert (caught.value.reason, caught.value.place) == (FileReason.WRONG_ENCODING, "byte 16")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[]\n", b'{"a":\n'])
def test_a_file_that_does_not_begin_with_an_object(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read(tmp_path, content)
