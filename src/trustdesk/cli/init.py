"""`trustdesk init`: home folder, keys, database, and the link by which the first administrator signs in."""

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from trustdesk.cli.environment import alone, say
from trustdesk.cli.installation import check_choice, choose_address, installed
from trustdesk.kernel import clock
from trustdesk.server.home import current_home


def _email(_context: click.Context, _option: click.Parameter, said: str) -> str:
    """Asked before anything is made: a home for nobody would be left behind."""
    try:
        validate_email(said.strip())
    except ValidationError:
        raise click.BadParameter("this is not an e-mail address") from None
    return said.strip()


def _name(_context: click.Context, _option: click.Parameter, said: str) -> str:
    if not said.strip():
        raise click.BadParameter("the administrator needs a name")
    return said.strip()


@click.command("init")
@click.option("--email", prompt="E-mail address of the first administrator", callback=_email)
@click.option("--name", prompt="Name of the first administrator", callback=_name)
@click.option("--language", type=click.Choice(["en", "hu", "fi", "pl", "de"]), default="en", show_default=True)
@click.option("--address", help="Where people will reach it; http://127.0.0.1:8000 where nothing is said.")
@click.option("--database", metavar="URL", help="An external PostgreSQL, with an account that may create roles.")
def command(email: str, name: str, language: str, address: str | None, database: str | None) -> None:
    """Make the home folder, the keys and the first administrator. There is no default password."""
    home = current_home()
    chosen = choose_address(home, address)
    check_choice(home, database)
    say(f"home: {home.path}")
    with alone(home), installed(home, choices={"address": chosen}, admin_url=database):
        from trustdesk.accounts.api import create_first_administrator  # noqa: PLC0415 - needs the settings

        link = create_first_administrator(email=email, name=name, language=language, now=clock.now())
    say("")
    say("Open this link once, within a day, to set a password and a second factor:")
    say(f"  {chosen}{link.path}")
    say("")
    say("Start with `trustdesk up`. Keep var/keys apart from var/data: who has both can read everything.")
