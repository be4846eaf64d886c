"""`trustdesk mail-test`: one message through the mail settings, and what the server said where it fails."""

import smtplib

import click

from trustdesk.cli.environment import existing_home, ready, say
from trustdesk.kernel.errors import BadInputError


@click.command("mail-test")
@click.argument("recipient")
def command(recipient: str) -> None:
    """Send one message to RECIPIENT. It holds nothing but the words that it is a test."""
    existing_home()
    ready()
    from django.conf import settings  # noqa: PLC0415 - needs the home
    from django.core.mail import EmailMessage  # noqa: PLC0415

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
    except smtplib.SMTPAuthenticationError:
        raise BadInputError(
            "The mail server refuses user or password.", place=place, mend="Correct mail_user and mail_password."
        ) from None
    except smtplib.SMTPRecipientsRefused:
        raise BadInputError("The mail server refuses the recipient.", place=place, mend="Try another one.") from None
    except smtplib.SMTPException as fault:
        raise BadInputError(f"The mail server refuses: {type(fault).__name__}.", place=place) from None
    except OSError as fault:
        raise BadInputError(
            f"The mail server does not answer: {fault.strerror or type(fault).__name__}.",
            place=place,
            mend="Correct mail_host, mail_port, mail_starttls and mail_tls.",
        ) from None
    say(f"sent through {place} as {settings.DEFAULT_FROM_EMAIL}")
