"""`trustdesk mail-test`: one message through the mail settings, and what the server said where it fails."""

from typing import TYPE_CHECKING

import click

from trustdesk.cli.environment import existing_home, ready, say
from trustdesk.kernel.errors import BadInputError

if TYPE_CHECKING:
    from trustdesk.delivery.api import CarrierError

_PLACE = "Correct mail_host, mail_port, mail_starttls and mail_tls."
_REASONS = {
    "sign-in-refused": ("The mail server refuses user or password.", "Correct mail_user and mail_password."),
    "sign-in-not-offered": ("The mail server offers no way to sign in.", "Leave mail_user out, or turn TLS on."),
    "recipient-refused": ("The mail server refuses the recipient.", "Try another one."),
    "sender-refused": ("The mail server refuses the sender.", "Correct mail_from, or sign in."),
    "starttls-missing": ("The mail server refuses: it offers no STARTTLS.", _PLACE),
    "bad-certificate": ("The mail server's certificate is not valid for its name.", "Correct mail_host."),
    "no-connection": ("The mail server does not answer.", _PLACE),
    "timeout": ("The mail server does not answer in time.", _PLACE),
    "connection-lost": ("The mail server went away.", _PLACE),
}


@click.command("mail-test")
@click.argument("recipient")
def command(recipient: str) -> None:
    """Send one message to RECIPIENT. It holds nothing but the words that it is a test."""
    existing_home()
    ready()
    from django.conf import settings  # noqa: PLC0415 - needs the home
    from django.core.mail import EmailMessage  # noqa: PLC0415

    from trustdesk.delivery.api import CarrierError  # noqa: PLC0415

    if not settings.EMAIL_HOST:
        raise BadInputError(
            "No mail server is set: messages are kept as files.",
            place=str(settings.EMAIL_FILE_PATH),
            mend="Set mail_host, mail_port, mail_user, mail_password and mail_from in settings.toml.",
        )
    message = EmailMessage("trustdesk: mail works", "This message was sent to test the mail settings.", to=[recipient])
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        message.send()
    except CarrierError as fault:
        raise _refusal(fault, place) from None
    say(f"sent through {place} as {settings.DEFAULT_FROM_EMAIL}")


def _refusal(fault: "CarrierError", place: str) -> BadInputError:
    message, mend = _REASONS.get(fault.reason, (f"The mail server refuses: {fault.reason}.", ""))
    answered = f"{place} answered {fault.reply} {fault.status}".strip() if fault.reply else place
    return BadInputError(message, place=answered, mend=mend)
