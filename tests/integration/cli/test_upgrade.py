"""An upgrade that fails leaves everything as it was; one that has nothing to do says so."""

from pathlib import Path

import pytest
from tests.integration.cli.program import Program, trustdesk

pytestmark = pytest.mark.slow
LATER = {"DJANGO_SETTINGS_MODULE": "tests.integration.cli.failing.settings"}


def test_a_failed_upgrade_puts_everything_back(tmp_path: Path) -> None:
    program = Program(tmp_path / "var")
    program.start()
    before = program.desk()
    before.choose()
    found = before.search("HU-020001") or before.search("FI-010001")
    assert found
    refused = trustdesk(program.home, "upgrade", **LATER)
    assert "It runs already" in refused.stderr
    assert program.stop() == 0

    failed = trustdesk(program.home, "upgrade", **LATER)
    assert failed.returncode == 1, failed.stdout
    assert "2 migrations to apply" in failed.stdout
    assert "the database is as it was before" in failed.stderr
    assert "Traceback" not in failed.stderr

    assert "already" in trustdesk(program.home, "upgrade").stdout
    program.start()
    after = program.desk()
    after.choose()
    after.get(found[0])
    assert trustdesk(program.home, "doctor").returncode == 0
    assert program.stop() == 0


def test_a_newer_program_does_not_start_on_an_older_database(tmp_path: Path) -> None:
    home = tmp_path / "var"
    made = trustdesk(home, "init", "--email", "first@example.org", "--name", "First Person")
    assert made.returncode == 0, made.stderr
    refused = trustdesk(home, "up", "--port", "1", **LATER)
    assert refused.returncode == 1
    assert "trustdesk upgrade" in refused.stderr
