"""`trustdesk init`: home folder, keys, database, and the link by which the first administrator signs in."""

import click

from trustdesk.cli.environment import alone, say
from trustdesk.cli.installation import check_choice, installed
from trustdesk.cli.listening import check_address
from trustdesk.kernel import clock
from trustdesk.server.home import current_home


@click.command("init")
@click.option("--email", prompt="E-mail address of the first administrator")
@click.option("--name", prompt="Name of the first administrator")
@click.option("--language", type=click.Choice(["en", "hu", "fi", "pl", "de"]), default="en", show_default=True)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where people will reach it.")
@click.option("--database", metavar="URL", help="An external PostgreSQL, with an account that may create roles.")
def command(email: str, name: str, language: str, address: str, database: str | None) -> None:
    """Make the home folder, the keys and the first administrator. There is no default password."""
    home = current_home()
    check_address(address)
    check_choice(home, database)
    say(f"home: {home.path}")
    with alone(home), installed(home, choices={"address": address}, admin_url=database):
        from trustdesk.accounts.api import create_first_administrator  # noqa: PLC0415 - needs the settings

        link = create_first_administrator(email=email, name=name, language=language, now=clock.now())
    say("")
    say("Open this link once, within a day, to set a password and a second factor:")
    say(f"  {address.rstrip('/')}{link.path}")
    say("")
    say("Start with `trustdesk up`. Keep var/keys apart from var/data: who has both can read everything.")
