"""A list on its way in, from its header to the search that finds its people."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError
from openpyxl import Workbook
from tests.forgetting import forget
from tests.integration.intake.conftest import COLUMNS, Company, people
from tests.world import World

from trustdesk.batch.contracts import UnreadableFileError
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Counts, Progress, Refusal, Reject, RunState
from trustdesk.intake.privacy import erase, export
from trustdesk.kernel import clock, registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.registries import Admission, Candidate
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import NewSource, SourceKind


def test_a_list_comes_in_and_its_people_are_found_with_their_origin(company: Company) -> None:
    rows = people(120)
    progress = company.bring_in(company.write_csv(rows))
    assert (progress.state, progress.fraction) == (RunState.FINISHED, 1.0)
    assert progress.counts == Counts(rows=120, added=120, age_unknown=120)
    assert company.customers() == 120
    found = register.search(company.context(), rows[7]["E-mail"])
    assert [hit.name for hit in found.rows] == [rows[7]["Név"]]
    card = register.card(company.context(), found.rows[0].customer_id, now=clock.now())
    assert {(value.attribute, value.source_name) for value in card.values} >= {("phone", "the old system")}
    assert card.art14_due_at is not None


def test_the_same_people_from_all_three_kinds_of_file(company: Company) -> None:
    rows = people(60)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append(list(row.values()))
    xlsx, jsonl = company.folder / "list.xlsx", company.folder / "list.jsonl"
    book.save(xlsx)
    jsonl.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert company.bring_in(company.write_csv(rows)).counts.added == 60
    for path in (xlsx, jsonl):
        counts = company.bring_in(path).counts
        assert (counts.added, counts.already_imported) == (0, 60)
    assert company.customers() == 60


def test_twice_adds_nobody(company: Company) -> None:
    path = company.write_csv(people(60))
    first, second = company.bring_in(path), company.bring_in(path)
    assert (second.run_id, second.counts) == (first.run_id, first.counts)
    assert company.customers() == 60


def test_a_mended_list_adds_the_mended_rows_only(company: Company) -> None:
    rows = people(60)
    bad = [*rows[:10], rows[10] | {"Telefon": "call me"}, *rows[11:]]
    first = company.bring_in(company.write_csv(bad))
    assert (first.counts.added, first.counts.rejected) == (59, 1)
    second = company.bring_in(company.write_csv(rows))
    assert (second.counts.added, second.counts.already_imported) == (1, 59)
    assert company.customers() == 60


def test_what_can_not_be_taken_is_said_with_row_column_and_reason(company: Company) -> None:
    rows = people(8)
    rows[1]["Telefon"] = "12"
    rows[2]["E-mail"] = "anna at example"
    rows[3]["Szül"] = "1980-02-30"
    rows[4] = dict.fromkeys(COLUMNS, "") | {"Cím": "Fő utca 1."}
    rows[5]["Név"] = "A\x01B"
    path = company.write_csv(rows)
    path.write_bytes(path.read_bytes() + b"Ragged;1\r\n")
    progress = company.bring_in(path)
    assert [(reject.row, reject.column, reject.reason) for reject in company.rejects(progress)] == [
        (3, "Telefon", "invalid-phone"),
        (4, "E-mail", "invalid-email"),
        (5, "Szül", "invalid-date"),
        (6, "", "nobody"),
        (7, "Név", "bad-input"),
        (10, "E-mail", "too-few-cells"),
    ]
    assert progress.counts.added == 3


def test_the_rejects_file_holds_no_person_and_runs_nothing(company: Company) -> None:
    rows = people(3)
    rows[1]["Telefon"] = "=HYPERLINK(1)"
    progress = company.bring_in(company.write_csv(rows))
    path = company.folder / "rejects.csv"
    assert intake.write_rejects(path, intake.rejects(company.context(), progress.run_id)) == 1
    content = path.read_text(encoding="utf-8-sig")
    assert content.splitlines()[0] == '"row","column","reason","detail"'
    assert "HYPERLINK" not in content
    assert rows[1]["Név"] not in content
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_person_twice_in_one_list(company: Company) -> None:
    rows = people(60)
    again = rows[3] | {"Telefon": rows[3]["Telefon"].replace("+36", "06 "), "E-mail": "", "Szül": ""}
    progress = company.bring_in(company.write_csv([*rows, again]))
    assert progress.counts.duplicate_in_file == 1
    assert company.rejects(progress) == [Reject(62, "", Refusal.DUPLICATE_IN_FILE, "row 5")]


def test_a_person_who_is_in_the_register_already(company: Company) -> None:
    rows = people(60)
    company.bring_in(company.write_csv(rows[:10]))
    progress = company.bring_in(company.write_csv([rows[3] | {"Cím": "Elsewhere 1."}, *rows[10:12]]))
    assert (progress.counts.duplicate_in_register, progress.counts.added) == (1, 2)
    assert company.customers() == 12


def test_a_dry_run_says_what_would_be_and_adds_nobody(company: Company) -> None:
    rows = people(60)
    rows[5]["Telefon"] = "12"
    path = company.write_csv([*rows, rows[7]])
    dry = company.bring_in(path, dry_run=True)
    assert dry.dry_run
    assert company.customers() == 0
    assert company.ask("SELECT count(*) FROM intake_row") == [(0,)]
    real = company.bring_in(path)
    assert real.counts == dry.counts == Counts(rows=61, added=59, duplicate_in_file=1, rejected=1, age_unknown=61)
    assert [(r.row, r.reason) for r in company.rejects(dry)] == [(r.row, r.reason) for r in company.rejects(real)]
    after = company.bring_in(path, dry_run=True)
    assert (after.counts.added, after.counts.already_imported) == (0, 59)


class _Wall:
    """An admission gate that lets one address not in."""

    name = "test-wall"

    def __init__(self, email: str) -> None:
        self._email = email

    def ask(self, context: AccessContext, candidates: Sequence[Candidate]) -> Sequence[Admission]:
        return [
            Admission(("email", self._email) not in candidate.suppression_values, "objected", "GDPR Art. 21(3)")
            for candidate in candidates
        ]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    fresh: registries.Registry[registries.AdmissionGate] = registries.Registry("admission gate")
    fresh.register("wall", _Wall("1.4@example.hu"))
    monkeypatch.setattr(registries, "admission", fresh)
    return iter(["1.4@example.hu"])


@pytest.mark.parametrize("dry_run", [True, False])
def test_whom_a_gate_keeps_out_stays_out(company: Company, wall: Iterator[str], *, dry_run: bool) -> None:
    progress = company.bring_in(company.write_csv(people(10)), dry_run=dry_run)
    assert (progress.counts.added, progress.counts.suppressed) == (9, 1)
    assert company.rejects(progress) == [Reject(6, "", Refusal.NOT_ADMITTED, "objected (GDPR Art. 21(3))")]


def test_a_bought_list_without_evidence_is_refused(company: Company) -> None:
    with pytest.raises(BadInputError):
        register.create_source(
            company.context(),
            source=NewSource(kind=SourceKind.BOUGHT, name="list", legal_basis="x", seller="", proof=""),
            now=clock.now(),
        )


def test_a_list_needs_a_source_and_not_the_customers_themselves(company: Company) -> None:
    path = company.write_csv(people(3))
    with pytest.raises(NotFoundError):
        company.bring_in(path, source_id=12345)
    direct = register.create_source(
        company.context(),
        source=NewSource(kind=SourceKind.DIRECT, name="counter", legal_basis="x"),
        now=clock.now(),
    )
    with pytest.raises(BadInputError):
        company.bring_in(path, source_id=direct)


def test_the_age_of_a_bought_list_shows_in_the_report(company: Company) -> None:
    bought = register.create_source(
        company.context(),
        source=NewSource(
            kind=SourceKind.BOUGHT,
            name="Lists Ltd 2020",
            seller="Lists Ltd",
            legal_basis="https://w3id.org/dpv/legal/eu/gdpr#A6-1-f",
            acquired_date=(clock.now() - timedelta(days=2000)).date(),
            proof="contract 12",
        ),
        now=clock.now(),
    )
    counts = company.bring_in(company.write_csv(people(5)), source_id=bought).counts
    assert (counts.stale, counts.age_unknown) == (5, 0)


def test_columns_nobody_declared_are_refused_or_dropped_by_choice(company: Company) -> None:
    path = company.folder / "list.csv"
    path.write_text("Név;Telefon;E-mail;Cím;Szül;Vallás\nNagy Anna;+36301234567;;;;secret\n", encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        company.bring_in(path)
    assert caught.value.place == "columns 6"
    assert company.runs()[0].state is RunState.STOPPED
    assert company.bring_in(path, mapping_id=company.save_mapping(undeclared="drop")).counts.added == 1
    dump = company.ask("SELECT string_agg(v::text, '') FROM register_value v")
    assert "secret" not in str(dump)


def test_a_list_in_an_old_encoding_is_read_by_a_mapping_that_says_so(company: Company) -> None:
    path = company.folder / "list.csv"
    path.write_bytes("Név;Telefon;E-mail;Cím;Szül\nŐsz Tünde;+36301234567;;;\n".encode("cp1250"))
    with pytest.raises(UnreadableFileError):
        company.bring_in(path)
    mapping = company.save_mapping(reading={"delimiter": ";", "encoding": "cp1250"})
    assert company.bring_in(path, mapping_id=mapping).counts.added == 1
    assert [hit.name for hit in register.search(company.context(), "osz tunde").rows] == ["Ősz Tünde"]


def test_mappings_are_kept_and_never_changed(company: Company) -> None:
    first = company.save_mapping()
    assert first == company.mapping_id
    second = company.save_mapping(country="HU")
    assert second != first
    assert [saved.mapping_id for saved in intake.mappings(company.context())] == [second]
    assert intake.saved_mapping(company.context(), first).mapping.country == ""


def test_a_mapping_keeps_the_order_in_which_columns_are_joined(company: Company) -> None:
    """jsonb sorts keys by their length: "Nr" came before "Utca", and the house number before the street."""
    columns = {"Név": "name", "Utca": "address", "Nr": "address"}
    mapping = company.save_mapping(columns=columns)
    saved = intake.saved_mapping(company.context(), mapping)
    assert list(saved.mapping.columns) == list(columns)
    path = company.folder / "streets.csv"
    path.write_text("Nr;Név;Utca\n7;Rendes Réka;Fő utca\n")
    assert company.bring_in(path, mapping_id=mapping).counts.added == 1
    (hit,) = register.search(company.context(), "rendes").rows
    values = register.card(company.context(), hit.customer_id, now=clock.now()).values
    assert [value.text for value in values if value.attribute == "address"] == ["Fő utca 7"]


def test_a_deleted_mapping_is_offered_no_more_and_still_says_how_its_lists_were_read(company: Company) -> None:
    company.bring_in(company.write_csv(people(2)))
    intake.delete_mapping(company.context(), mapping_id=company.mapping_id, now=clock.now())
    assert intake.mappings(company.context()) == []
    assert intake.saved_mapping(company.context(), company.mapping_id).mapping.columns
    with pytest.raises(NotFoundError):
        intake.delete_mapping(company.context(), mapping_id=company.mapping_id, now=clock.now())
    again = company.save_mapping()
    assert again != company.mapping_id
    assert [saved.mapping_id for saved in intake.mappings(company.context())] == [again]


def test_deleting_takes_the_name_and_not_only_its_newest_reading(company: Company) -> None:
    newer = company.save_mapping(country="HU")
    with pytest.raises(NotFoundError):
        intake.delete_mapping(company.context(), mapping_id=company.mapping_id, now=clock.now())
    intake.delete_mapping(company.context(), mapping_id=newer, now=clock.now())
    assert intake.mappings(company.context()) == []


def test_a_mapping_is_deleted_by_whom_it_belongs_to(company: Company, world: World) -> None:
    with pytest.raises(NotFoundError):
        intake.delete_mapping(world.system(world.south), mapping_id=company.mapping_id, now=clock.now())
    with pytest.raises(RefusedError):
        intake.delete_mapping(
            world.context(world.agent_north, world.north),
            mapping_id=company.mapping_id,
            now=clock.now(),
        )
    assert len(intake.mappings(company.context())) == 1


def test_the_database_lets_nobody_change_what_a_mapping_says(company: Company) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        company.ask("UPDATE intake_mapping SET said = '{}' WHERE id = %s RETURNING 1", company.mapping_id)


def test_a_neighbor_and_an_agent_see_nothing_of_it(company: Company, world: World) -> None:
    progress = company.bring_in(company.write_csv(people(3)))
    neighbor = world.system(world.south)
    with pytest.raises(NotFoundError):
        intake.progress(neighbor, progress.run_id)
    with pytest.raises(NotFoundError):
        intake.saved_mapping(neighbor, company.mapping_id)
    assert list(intake.rejects(neighbor, progress.run_id)) == []
    agent = world.context(world.agent_north, world.north)
    for refused in (
        lambda: intake.progress(agent, progress.run_id),
        lambda: intake.runs(agent),
        lambda: next(intake.rejects(agent, progress.run_id)),
        lambda: intake.import_file(agent, path=Path("/x"), mapping_id=1, source_id=1, now=clock.now()),
        lambda: intake.resume(agent, run_id=progress.run_id, now=clock.now()),
    ):
        with pytest.raises(RefusedError):
            refused()


def test_who_is_forgotten_leaves_no_digest(company: Company) -> None:
    company.bring_in(company.write_csv(people(3)))
    ((customer_id,),) = company.ask("SELECT id FROM register_customer ORDER BY id LIMIT 1")
    (told,) = export(company.context(), customer_id)
    assert told["source"] == "the old system"
    assert erase(company.context(), [(customer_id,)]) == [1]
    assert company.ask("SELECT count(*) FROM intake_row") == [(2,)]


def test_the_registers_erasure_takes_the_digests_along_also_of_who_was_merged(company: Company) -> None:
    company.bring_in(company.write_csv(people(4)))
    one, other = (row[0] for row in company.ask("SELECT id FROM register_customer ORDER BY id LIMIT 2"))
    register.merge(company.context(), into=one, customer_id=other, reason="same", now=clock.now())
    assert forget("register", company.context(), one) > 0
    left = {row[0] for row in company.ask("SELECT customer_id FROM intake_row")}
    assert left == {row[0] for row in company.ask("SELECT id FROM register_customer")}
    assert one not in left


def test_an_import_ends_with_its_mandate(company: Company) -> None:
    now = clock.now()
    house = mandates.create_processor(name=f"House {company.id}", country="PL", by=None, now=now)
    mandate = mandates.create_mandate(
        controller_id=company.id,
        processor_id=house,
        purposes=["service"],
        categories=[mandates.EVERY_CATEGORY],
        operations=["list:import", "list:preview"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    context = mandates.system_context(company.id, purpose="service", now=now, on_behalf_of=0, mandate_id=mandate.id)

    def end(_told: Progress) -> None:
        mandates.end_mandate(controller_id=company.id, mandate_id=mandate.id, reason="over", by=None, now=clock.now())

    path = company.write_csv(people(150))
    with pytest.raises(RefusedError):
        intake.import_file(
            context,
            path=path,
            mapping_id=company.mapping_id,
            source_id=company.source_id,
            now=now,
            processes=1,
            chunk_rows=50,
            listener=end,
        )
    assert company.customers() == 50
    assert company.runs()[0].state is RunState.INTERRUPTED
    assert company.bring_in(path).counts.added == 150


def test_nothing_of_a_person_stands_in_intakes_tables(company: Company) -> None:
    rows = people(5)
    rows[2]["Telefon"] = "12"
    company.bring_in(company.write_csv(rows))
    for table in ("intake_run", "intake_chunk", "intake_reject", "intake_row", "intake_mapping"):
        dump = str(company.ask(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
        for row in rows:
            assert row["Név"] not in dump
            assert row["E-mail"] not in dump


def test_the_log_says_what_was_imported(company: Company) -> None:
    before = company.ask("SELECT count(*) FROM audit_entry")[0][0]
    company.bring_in(company.write_csv(people(3)))
    assert company.ask("SELECT count(*) FROM audit_entry")[0][0] >= before + 3  # begun, added, finished


def test_a_header_is_shown_with_proposals_and_nothing_is_kept(company: Company) -> None:
    path = company.write_csv(people(3))
    shown = intake.preview(path, reading=intake.saved_mapping(company.context(), company.mapping_id).mapping.reading)
    assert shown.proposed == {"Név": "name", "Telefon": "phone", "E-mail": "email", "Cím": "address", "Szül": ""}
    assert company.runs() == []
