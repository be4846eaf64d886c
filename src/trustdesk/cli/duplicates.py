"""`trustdesk duplicates`: the whole register looked through at once for people who stand there twice."""

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say


@click.command("duplicates")
@click.option("--controller", help="The company's number or exact name; not needed where there is only one.")
def command(*, controller: str | None) -> None:
    """Compare every record of a company with every other, with Splink on DuckDB: after a first load, or once a year.

    What may be one person appears in the console, under Updates, Duplicates, where a person decides; nothing is merged.
    It needs 2.5 GB of memory for a million customers.
    """
    home = existing_home()
    ready()
    from trustdesk.matching.api import splink_on_duckdb  # noqa: PLC0415 - seconds, and needed by few
    from trustdesk.updates.api import clean_up  # noqa: PLC0415 - needs the settings

    with running_database(home):
        looked = clean_up(controller_of(controller), engine=splink_on_duckdb())
    say(f"{looked.looked:,} records looked through, {looked.found:,} pairs proposed")
