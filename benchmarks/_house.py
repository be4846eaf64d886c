"""What every bench shares: its size, its progress, its last line, and a house of its own on a real PostgreSQL.

The cluster is set as in production: `fsync` on, a commit waits for the disk. Everything is gone afterwards.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django

from trustdesk.server.cluster import Cluster
from trustdesk.server.database import create_database, prepare_roles, prepare_schema
from trustdesk.server.home import Home


def size(promised: int) -> int:
    """How many rows: the promised number, or the environment's ROWS."""
    return int(os.environ.get("ROWS", promised))


def say(text: str) -> None:
    """One line of what is being done."""
    print(text, flush=True)


class Progress:
    """How far something long is, at most once a second."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._started = self._said = time.monotonic()

    def at(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said < 1 and done < self._total:
            return
        self._said = now
        speed = done / max(now - self._started, 1e-9)
        say(f"  {self._what}: {done:,} of {self._total:,} ({speed:,.0f}/s)")


def middle(seconds: Sequence[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(seconds) * 1000


def result(*, bench: str, ours: float, peer: float, unit: str, holds: bool, rows: int, **more: object) -> None:
    """The last line. `ratio` is ours / peer; `holds` is the bench's own promise, at the promised size only."""
    line = {
        "bench": bench,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "unit": unit,
        "ratio": round(ours / peer, 3),
        "holds": holds,
        "rows": rows,
        **more,
    }
    print(json.dumps(line), flush=True)


@contextmanager
def house(**choices: str) -> Iterator[Home]:
    """A fresh installation with its own cluster, migrated; Django is ready inside. `choices` are settings by name."""
    folder = Path(tempfile.mkdtemp(prefix="trustdesk-bench-"))
    os.environ["TRUSTDESK_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "trustdesk.settings.base"
    os.environ.update({f"TRUSTDESK_{name.upper()}": value for name, value in choices.items()})
    home = Home(folder)
    home.prepare()
    cluster = Cluster(home)
    try:
        say("starting a database of its own")
        cluster.create()
        cluster.start()
        django.setup()
        _migrate(cluster, home)
        yield home
    finally:
        _close_connections()
        cluster.stop(immediate=True)
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(cluster: Cluster, home: Home) -> None:
    from django.core.management import call_command  # noqa: PLC0415  # after django.setup()
    from django.db import connections  # noqa: PLC0415

    from trustdesk.isolation.api import install_scope_key  # noqa: PLC0415

    with cluster.connect() as connection:
        prepare_roles(connection, home.database_passwords())
        create_database(connection)
    with cluster.connect("trustdesk") as connection:
        prepare_schema(connection)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    install_scope_key()
    connections["owner"].close()


def _close_connections() -> None:
    from trustdesk.cli.environment import close_connections  # noqa: PLC0415

    close_connections()
