"""Results of Addressfactory: codes say what happened, and most rows say that nothing did."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trustdesk.batch.contracts import UnreadableFileError
from trustdesk.feeds.readers.formats import check, read
from trustdesk.feeds.readers.values import Fault, FaultCode, Record, Setting
from trustdesk.feeds.samples.changes import SAMPLES
from trustdesk.kernel.errors import BadInputError
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, ChangeKind

CAME_IN = datetime(2026, 11, 25, 6, tzinfo=UTC)
SETTING = Setting(country="DE", now=datetime(2026, 11, 26, 12, tzinfo=UTC), received_at=CAME_IN)
SAMPLE = SAMPLES["addressfactory"]
MOVED = "20001;Erika;Beispiel;Musterstraße;5;10115;Berlin;PDC050112;Beispielweg;12a;20095;Hamburg"


def rows(tmp_path: Path, *lines: str, **reading: object) -> list[Record]:
    file = tmp_path / "result.csv"
    header = SAMPLE.content.decode("cp1252").splitlines()[0]
    file.write_bytes("\n".join([header, *lines, ""]).encode("cp1252"))
    return list(read("addressfactory", file, {**SAMPLE.reading, **reading}, SETTING))


def test_whoever_moved_has_an_old_and_a_new_address(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, MOVED)
    assert found == Change(
        position="row 2",
        kind=ChangeKind.MOVE,
        person=(
            Said("given_name", "name", "Erika"),
            Said("family_name", "name", "Beispiel"),
            Said("address", "address", "Musterstraße 5, 10115 Berlin"),
        ),
        becomes=(Said("address", "address", "Beispielweg 12a, 20095 Hamburg"),),
        as_of=CAME_IN,
        key="20001",
        country="DE",
    )


@pytest.mark.parametrize("codes", ["PDC050120", "050120", "PDC050112,PDC050120", "BAC010102 PDC050120"])
def test_whoever_died_died(tmp_path: Path, codes: str) -> None:
    (found,) = rows(tmp_path, MOVED.replace("PDC050112", codes))
    assert isinstance(found, Change)
    assert found.kind is ChangeKind.DEATH


@pytest.mark.parametrize("codes", ["", "PDC050105", "PDC040112", "PDC050121", "1050112", "0501120", "05011"])
def test_what_is_told_of_a_household_or_only_said_is_nobodys_change(tmp_path: Path, codes: str) -> None:
    assert rows(tmp_path, MOVED.replace("PDC050112", codes)) == []


def test_a_company_may_name_further_codes(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, MOVED.replace("050112", "050121"), statuses={"050121": "death"})
    assert isinstance(found, Change)
    assert found.kind is ChangeKind.DEATH


def test_a_move_to_nowhere_and_a_couple_are_parked(tmp_path: Path) -> None:
    nowhere = MOVED.replace("Beispielweg;12a;20095;Hamburg", ";;;")
    first, second = rows(tmp_path, nowhere, MOVED.replace("Erika", "Erika und Max"))
    assert first == Fault("row 2", "", FaultCode.NOTHING_CHANGES)
    assert second == Fault("row 3", "VORNAME", FaultCode.TWO_PEOPLE)


def test_a_result_without_its_codes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as fault:
        rows(tmp_path, MOVED, status=["STATUS", "STATUS2"])
    assert fault.value.place == "STATUS2"


@pytest.mark.parametrize(
    ("reading", "place"),
    [
        ({"status": []}, "status"),
        ({"statuses": {"PDC050112": "move"}}, "statuses"),
        ({"statuses": {"050112": "party"}}, "statuses"),
        ({"columns": {"STRASSE": "becomes:address"}}, "person"),
    ],
)
def test_a_reading_that_does_not_fit_is_refused(reading: dict[str, object], place: str) -> None:
    with pytest.raises(BadInputError) as fault:
        check("addressfactory", {**SAMPLE.reading, **reading})
    assert fault.value.place == place
