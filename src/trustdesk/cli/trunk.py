"""`trustdesk trunk`: carriers of the exchange; listed, set, taken away."""

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError


@click.group("trunk", invoke_without_command=True)
@click.pass_context
def command(call: click.Context) -> None:
    """Trunks; without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    if call.invoked_subcommand is None:
        _list()


@command.command("set")
@click.argument("name")
@click.option("--address", "addresses", multiple=True, help="A net it calls from, as in 192.0.2.0/28.")
@click.option("--user", default="", help="As whom it and we prove ourselves.")
@click.option("--ask-password", is_flag=True, help="Ask for the password; without it the one there is stays.")
@click.option("--realm", default="", help="The realm of the password.")
@click.option("--challenge", is_flag=True, help="It has to prove the password when it calls.")
@click.option("--registrar", default="", help="Where we register, as in sip:sip.example.com;transport=tls.")
@click.option("--target", default="", help="Where calls out go; empty: where we register.")
@click.option("--per-day", type=click.IntRange(0), help="The most calls out a day, of all companies.")
def set_(
    *,
    name: str,
    addresses: tuple[str, ...],
    user: str,
    ask_password: bool,
    realm: str,
    challenge: bool,
    registrar: str,
    target: str,
    per_day: int | None,
) -> None:
    """Set the trunk of this name, whole: what is not named is empty. A new one where there is none."""
    from trustdesk.telephony.api import save_trunk, trunks  # noqa: PLC0415 - needs the settings
    from trustdesk.telephony.contracts import NewTrunk  # noqa: PLC0415

    password = click.prompt("Password", hide_input=True) if ask_password else None
    held = next((trunk.trunk_id for trunk in trunks(by=None) if trunk.name == name), None)
    new = NewTrunk(
        name=name,
        addresses=addresses,
        user=user,
        password=password,
        realm=realm,
        registrar=registrar,
        target=target,
        challenge=challenge,
        per_day=per_day,
    )
    save_trunk(trunk_id=held, new=new, by=None, now=clock.now())
    say(f"{'changed' if held else 'added'}: {name}")


@command.command("remove")
@click.argument("name")
def remove(*, name: str) -> None:
    """Take a trunk away."""
    from trustdesk.telephony.api import remove_trunk, trunks  # noqa: PLC0415 - needs the settings

    held = next((trunk.trunk_id for trunk in trunks(by=None) if trunk.name == name), None)
    if held is None:
        raise NotFoundError("There is no such trunk.", place=name, mend="`trustdesk trunk` lists them.")
    remove_trunk(trunk_id=held, by=None, now=clock.now())
    say(f"removed: {name}")


def _list() -> None:
    from trustdesk.telephony.api import trunks  # noqa: PLC0415 - needs the settings

    for trunk in trunks(by=None):
        out = trunk.target or trunk.registrar or "no calls out"
        say(f"{trunk.name:<24}{', '.join(trunk.addresses) or 'by password':<40}{out}")
