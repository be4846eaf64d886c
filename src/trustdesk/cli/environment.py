"""What every command does first: find the home, and make Django ready where it is needed."""

import atexit
import fcntl
import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
import django
import psycopg
from django.apps import apps
from psycopg_pool import PoolTimeout

from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.registries import check_complete
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import OWNER
from trustdesk.server.external import UnreachableError, connected, shown, without_account
from trustdesk.server.home import Home, current_home
from trustdesk.server.sharing import in_use


def ready(*, service: bool = False) -> None:
    """Load the settings and the applications. Raises BadInputError where the home was not made yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustdesk.settings.base")
    if not service:
        logging.disable(logging.INFO)  # a person reads what the command says
    if not apps.ready:
        gc.disable()  # of what is loaded nothing is garbage: looking for it again and again takes a third of the time
        django.setup()
        gc.freeze()
        gc.enable()
        # From Python 3.13 on a pool that is still open as the interpreter ends waits in vain for its threads.
        atexit.register(close_connections)
    check_complete()


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
    """Work on an external PostgreSQL; every process started from here does too, and none is told the account."""
    if url:
        os.environ["TRUSTDESK_DATABASE"] = without_account(url)


def external() -> bool:
    """True where the database is not the home's own cluster."""
    from django.conf import settings  # noqa: PLC0415 - settings read the home, which must exist first

    return bool(settings.TRUSTDESK_EXTERNAL)


def check_external(home: Home) -> None:
    """Raise what is wrong with the external database, from the owner's point of view, before anything is begun."""
    with connected(database_place(), user=OWNER, password=home.database_passwords()[OWNER]):
        pass


@contextmanager
def running_database(home: Home) -> Iterator[Cluster | None]:
    """The database while the block runs: the home's own cluster, or None where it is external and was found well.

    The cluster is started where it does not run, and stopped by whoever leaves it last. A connection that is lost
    inside is said in a line.
    """
    from django.db import OperationalError  # noqa: PLC0415 - needs the settings

    try:
        if external():
            check_external(home)
            yield None
            return
        with in_use(home) as cluster:
            try:
                yield cluster
            finally:
                close_connections()
    except (OperationalError, psycopg.OperationalError, PoolTimeout) as fault:
        if not _lost(fault):
            raise
        raise UnreachableError(
            "The database stopped answering.", place=shown(database_place()), mend="See its log, and run this again."
        ) from None


def _lost(fault: Exception) -> bool:
    """True where the server said nothing, or that it goes away (SQLSTATE 57P01 to 57P03)."""
    state = getattr(fault, "sqlstate", None) or getattr(fault.__cause__, "sqlstate", None)
    return state is None or state.startswith("57P")


def database_place() -> dict[str, str]:
    """What libpq is told about the database of this home."""
    from django.conf import settings  # noqa: PLC0415 - needs the home

    place: dict[str, str] = settings.TRUSTDESK_DATABASE_PLACE
    return place


@contextmanager
def alone(home: Home, work: str = "up") -> Iterator[None]:
    """One at a time on a home: two supervisors would start everything twice. ConflictError while another one is in."""
    home.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.data / f"{work}.lock"
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(
                "It runs already.",
                place=str(path),
                mend="Stop `trustdesk up`, or wait until the other command has ended.",
            ) from None
        yield


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
