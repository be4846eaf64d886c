"""A new installation's first company is added at the machine, and is there with all that an import needs."""

import json
from pathlib import Path

import pytest
from tests.integration.cli.program import trustdesk

pytestmark = pytest.mark.slow  # whole programs are started

ADD = ("company", "add", "Pohjolan Sähkö", "--country", "fi", "--language", "fi", "--language", "en")
LIST = "Nimi;Puhelin\nAino Testi;040 123 4567\n"


def test_a_company_is_added_and_takes_a_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = trustdesk(home, "init", "--email", "first@example.org", "--name", "First Person")
    assert made.returncode == 0, made.stderr
    empty = trustdesk(home, "company")
    assert (empty.returncode, empty.stdout.strip()) == (0, "")
    wrong = trustdesk(home, *ADD, "--time-zone", "Europe/Atlantis")
    assert wrong.returncode == 1
    assert "There is no such time zone." in wrong.stderr
    added = trustdesk(home, *ADD, "--time-zone", "Europe/Helsinki")
    assert added.returncode == 0, added.stderr
    again = trustdesk(home, *ADD, "--time-zone", "Europe/Helsinki")
    assert (again.returncode, "There is already a company of this name." in again.stderr) == (1, True)
    (line,) = trustdesk(home, "company").stdout.splitlines()
    assert line.split(maxsplit=2)[1:] == ["FI", "Pohjolan Sähkö  (fi, en; Europe/Helsinki)"]
    (tmp_path / "list.csv").write_text(LIST)
    mapping = {"columns": {"Nimi": "name", "Puhelin": "phone"}, "undeclared": "refuse", "reading": {"delimiter": ";"}}
    (tmp_path / "list.json").write_text(json.dumps(mapping))
    bring = (
        "import", str(tmp_path / "list.csv"), "--mapping", str(tmp_path / "list.json"), "--controller",
        "Pohjolan Sähkö", "--source", "the old system", "--source-kind", "import", "--legal-basis", "eu-gdpr:A6-1-b",
    )  # fmt: skip
    taken = trustdesk(home, *bring)
    assert taken.returncode == 0, taken.stderr
    assert "finished" in taken.stdout
    assert "again" not in taken.stdout
    assert "Nobody was added again" in trustdesk(home, *bring).stdout
