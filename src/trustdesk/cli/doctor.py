"""`trustdesk doctor`: examine the installation, say what to mend, keep the answer for the console."""

import sys

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock

_MARKS = {"sound": "ok  ", "warning": "WARN", "broken": "BAD "}


@click.command("doctor", epilog="Ends with 0: sound, or worth a warning; 1: something is broken.")
@click.option("--quiet", is_flag=True, help="Say only what is not sound.")
def command(*, quiet: bool) -> None:
    """Examine the installation, say what to mend, and keep the result for the console."""
    home = existing_home()
    ready()
    from trustdesk.health.api import State, examine, record  # noqa: PLC0415 - needs the settings

    with running_database(home):
        examination = examine(now=clock.now())
        record(examination)
    for finding in examination.findings:
        if quiet and finding.state is State.SOUND:
            continue
        say(f"{_MARKS[finding.state]} {finding.check:<12} {finding.text}")
        if finding.mend_text:
            say(f"     {'':<12} {finding.mend_text}")
    sys.exit(1 if examination.state is State.BROKEN else 0)
