"""`trustdesk reference`: what the post publishes of postcodes and streets; loaded."""

from pathlib import Path

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock


@click.group("reference")
@click.pass_context
def command(call: click.Context) -> None:
    """Postcodes and streets as Posti publishes them, for addresses that feeds say in part."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))


@command.command("load")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def load(*, file: Path) -> None:
    """Exchange the postcodes (PCF) or the streets (BAF) for FILE's, as a whole; the same file twice changes nothing."""
    from trustdesk.feeds.api import load_reference  # noqa: PLC0415 - needs the settings

    loaded = load_reference(file=file, by=None, now=clock.now())
    say(f"loaded: {loaded.what} of {loaded.edition}, {loaded.rows:,} rows, {loaded.faults:,} records not readable")
