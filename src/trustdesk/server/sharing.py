"""Commands that use one cluster at a time: whoever comes first starts it, whoever leaves last stops it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

_OURS = "started here\n"


@contextmanager
def in_use(home: Home) -> Iterator[Cluster]:
    """The home's cluster, running until the block ends and nobody else uses it. Raises ClusterError.

    Two locks of the operating system, which a killed command gives back: one is shared by all who use the cluster,
    the other lets one of them at a time start or stop it. What somebody else had started is left running.
    """
    cluster = Cluster(home)
    with (home.data / "database.users").open("a+") as users:
        with _turn(home):
            fcntl.flock(users, fcntl.LOCK_SH)
            if cluster.running_pid() is None:
                _note(users, _OURS)
                cluster.start()
        try:
            yield cluster
        finally:
            with _turn(home):
                if _last(users) and _noted(users):
                    cluster.stop()
                    _note(users, "")


@contextmanager
def _turn(home: Home) -> Iterator[None]:
    with (home.data / "database.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(users: IO[str], text: str) -> None:
    users.truncate(0)
    users.write(text)
    users.flush()


def _noted(users: IO[str]) -> bool:
    users.seek(0)
    return users.read() == _OURS
