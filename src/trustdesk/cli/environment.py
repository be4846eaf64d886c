"""What every command does first: find the home, and make Django ready where it is needed."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
import django

from trustdesk.kernel.errors import BadInputError
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home, current_home


def ready(*, service: bool = False) -> None:
    """Load the settings and the applications. Raises BadInputError where the home was not made yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustdesk.settings.base")
    if not service:
        logging.disable(logging.INFO)  # a person reads what the command says
    django.setup()


def existing_home() -> Home:
    """The home, which must have been made. Raises BadInputError with the mend."""
    home = current_home()
    if not (home.keys / "django.key").exists():
        raise BadInputError(
            "There is no installation here yet.",
            place=str(home.path),
            mend="Run `trustdesk init`, or set TRUSTDESK_HOME to the folder of one.",
        )
    return home


def use_database(url: str | None) -> None:
    """Work on an external PostgreSQL; every process started from here does too."""
    if url:
        os.environ["TRUSTDESK_DATABASE"] = url


def external() -> bool:
    """True where the database is not the home's own cluster."""
    from django.conf import settings  # noqa: PLC0415 - settings read the home, which must exist first

    host = str(settings.DATABASES["default"]["HOST"])
    return bool(settings.TRUSTDESK_EXTERNAL) if hasattr(settings, "TRUSTDESK_EXTERNAL") else not host.startswith("/")


@contextmanager
def running_database(home: Home) -> Iterator[Cluster | None]:
    """The home's own cluster while the block runs: left running where it ran before. None where it is external."""
    if external():
        yield None
        return
    cluster = Cluster(home)
    ran = cluster.running_pid() is not None
    if not ran:
        cluster.start()
    try:
        yield cluster
    finally:
        if not ran:
            close_connections()
            cluster.stop()


def close_connections() -> None:
    """Give every connection back, so that the database can stop or be replaced."""
    from django.db import connections  # noqa: PLC0415 - needs the settings

    from trustdesk.isolation.api import close_pools  # noqa: PLC0415

    close_pools()
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None and connection.settings_dict["OPTIONS"].get("pool"):
            close_pool()


def say(text: str) -> None:
    """One line of what is being done."""
    click.echo(text)
