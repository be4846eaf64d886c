"""Each command is found and says what it does before Django, its settings or a home are there."""

import os
import subprocess
import sys

import pytest

from trustdesk.cli.main import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_loaded_without_settings(name: str) -> None:
    unset = ("DJANGO", "TRUSTDESK")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(unset)}
    done = subprocess.run(
        [sys.executable, "-m", "trustdesk.cli", name, "--help"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout.lower()
