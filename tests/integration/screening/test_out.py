"""What goes out: the signed summary, verdicts for a day, and nothing after that."""

import base64
import csv
from dataclasses import replace
from datetime import timedelta

import orjson
import pyarrow.parquet as pq
import pytest
from tests.integration.screening.conftest import OFFERS, Company, make

from trustdesk.audit import api as audit
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, NotClearedError, RecipientRole
from trustdesk.kernel import clock, registries
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.screening import api as screening
from trustdesk.screening import notes
from trustdesk.screening.engines import folders, snapshot
from trustdesk.seal.api import SigningKey, VerifyKey

PHONES = tuple(f"+3630500{number:04d}" for number in range(4))


def test_the_summary_verifies_offline_and_says_what_was_asked(company: Company) -> None:
    (customer,) = company.add(PHONES[0])
    company.consent(customer)
    done = company.screen(company.phones(*PHONES, "none"))
    report = screening.report(company.context(), done.run_id)
    said = notes.read(report.summary, screening.public_key())
    assert said["purpose"] == OFFERS
    assert said["verdicts"] == {"permit": 1, "deny": done.counts["deny"], "undecided": done.counts["undecided"]}  # type: ignore[index]
    assert said["not_decided"] == {"unreadable": 1}
    assert said["list"]["cells"] == len(PHONES) + 1
    assert said["packs_digest"] == clearance.packs().digest
    assert said["asked_by"]["operator"] == 0
    assert {"rule", "outcome", "statute", "rows"} == set(said["rules"][0])
    assert base64.b64decode(said["key"]) == screening.public_key().raw
    for phone in PHONES:
        assert phone[-9:] not in report.summary


@pytest.mark.parametrize("place", [0, 40, 200, -60, -6])  # the last letter of base64 has bits that mean nothing
def test_an_altered_summary_does_not_verify(company: Company, place: int) -> None:
    summary = screening.report(company.context(), company.screen(company.phones(PHONES[0])).run_id).summary
    letters = list(summary)
    letters[place] = "7" if letters[place] != "7" else "8"
    with pytest.raises(BadInputError):
        notes.read("".join(letters), screening.public_key())


def test_another_key_does_not_verify(company: Company) -> None:
    summary = screening.report(company.context(), company.screen(company.phones(PHONES[0])).run_id).summary
    with pytest.raises(BadInputError):
        notes.read(summary, VerifyKey.from_bytes(SigningKey.generate().verify_key.raw))
    with pytest.raises(BadInputError):
        notes.read("not a note", screening.public_key())


def test_the_log_names_the_summary(company: Company) -> None:
    done = company.screen(company.phones(PHONES[0]))
    summary = screening.report(company.context(), done.run_id).summary
    import hashlib  # noqa: PLC0415

    told = [entry for entry in audit.entries(company.context(), limit=50) if entry.what == "screening.finished"]
    assert told[0].detail is not None
    assert told[0].detail["summary"] == hashlib.sha256(summary.encode()).hexdigest()


def test_verdicts_as_a_file_hold_nothing_of_the_list(company: Company) -> None:
    done = company.screen(company.phones(*PHONES, "=cmd|' /C calc'!A0"))
    path = company.folder / "verdicts.csv"
    count = screening.write_verdicts(path, screening.hand_over(company.context(), run_id=done.run_id, now=clock.now()))
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert (len(rows), count) == (5, 5)
    assert list(rows[0]) == ["row", "column", "verdict", "rules", "fault"]
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6"]
    assert not any(phone[3:] in text for phone in PHONES)
    assert "calc" not in text


def test_after_a_day_they_are_not_handed_out(company: Company) -> None:
    done = company.screen(company.phones(*PHONES))
    late = clock.now() + timedelta(hours=25)
    with pytest.raises(ConflictError):
        screening.hand_over(company.context(), run_id=done.run_id, now=late)


def test_out_of_the_house_only_where_clearance_permits(company: Company) -> None:
    done = company.screen(company.phones(*PHONES))
    now = clock.now()
    given = {"name": "Dialing House", "role": RecipientRole.PROCESSOR, "country": "PL"}
    fits = NewRecipient(**given, purposes=[OFFERS], categories=["pd:TelephoneNumber"])  # type: ignore[arg-type]
    other = replace(fits, name="Mailing House", categories=["pd:EmailAddress"])
    allowed = clearance.declare_recipient(company.context(), recipient=fits, now=now)
    refused = clearance.declare_recipient(company.context(), recipient=other, now=now)
    later = clock.now()
    assert list(screening.hand_over(company.context(), run_id=done.run_id, now=later, recipient_id=allowed))
    with pytest.raises(NotClearedError) as fault:
        screening.hand_over(company.context(), run_id=done.run_id, now=later, recipient_id=refused)
    assert "GDPR" in fault.value.place


def test_a_snapshot_holds_one_company_and_no_plaintext(company: Company) -> None:
    neighbor = make(f"Neighbor {new_id()}", company.folder)
    neighbor.add("+36305009999")
    (customer,) = company.add(PHONES[0])
    company.consent(customer)
    done = company.screen(company.phones(*PHONES))
    with snapshot.taken(company.context(), done.list_id) as copy:
        assert copy.folder.stat().st_mode & 0o777 == 0o700
        assert copy.folder.parent.stat().st_mode & 0o777 == 0o700
        held = pq.read_table(copy.path("customers"))["id"].to_pylist()
        assert held == [customer]
        assert pq.read_table(copy.path("points")).num_rows == 1
        for path in copy.folder.glob("*.parquet"):
            content = orjson.dumps(
                [str(value) for column in pq.read_table(path).to_pydict().values() for value in column],
            )
            assert b"5000000" not in content, path.name
            assert b"Person" not in content, path.name
    assert not copy.folder.exists()
    told = [entry.what for entry in audit.entries(company.context(), limit=50)]
    assert {"screening.snapshot.taken", "screening.snapshot.deleted"} <= set(told)


def test_the_erasure_scan_finds_the_snapshots() -> None:
    assert registries.stores.get("screening.snapshots")() == folders.home()


def test_rows_and_verdicts_go_with_the_customer(company: Company) -> None:
    gone, stays = company.add(*PHONES[:2])
    done = company.screen(company.phones(*PHONES))
    declaration = registries.privacy.get("screening")
    assert declaration.export is not None
    assert declaration.erase is not None
    (told,) = declaration.export(company.context(), gone)
    assert told["screening"] == to_public(done.run_id)
    assert told["rules"]
    assert declaration.erase(company.context(), [(gone,)]) == [2]
    assert list(declaration.export(company.context(), gone)) == []
    assert [one.row for one in company.verdicts(done)] == [3, 4, 5]
    assert list(declaration.export(company.context(), stays))


def test_after_their_retention_rows_and_verdicts_go(company: Company) -> None:
    done = company.screen(company.phones(*PHONES))
    assert screening.forget_old(company.context(), now=clock.now()) == 0
    later = clock.now() + timedelta(days=31)
    assert screening.forget_old(company.context(), now=later) == 1
    assert screening.forget_old(company.context(), now=later) == 0
    assert company.ask("SELECT 1 FROM screening_row") == []
    assert company.ask("SELECT 1 FROM screening_result") == []
    assert screening.report(company.context(), done.run_id).summary


def test_every_column_is_declared(company: Company) -> None:
    rows = company.ask(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_name LIKE %s",
        "screening_%",
    )
    declaration = registries.privacy.get("screening")
    declared = {f"{one.table}.{one.column}" for one in declaration.fields} | set(declaration.not_personal)
    assert {name for (name,) in rows} == declared
