"""The commands as they describe themselves."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from tests.architecture.source import ROOT

from trustdesk.cli.main import COMMANDS, commands

USAGE = 2


def test_the_reference_says_what_the_commands_say() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "commands.py"), "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_and_refuses_what_it_does_not_know(name: str) -> None:
    for word in ("-h", "--help"):
        helped = CliRunner().invoke(commands, [name, word])
        assert helped.exit_code == 0
        assert f"Usage: trustdesk {name}" in helped.output.replace("Usage: commands", "Usage: trustdesk")
    unknown = CliRunner().invoke(commands, [name, "--no-such-option"])
    assert unknown.exit_code == USAGE
    assert "--no-such-option" in unknown.output


def test_a_command_is_known_by_the_name_it_is_listed_under() -> None:
    context = click.Context(commands)
    for name in COMMANDS:
        command = commands.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help


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
