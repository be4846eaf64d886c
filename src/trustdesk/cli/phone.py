"""`trustdesk phone`: SIP phones of agents; listed, added, given a new password, taken away."""

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError


@click.group("phone", invoke_without_command=True)
@click.pass_context
def command(call: click.Context) -> None:
    """SIP phones; without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    if call.invoked_subcommand is None:
        _list()


@command.command("add")
@click.argument("user")
@click.option("--operator", "email", required=True, help="Who answers it: the e-mail address of an operator.")
@click.option("--label", default="", help="Where it stands.")
@click.option("--sha256", is_flag=True, help="It can prove its password by SHA-256 (RFC 8760); MD5 is not taken then.")
def add(*, user: str, email: str, label: str, sha256: bool) -> None:
    """Add a phone. Its password is printed this once."""
    from trustdesk.accounts.api import operator_by_email  # noqa: PLC0415 - needs the settings
    from trustdesk.telephony.api import add_phone  # noqa: PLC0415

    found = operator_by_email(email)
    if found is None:
        raise NotFoundError("There is no operator of this address.", place=email, mend="Invite one in the console.")
    secret = add_phone(user=user, label=label, operator_id=found.id, by=None, now=clock.now(), sha256=sha256)
    _show(secret.user, secret.realm, secret.password)


@command.command("reset")
@click.argument("user")
def reset(*, user: str) -> None:
    """Give a phone a new password, printed this once; the old one is worth nothing at once."""
    from trustdesk.telephony.api import reset_phone  # noqa: PLC0415 - needs the settings

    secret = reset_phone(phone_id=_found(user), by=None, now=clock.now())
    _show(secret.user, secret.realm, secret.password)


@command.command("remove")
@click.argument("user")
def remove(*, user: str) -> None:
    """Take a phone away: it registers no more."""
    from trustdesk.telephony.api import remove_phone  # noqa: PLC0415 - needs the settings

    remove_phone(phone_id=_found(user), by=None, now=clock.now())
    say(f"removed: {user}")


def _list() -> None:
    from trustdesk.accounts.api import names  # noqa: PLC0415 - needs the settings
    from trustdesk.telephony.api import phones  # noqa: PLC0415

    held = phones(by=None)
    people = names({phone.operator_id for phone in held})
    for phone in held:
        say(f"{phone.user:<24}{people.get(phone.operator_id, ''):<32}{phone.label}")


def _found(user: str) -> int:
    from trustdesk.telephony.api import phones  # noqa: PLC0415 - needs the settings

    for phone in phones(by=None):
        if phone.user == user:
            return phone.phone_id
    raise NotFoundError("There is no such phone.", place=user, mend="`trustdesk phone` lists them.")


def _show(user: str, realm: str, password: str) -> None:
    say(f"user      {user}")
    say(f"realm     {realm}")
    say(f"password  {password}")
    say("It is shown this once; `trustdesk phone reset` makes another.")
