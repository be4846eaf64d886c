"""`trustdesk demo-code`: the sign-ins of the demo with the codes of this moment."""

import click

from trustdesk.cli.environment import existing_home, say


@click.command("demo-code")
@click.argument("email", required=False)
def command(email: str | None) -> None:
    """The current code of one of the demo's people, or all sign-ins."""
    from trustdesk.demo.home import check_demo  # noqa: PLC0415 - only the demo needs it
    from trustdesk.demo.people import code, sign_ins, totp_secret  # noqa: PLC0415

    home = existing_home()
    check_demo(home)
    if email:
        say(code(totp_secret(home, email)))
    else:
        for line in sign_ins(home):
            say(line)
