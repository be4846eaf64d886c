"""`trustdesk company`: the client companies of this installation; listed, added."""

import click

from trustdesk.cli.companies import administering
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock

LANGUAGES = ("en", "hu", "fi", "pl", "de")


@click.group("company", invoke_without_command=True)
@click.pass_context
def command(call: click.Context) -> None:
    """Client companies (controllers); without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    if call.invoked_subcommand is None:
        _list()


def _list() -> None:
    from trustdesk.mandates.api import controllers  # noqa: PLC0415 - needs the settings

    for company in controllers():
        say(f"{company.id:<6}{company.country:<4}{company.name}  ({', '.join(company.languages)}; {company.time_zone})")


@command.command("add")
@click.argument("name")
@click.option("--country", required=True, help="Whose law counts (ISO 3166-1), as in FI.")
@click.option("--language", "languages", required=True, multiple=True, type=click.Choice(LANGUAGES))
@click.option("--time-zone", required=True, help="An IANA name, as in Europe/Helsinki.")
def add(*, name: str, country: str, languages: tuple[str, ...], time_zone: str) -> None:
    """Add a company with its keys, its log, its catalog and the mandate of its own staff.

    An administrator then gives seats in it, in the console.
    """
    from trustdesk.mandates.api import create_controller  # noqa: PLC0415 - needs the settings
    from trustdesk.register.api import seed_catalog  # noqa: PLC0415

    now = clock.now()
    made = create_controller(
        name=name.strip(), country=country.upper(), languages=languages, time_zone=time_zone, by=None, now=now
    )
    seed_catalog(administering(made.id), now=now)
    say(f"added: {made.id} {made.name}")
