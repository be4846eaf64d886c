"""The book: the ledger's copy in the home folder, which no restore of the database takes back.

One line for each erasure, written and synced before anything of the person is destroyed. Tokens and numbers of ours
only: without the company's keys a line says nothing of anybody.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from trustdesk.kernel.clock import rfc3339

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the person, in hexadecimal."""

    kind: str
    version: int
    level: int
    token: str


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure that was begun."""

    controller_id: int
    plan_id: int
    customer_id: int
    people: tuple[int, ...]
    cause: str
    approved_at: datetime
    approved_by: int
    at: datetime
    tokens: tuple[Token, ...]


def folder() -> Path:
    """Where the book lies."""
    place: Path = settings.TRUSTDESK_HOME.ledger
    return place


def write(lines: Sequence[Line]) -> None:
    """Add the lines, all on the disk when this returns. Written twice after a kill they are read once."""
    if not lines:
        return
    path = folder() / NAME
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _write_whole(handle, _mended(path) + b"".join(_stored(line) for line in lines))
        os.fsync(handle)
    finally:
        os.close(handle)


def read(paths: Sequence[Path] = ()) -> list[Line]:
    """Every erasure once, the earliest first, of the book and of other copies of it. What a kill left half is no line:
    nothing was destroyed then.
    """
    found: dict[tuple[int, int], Line] = {}
    for path in (folder() / NAME, *paths):
        for line in _lines(path):
            found.setdefault((line.controller_id, line.plan_id), line)
    return sorted(found.values(), key=lambda line: (line.at, line.plan_id))


def take_over(lines: Iterable[Line]) -> None:
    """Add those that came from other copies and that the book lacks."""
    known = {(each.controller_id, each.plan_id) for each in _lines(folder() / NAME)}
    write([line for line in lines if (line.controller_id, line.plan_id) not in known])


def _write_whole(handle: int, content: bytes) -> None:
    """A disk that is filling up takes a part, and says that it is full at the next one."""
    while content:
        content = content[os.write(handle, content) :]


def _mended(path: Path) -> bytes:
    """A line break where a kill left half a line: what follows must not become part of it."""
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) == 0:
            return b""
        stream.seek(-1, os.SEEK_END)
        return b"" if stream.read(1) == b"\n" else b"\n"


def _stored(line: Line) -> bytes:
    held: dict[str, Any] = asdict(line) | {"approved_at": rfc3339(line.approved_at), "at": rfc3339(line.at)}
    return json.dumps(held, separators=(",", ":")).encode() + b"\n"


def _lines(path: Path) -> Iterator[Line]:
    if not path.exists():
        return
    with path.open("rb") as stream:
        for raw in stream:
            if (line := _read(raw)) is not None:
                yield line


def _read(raw: bytes) -> Line | None:
    try:
        held = json.loads(raw)
    except ValueError:
        return None
    return Line(
        controller_id=held["controller_id"],
        plan_id=held["plan_id"],
        customer_id=held["customer_id"],
        people=tuple(held["people"]),
        cause=held["cause"],
        approved_at=datetime.fromisoformat(held["approved_at"]),
        approved_by=held["approved_by"],
        at=datetime.fromisoformat(held["at"]),
        tokens=_tokens(held["tokens"]),
    )


def _tokens(rows: Iterable[dict[str, Any]]) -> tuple[Token, ...]:
    return tuple(Token(**row) for row in rows)
