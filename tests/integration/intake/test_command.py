"""`trustdesk import`, as a person types it."""

import pytest
from tests.integration.intake.conftest import Company, people

from trustdesk.register import api as register

pytestmark = pytest.mark.slow  # whole programs are started


def run(company: Company, *words: str) -> tuple[int, str, str]:
    process = company.command("import", *words, "--controller", company.name)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_bought_list_from_the_command_line(company: Company) -> None:
    rows = people(30)
    rows[4]["Telefon"] = "12"
    path, rejects = company.write_csv(rows), company.folder / "rejects.csv"
    given = [str(path), "--mapping", str(company.mapping_file()), "--source", "Lists Ltd", "--source-kind", "bought"]
    code, _, err = run(company, *given)
    assert code == 1
    assert "trustdesk: " in err
    assert "mend:" in err
    evidence = company.folder / "contract.pdf"
    evidence.write_bytes(b"signed")
    given += ["--seller", "Lists Ltd", "--acquired", "2026-03-31", "--legal-basis", "eu-gdpr:A6-1-f", "--proof", "12"]
    given += ["--evidence", str(evidence), "--rejects", str(rejects)]
    code, out, err = run(company, *given, "--dry-run")
    assert (code, company.customers()) == (0, 0), err
    code, out, err = run(company, *given)
    assert code == 0, err
    assert "finished" in out
    assert company.customers() == 29
    assert "invalid-phone" in rejects.read_text(encoding="utf-8-sig")
    code, out, err = run(company, *given)
    assert (code, company.customers()) == (0, 29), err
    sources = [source for source in register.sources(company.context()) if source.name == "Lists Ltd"]
    assert len(sources) == 1
    assert len(sources[0].evidence_sha256) == 32


def test_what_is_missing_is_said(company: Company) -> None:
    path = str(company.write_csv(people(3)))
    mapping = str(company.mapping_file())
    for words, place in (
        ([path, "--mapping", "no such", "--source", "the old system"], "--mapping"),
        ([path, "--mapping", mapping, "--source", "nowhere"], "--source"),
        ([path, "--mapping", mapping, "--source", "x", "--seller", "y"], "--source-kind"),
        ([path + ".csv", "--mapping", mapping, "--source", "the old system"], "can't be opened"),
    ):
        code, _, err = run(company, *words)
        assert code == 1
        assert place in err
        assert "Traceback" not in err
