"""Files in a folder of an SFTP server. Nobody says when one is whole: what looks the same at two looks is."""

import contextlib
import json
import posixpath
import stat
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial

import paramiko

from trustdesk.feeds.setups import SftpSetup
from trustdesk.feeds.transports.arrivals import BLOCK, UNFINISHED, Arrival, Asked, nothing
from trustdesk.outside.api import OutsideError, session, session_faults
from trustdesk.outside.contracts import Fault

_SILENCE_SECONDS = 20.0


def look(asked: Asked) -> Iterator[Arrival]:
    """Files that were there in the same size and age at the look before, the oldest first."""
    setup = asked.setup
    assert isinstance(setup, SftpSetup)  # noqa: S101 - chosen by the transport
    with session_faults("folder"), contextlib.closing(_signed_in(setup, asked.secret)) as transport:
        client = _client(transport)
        there = {_place(one): one for one in client.listdir_attr(setup.folder) if _wanted(one, setup.pattern)}
        fresh = [place for place in there if not asked.known(place)]
        seen = set(_seen(asked.cursor))
        for place in sorted((one for one in fresh if one in seen), key=lambda one: (there[one].st_mtime or 0, one)):
            path = posixpath.join(setup.folder, there[place].filename)
            stored = partial(_remove, client, path) if setup.remove else nothing
            yield Arrival(place, _pieces(client, path, there[place]), asked.cursor, stored)
    asked.cursor = json.dumps(sorted(fresh))


def _signed_in(setup: SftpSetup, secret: str) -> paramiko.Transport:
    return session(setup.host, setup.port, setup.user, setup.host_key, secret)


def _client(transport: paramiko.Transport) -> paramiko.SFTPClient:
    client = paramiko.SFTPClient.from_transport(transport)
    if client is None:
        raise OutsideError(Fault.FORBIDDEN)
    channel = client.get_channel()
    if channel is not None:
        channel.settimeout(_SILENCE_SECONDS)
    return client


def _wanted(one: paramiko.SFTPAttributes, pattern: str) -> bool:
    name = one.filename
    return (
        stat.S_ISREG(one.st_mode or 0)
        and not name.startswith(".")
        and not name.endswith(UNFINISHED)
        and name == posixpath.basename(name)
        and name.isprintable()
        and fnmatchcase(name, pattern)
    )


def _place(one: paramiko.SFTPAttributes) -> str:
    return f"{one.filename}:{one.st_mtime}:{one.st_size}"


def _seen(cursor: str) -> list[str]:
    try:
        return [str(one) for one in json.loads(cursor or "[]")]
    except ValueError:
        return []


def _pieces(client: paramiko.SFTPClient, path: str, before: paramiko.SFTPAttributes) -> Iterator[bytes]:
    with session_faults("folder"):
        with client.open(path, "rb") as file:
            file.prefetch(before.st_size)
            while piece := file.read(BLOCK):
                yield piece
        now = client.stat(path)
    if (now.st_mtime, now.st_size) != (before.st_mtime, before.st_size):
        raise OutsideError(Fault.BUSY, where="folder")


def _remove(client: paramiko.SFTPClient, path: str) -> None:
    """What can't be removed stays: it is known by its place."""
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        client.remove(path)
