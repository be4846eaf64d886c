"""`trustdesk screen`, as a person types it."""

import base64
import json

import pytest
from tests.integration.screening.conftest import OFFERS, Company

from trustdesk.screening.api import public_key

pytestmark = pytest.mark.slow  # whole programs are started


def run(company: Company, *words: str) -> tuple[int, str, str]:
    process = company.command(*words)
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def screen(company: Company, source: str, *words: str) -> tuple[int, str, str]:
    asked = ["--controller", company.name, "--purpose", OFFERS, "--channel", "call_human"]
    return run(company, "screen", source, *asked, *words)


def test_a_list_from_the_command_line(company: Company) -> None:
    (customer,) = company.add("+36301000001")
    company.consent(customer)
    path = company.write_csv([{"Telefonszám": "06 30 100 0001", "Ár": "1"}, {"Telefonszám": "06301000002", "Ár": "2"}])
    out_file, summary = company.folder / "verdicts.csv", company.folder / "summary.txt"
    code, out, err = screen(company, str(path), "--out", str(out_file), "--summary", str(summary))
    assert code == 0, err
    assert "Telefonszám=phone" in out
    assert "finished" in out
    assert "permit" in out_file.read_text(encoding="utf-8-sig")
    key = base64.b64encode(public_key().raw).decode()
    code, out, err = run(company, "verify-screening", str(summary), "--key", key)
    assert code == 0, err
    assert "verified" in out
    summary.write_text(summary.read_text(encoding="utf-8").replace("offers", "sports"), encoding="utf-8")
    code, out, err = run(company, "verify-screening", str(summary), "--key", key)
    assert code == 1
    assert "altered" in err


def test_a_saved_filter_from_the_command_line(company: Company) -> None:
    company.add("+36301000001", "+36301000002")
    criteria = company.folder / "all.json"
    criteria.write_text(json.dumps([{"what": ":country", "operator": "any_of", "values": ["HU"]}]))
    code, out, err = screen(company, "filter:all", "--criteria", str(criteria))
    assert code == 0, err
    assert "finished" in out
    code, _out, err = screen(company, "filter:nobody")
    assert code == 1
    assert "no such filter" in err


def test_what_is_missing_is_said_in_a_line(company: Company) -> None:
    path = company.write_csv([{"Something": "06301000001"}])
    code, _out, err = screen(company, str(path))
    assert code == 1
    assert "--column" in err
    code, _out, err = screen(company, str(path), "--column", "Something=shoe size")
    assert code == 1
    assert "NAME=KIND" in err
    code, _out, err = screen(company, str(company.folder / "nowhere.csv"))
    assert code == 1
    assert "Traceback" not in err
    code, _out, err = run(
        company, "screen", str(path), "--controller", company.name, "--purpose", "none", "--channel", "email",
        "--column", "Something=email",
    )  # fmt: skip
    assert code == 1
    assert "no such purpose" in err
