"""A processor is given a mandate at the machine, and loses it there."""

from pathlib import Path

import pytest
from tests.integration.cli.program import trustdesk

pytestmark = pytest.mark.slow  # whole programs are started

ADD = ("company", "add", "Pohjolan Sähkö", "--country", "fi", "--language", "fi", "--time-zone", "Europe/Helsinki")
BEGIN = ("mandate", "begin", "--processor", "Nordwind", "--purpose", "service", "--operation", "customer:open")


def test_a_mandate_is_begun_and_ended_at_the_machine(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert trustdesk(home, "init", "--email", "first@example.org", "--name", "First Person").returncode == 0
    assert trustdesk(home, *ADD).returncode == 0
    unknown = trustdesk(home, *BEGIN)
    assert (unknown.returncode, "There is no such processor." in unknown.stderr) == (1, True)
    assert trustdesk(home, "mandate", "processor", "Nordwind", "--country", "de").returncode == 0
    backwards = trustdesk(home, *BEGIN, "--until", "2020-01-01")
    assert (backwards.returncode, "A mandate ends after it starts." in backwards.stderr) == (1, True)
    begun = trustdesk(home, *BEGIN, "--until", "2999-12-31")
    assert begun.returncode == 0, begun.stderr
    assert "to 2999-12-31T22:00:00.000000Z  Pohjolan Sähkö · Nordwind  (service)" in begun.stdout
    name = begun.stdout.split(maxsplit=1)[0]
    assert trustdesk(home, "mandate", "end", "nobody", "--reason", "Over.").returncode == 1
    ended = trustdesk(home, "mandate", "end", name, "--reason", "The contract was not renewed.")
    assert ended.returncode == 0, ended.stderr
    again = trustdesk(home, "mandate", "end", name, "--reason", "Once more.")
    assert (again.returncode, "This mandate has already ended." in again.stderr) == (1, True)
    listed = trustdesk(home, "mandate").stdout.splitlines()
    assert len(listed) == 2
    own = next(line for line in listed if "own staff" in line)
    kept = trustdesk(home, "mandate", "end", own.split(maxsplit=1)[0], "--reason", "By mistake.")
    assert kept.returncode == 1
