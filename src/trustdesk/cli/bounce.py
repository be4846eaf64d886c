"""`trustdesk bounce < message`: what comes back to the return mailbox, one message a call, from the mail server."""

import sys

import click
import psycopg
import psycopg_pool

from trustdesk.cli.environment import existing_home, ready, say
from trustdesk.kernel import clock

_LARGEST = 5_000_000  # bytes; what is larger is no notification
_TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and comes again


@click.command("bounce")
def command() -> None:
    """Read one message from standard input: a delivery status notification (RFC 3464) or an unsubscription.

    A message that is neither, or names none of ours, changes nothing and ends with 0 too: a pipe that refused it would
    send a bounce for a bounce.
    """
    existing_home()
    ready()
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415 - needs the settings

    from trustdesk.delivery.api import take_back  # noqa: PLC0415

    raw = sys.stdin.buffer.read(_LARGEST)
    try:
        learnt = take_back(raw, now=clock.now())
    except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg_pool.PoolTimeout):
        click.echo("trustdesk: the database is away; try again later", err=True)
        sys.exit(_TRY_LATER)
    say(learnt)
