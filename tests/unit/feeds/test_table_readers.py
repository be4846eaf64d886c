"""Rows to changes: what a mapping says is what comes out, and a bad row never stops the next one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.feeds.readers.formats import check, read
from trustdesk.feeds.readers.values import Fault, FaultCode, Record, Setting
from trustdesk.kernel.errors import BadInputError
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, ChangeKind

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
GERMAN = Setting(country="DE", now=NOW)
MOVES = {
    "columns": {
        "Nr": "position", "Kundennr": "key", "Art": "kind", "Ab": "as_of", "Vorname": "person:given_name",
        "Name": "person:family_name", "Geboren": "person:birth_date", "Neuer Name": "becomes:family_name",
        "Alt": "person:address", "Straße": "becomes:address/street", "Hausnr": "becomes:address/house",
        "PLZ": "becomes:address/postcode", "Ort": "becomes:address/town", "Tel alt": "ends:phone",
    },
    "kinds": {"U": "move", "N": "name", "T": "death", "R": "phone"},
    "as_of": "%d.%m.%Y",
    "delimiter": ";",
}  # fmt: skip
HEADER = "Nr;Kundennr;Art;Ab;Vorname;Name;Geboren;Neuer Name;Alt;Straße;Hausnr;PLZ;Ort;Tel alt"
GOOD = "7;K-12;U;01.11.2026;Anna;Müller;03.02.1980;;Hauptstr. 5, 10115 Berlin;Gartenweg;12a;20095;Hamburg;"


def rows(tmp_path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8", **reading: object) -> list[Record]:
    file = tmp_path / "changes.csv"
    file.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return list(read("csv", file, {**MOVES, **reading}, GERMAN))


def test_a_row_becomes_a_change(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, GOOD)
    assert found == Change(
        position="7",
        kind=ChangeKind.MOVE,
        person=(
            Said("given_name", "name", "Anna"),
            Said("family_name", "name", "Müller"),
            Said("birth_date", "birth_date", "03.02.1980"),
            Said("address", "address", "Hauptstr. 5, 10115 Berlin"),
        ),
        becomes=(Said("address", "address", "Gartenweg 12a, 20095 Hamburg"),),
        as_of=datetime(2026, 10, 31, 23, tzinfo=UTC),
        key="K-12",
        country="DE",
    )


def test_a_death_needs_nothing_new_and_an_ended_phone_is_no_new_one(tmp_path: Path) -> None:
    died, ended = rows(tmp_path, "8;;T;01.11.2026;Anna;Müller;;;;;;;;", "9;;R;01.11.2026;Anna;Müller;;;;;;;;030 123456")
    assert isinstance(died, Change)
    assert (died.kind, died.becomes, died.ends) == (ChangeKind.DEATH, (), ())
    assert isinstance(ended, Change)
    assert ended.ends == (Said("phone", "phone", "030 123456"),)


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        (GOOD.replace("U;", ";", 1), "Art", FaultCode.NO_KIND),
        (GOOD.replace("U;", "X;", 1), "Art", FaultCode.UNKNOWN_KIND),
        (GOOD.replace("01.11.2026", ""), "Ab", FaultCode.NO_DATE),
        (GOOD.replace("01.11.2026", "31.11.2026"), "Ab", FaultCode.BAD_DATE),
        (GOOD.replace("01.11.2026", "2026-11-01"), "Ab", FaultCode.BAD_DATE),
        (GOOD.replace("01.11.2026", "01.11.0026"), "Ab", FaultCode.BAD_DATE),
        (GOOD.replace("01.11.2026", "28.11.2026"), "Ab", FaultCode.FUTURE),
        (GOOD.replace("Anna", "Anna und Peter"), "Vorname", FaultCode.TWO_PEOPLE),
        (GOOD.replace("Müller", "Eheleute Müller"), "Name", FaultCode.TWO_PEOPLE),
        (GOOD.replace(";;Hauptstr", ";Müller & Schmidt;Hauptstr"), "Neuer Name", FaultCode.TWO_PEOPLE),
        ("7;;U;01.11.2026;;;;;;Gartenweg;1;20095;Hamburg;", "", FaultCode.NO_PERSON),
        ("7;;U;01.11.2026;Anna;Müller;;;;;;;;", "", FaultCode.NOTHING_CHANGES),
        (GOOD.replace("Gartenweg", "G" * 3000), "Straße", FaultCode.TOO_LONG),
        (GOOD.removeprefix("7"), "Nr", FaultCode.NO_POSITION),
        ("7;K-12;U;01.11.2026", "Vorname", "too-few-cells"),
        (GOOD + ";more", "", "too-many-cells"),
    ],
)
def test_a_bad_row_is_parked_with_its_reason_and_the_next_one_is_read(
    tmp_path: Path, line: str, place: str, code: str
) -> None:
    first, second = rows(tmp_path, line, GOOD)
    assert isinstance(first, Fault)
    assert (first.place, first.code) == (place, code)
    assert isinstance(second, Change)
    assert "Müller" not in repr(first)


def test_a_day_of_clock_skew_is_no_future(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, GOOD.replace("01.11.2026", "27.11.2026"))
    assert isinstance(found, Change)


def test_rows_without_a_position_of_their_own_stand_where_they_stand_again_when_read_again(tmp_path: Path) -> None:
    columns = {name: target for name, target in MOVES["columns"].items() if target != "position"}  # type: ignore[attr-defined]
    first = rows(tmp_path, GOOD, "bad", GOOD, columns=columns)
    assert [record.position for record in first] == ["row 2", "row 3", "row 4"]
    assert rows(tmp_path, GOOD, "bad", GOOD, columns=columns) == first


def test_a_file_cut_off_in_a_cell_ends_with_a_fault(tmp_path: Path) -> None:
    first, second = rows(tmp_path, GOOD, '8;K-13;U;01.11.2026;"Pet')
    assert isinstance(first, Change)
    assert second == Fault("row 3", "", FaultCode.TRUNCATED)


def test_a_wrong_encoding_is_refused_with_the_place_of_its_byte(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as fault:
        rows(tmp_path, GOOD, encoding="cp1252")
    assert fault.value.reason is FileReason.WRONG_ENCODING
    assert fault.value.place == f"byte {HEADER.index('ß')}"
    assert "Müller" not in str(fault.value)


def test_a_table_whose_columns_were_renamed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as fault:
        rows(tmp_path, GOOD, header=HEADER.replace("Geboren", "Geburtstag"))
    assert (fault.value.reason, fault.value.place) == (FileReason.HEADER, "Geboren")


def test_a_declared_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "changes.csv"
    file.write_bytes(f"{HEADER}\n{GOOD}\n".encode("cp1252"))
    (found,) = read("csv", file, {**MOVES, "encoding": "cp1252"}, GERMAN)
    assert isinstance(found, Change)
    assert found.person[1].text == "Müller"


def test_json_lines_are_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text(
        '{"id": 1, "when": "2026-11-01T08:00:00Z", "name": "Kovács János", "email": "uj@example.hu"}\n'
        "not json\n"
        '{"id": 3, "when": "2026-11-01", "name": "Kovács János és Anna", "email": "uj@example.hu"}\n'
        '{"id": 4, "when": "2026-11-01", "name": "Kovács Jáno'
    )
    columns = {"id": "position", "when": "as_of", "name": "person:name", "email": "becomes:email"}
    setting = Setting(country="HU", now=NOW)
    first, *faults = read("jsonl", file, {"columns": columns, "kind": "email"}, setting)
    assert isinstance(first, Change)
    assert first.as_of == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert first.becomes == (Said("email", "email", "uj@example.hu"),)
    assert faults == [Fault("row 2", "", "not-json"), Fault("3", "name", "two-people"), Fault("row 4", "", "not-json")]


def test_a_declared_attribute_of_the_company_keeps_its_kind(tmp_path: Path) -> None:
    file = tmp_path / "changes.csv"
    file.write_text("meter,when,name\nM1,2026-11-01,Anna Virtanen\n")
    setting = Setting(country="FI", now=NOW, kinds={"meter": "external_id", "name": "name"})
    columns = {"meter": "person:meter", "when": "as_of", "name": "becomes:name"}
    (found,) = read("csv", file, {"columns": columns, "kind": "name"}, setting)
    assert isinstance(found, Change)
    assert found.person == (Said("meter", "external_id", "M1"),)


@pytest.mark.parametrize(
    ("reading", "place"),
    [
        ({}, "columns"),
        ({"columns": {"a": "person:name", "b": "becomes:email"}, "kind": "email"}, "as_of"),
        ({"columns": {"a": "becomes:email", "b": "as_of"}, "kind": "email"}, "person"),
        ({"columns": {"a": "person:name", "b": "as_of"}}, "kind"),
        ({"columns": {"a": "person:name", "b": "as_of", "c": "kind"}, "kind": "email"}, "kind"),
        ({"columns": {"a": "person:name", "b": "as_of", "c": "as_of"}, "kind": "email"}, "columns"),
        ({"columns": {"a": "person:name/street", "b": "as_of"}, "kind": "email"}, "columns"),
        ({"columns": {"a": "somebody", "b": "as_of"}, "kind": "email"}, "columns"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "email", "zone": "Europe/Nowhere"}, "zone"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "email", "zone": "../../etc/passwd"}, "zone"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "email", "as_of": "%Q"}, "as_of"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "email", "encoding": "ebcdic"}, "encoding"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "divorce"}, "kind"),
        ({"columns": {"a": "person:name", "b": "as_of"}, "kind": "email", "speed": 1}, "speed"),
    ],
)
def test_a_reading_that_does_not_fit_is_refused_by_its_part(reading: dict[str, object], place: str) -> None:
    with pytest.raises(BadInputError) as fault:
        check("csv", reading)
    assert fault.value.place == place


def test_there_is_no_format_that_is_not_there() -> None:
    with pytest.raises(BadInputError):
        check("edifact", {})
