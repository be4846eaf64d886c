"""Posti's files: widths in octets, one encoding, and a bad record never stops the next one."""

from datetime import date
from pathlib import Path

import pytest

from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.feeds.readers.posti import Postcode, ReferenceRow, StreetRange, read_posti
from trustdesk.feeds.readers.values import Fault, FaultCode
from trustdesk.feeds.samples.posti import postcode_record, postcodes, street_record, streets


def rows(tmp_path: Path, content: bytes) -> list[ReferenceRow | Fault]:
    file = tmp_path / "file.dat"
    file.write_bytes(content)
    return list(read_posti(file))


def test_a_postcode_has_two_names_and_a_day(tmp_path: Path) -> None:
    assert len(postcode_record("65100", "VAASA", "VASA")) == 221
    (found,) = rows(tmp_path, postcode_record("40100", "JYVÄSKYLÄ", "", "179", since=date(1990, 5, 1)))
    assert found == Postcode(
        edition=date(2026, 11, 23),
        postcode="40100",
        town_fi="JYVÄSKYLÄ",
        town_sv="",
        kind="1",
        valid_from=date(1990, 5, 1),
        municipality="179",
    )


def test_a_street_has_a_side_and_numbers(tmp_path: Path) -> None:
    record = street_record("65100", "Koulukatu", "Skolgatan", "2", "2", "60", municipality="905")
    assert len(record) == 257
    (found,) = rows(tmp_path, record)
    assert found == StreetRange(
        edition=date(2026, 11, 23),
        postcode="65100",
        street_fi="Koulukatu",
        street_sv="Skolgatan",
        side="even",
        lowest=2,
        highest=60,
        municipality="905",
    )


def test_of_a_double_number_the_second_one_counts(tmp_path: Path) -> None:
    record = bytearray(street_record("65100", "Koulukatu", "", "1", "1", "13"))
    record[206:212] = b"/   15"
    (found,) = rows(tmp_path, bytes(record))
    assert isinstance(found, StreetRange)
    assert (found.lowest, found.highest) == (1, 15)


def test_a_record_of_boxes_only_names_no_street(tmp_path: Path) -> None:
    assert rows(tmp_path, street_record("00101", "", "", "0")) == []


def test_the_samples_are_whole(tmp_path: Path) -> None:
    found = rows(tmp_path, postcodes()) + rows(tmp_path, streets())
    assert len(found) == 12
    assert not [row for row in found if isinstance(row, Fault)]


GOOD = postcode_record("33100", "TAMPERE", "TAMMERFORS")
STREET = street_record("65100", "Koulukatu", "Skolgatan", "2", "2", "60")


def put(record: bytes, first: int, text: bytes) -> bytes:
    return record[: first - 1] + text + record[first - 1 + len(text) :]


@pytest.mark.parametrize(
    ("record", "place", "code"),
    [
        (GOOD[:-2] + b"\n", "", FaultCode.WRONG_WIDTH),
        (GOOD[:-1] + b" \n", "", FaultCode.WRONG_WIDTH),
        (b"\n".join([b"x" * 100_000, b""]), "", FaultCode.WRONG_WIDTH),
        (postcode_record("40100", "JYVÄSKYLÄ").decode("latin-1").encode(), "", FaultCode.WRONG_ENCODING),
        (put(GOOD, 19, b"\x84"), "octet 19", FaultCode.WRONG_ENCODING),
        (put(GOOD, 19, b"\0"), "octet 19", FaultCode.WRONG_ENCODING),
        (put(GOOD, 1, b"PONOX"), "", FaultCode.UNKNOWN_RECORD),
        (put(GOOD, 14, b"3310 "), "postcode", FaultCode.BAD_NUMBER),
        (put(GOOD, 6, b"20261301"), "run date", FaultCode.BAD_DATE),
        (put(GOOD, 103, b"        "), "entry into force", FaultCode.BAD_DATE),
    ],
)
def test_a_bad_record_is_parked_with_its_reason(tmp_path: Path, record: bytes, place: str, code: FaultCode) -> None:
    first, second, third = rows(tmp_path, GOOD + record + GOOD)
    assert isinstance(first, Postcode)
    assert second == Fault("row 2", place, code)
    assert isinstance(third, Postcode)


@pytest.mark.parametrize(
    ("record", "place", "code"),
    [
        (put(STREET, 187, b"3"), "building data type", FaultCode.IMPOSSIBLE),
        (put(STREET, 188, b"  2a "), "smallest building number", FaultCode.IMPOSSIBLE),
        (put(STREET, 188, b"   99"), "highest building number", FaultCode.IMPOSSIBLE),
    ],
)
def test_a_street_that_can_not_be_is_parked(tmp_path: Path, record: bytes, place: str, code: FaultCode) -> None:
    assert rows(tmp_path, record)[0] == Fault("row 1", place, code)


def test_a_file_cut_off_ends_with_a_fault(tmp_path: Path) -> None:
    first, second = rows(tmp_path, GOOD + GOOD[:90])
    assert isinstance(first, Postcode)
    assert second == Fault("row 2", "", FaultCode.TRUNCATED)


def test_line_ends_of_windows_are_no_width(tmp_path: Path) -> None:
    assert len(rows(tmp_path, GOOD.replace(b"\n", b"\r\n") * 2)) == 2


@pytest.mark.parametrize(("content", "reason"), [(b"", FileReason.EMPTY), (b"id;name\n", FileReason.UNKNOWN_KIND)])
def test_another_file_is_refused(tmp_path: Path, content: bytes, reason: FileReason) -> None:
    with pytest.raises(UnreadableFileError) as fault:
        rows(tmp_path, content)
    assert fault.value.reason is reason
