"""SQLite: the rows of every table, and what deleted ones left in the file (sqlite.org/fileformat2.html)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import BinaryIO
from urllib.parse import quote

from trustdesk.scan.contracts import Reason
from trustdesk.scan.readers.budget import Budget, Source, UnreadableError, broken
from trustdesk.scan.readers.columnar import AT_ONCE, written
from trustdesk.scan.readers.members import Parts, guarded, inside
from trustdesk.scan.readers.text import decoded, numbered

_LISTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite#_%' ESCAPE '#'"
_STEPS = 100_000
"""So many steps of SQLite's machine lie between two looks at the clock."""
_FILE_HEADER = 100
_FREE_LIST = 32
_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}
"""How long the header of a page with cells is, by its first byte."""
_FREE_BLOCK, _CELLS, _CONTENT = slice(1, 3), slice(3, 5), slice(5, 7)
_POINTER, _NUMBER = 2, 4
_REMAINS = 262_144


def read_sqlite(budget: Budget, source: Source) -> Parts:
    """Every row of every table, then the free room between and behind them. Nothing is written beside the file."""
    stream = budget.whole(source)
    with broken(sqlite3.Error), closing(_opened(budget, source, stream)) as database:
        database.text_factory = partial(str, encoding="utf-8", errors="replace")
        database.set_progress_handler(lambda: _is_late(budget), _STEPS)
        for (name,) in database.execute(_LISTED).fetchall():
            budget.member()
            budget.check_time()
            place = inside(source.place, name)
            yield from guarded(place, partial(_table, budget, database, place, name))
        (size,) = database.execute("PRAGMA page_size").fetchone()
    if stream.seek(0, os.SEEK_END) % size:
        raise UnreadableError(Reason.BROKEN)
    remains = _remains(budget, stream, size)
    yield from numbered(inside(source.place, "free room"), decoded(remains, b""))


def _opened(budget: Budget, source: Source, stream: BinaryIO) -> sqlite3.Connection:
    path = getattr(stream, "name", "")
    if isinstance(path, str) and path:
        # Immutable: no lock is taken, and no journal of a crash is played back into the file.
        address = f"file:{quote(os.path.realpath(path))}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None)
    stream.seek(0)
    database = sqlite3.connect(":memory:", isolation_level=None)
    content = bytearray().join(budget.blocks(source, most=budget.bounds.member_bytes))
    content[18:20] = b"\x01\x01"  # a copy in memory has no log of writes beside it
    database.deserialize(bytes(content))
    return database


def _is_late(budget: Budget) -> bool:
    try:
        budget.check_time()
    except UnreadableError:
        return True
    return False


def _table(budget: Budget, database: sqlite3.Connection, place: str, name: str) -> Parts:
    quoted = name.replace('"', '""')
    with broken(sqlite3.Error):
        cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  (the name is quoted)
        yield from written(budget, place, iter(partial(cursor.fetchmany, AT_ONCE), []))


def _remains(budget: Budget, stream: BinaryIO, size: int) -> Iterator[bytes]:
    """What lies in free pages and in the free room of the others, each with a line to itself."""
    free = _free_pages(stream, size)
    found: list[bytes] = []
    stream.seek(0)
    number = 0
    while page := stream.read(size):
        number += 1
        room = [page] if number in free else _free_room(page, _FILE_HEADER if number == 1 else 0)
        found += [left for one in room if (left := one.strip(b"\0"))]
        if sum(map(len, found)) > _REMAINS:
            budget.check_time()
            yield b"\n".join([*found, b""])
            found = []
    yield b"\n".join(found)


def _free_room(page: bytes, start: int) -> list[bytes]:
    """Between the pointers of a page and its cells, and where a cell was."""
    header = page[start : start + max(_HEADERS.values())]
    length = _HEADERS.get(header[0]) if header else None
    if length is None:
        return []
    first = start + length + _POINTER * int.from_bytes(header[_CELLS])
    rooms = [page[first : int.from_bytes(header[_CONTENT]) or len(page)]]
    block = int.from_bytes(header[_FREE_BLOCK])
    while block and len(rooms) < len(page):
        following, size = (int.from_bytes(page[at : at + _POINTER]) for at in (block, block + _POINTER))
        rooms.append(page[block + 2 * _POINTER : block + size])
        if following <= block:
            break
        block = following
    return rooms


def _free_pages(stream: BinaryIO, size: int) -> set[int]:
    """The numbers of the pages that belong to no table, by the list of them."""
    stream.seek(_FREE_LIST)
    trunk, found = int.from_bytes(stream.read(_NUMBER)), set[int]()
    while trunk and trunk not in found:
        found.add(trunk)
        stream.seek((trunk - 1) * size)
        page = stream.read(size)
        count = int.from_bytes(page[_NUMBER : 2 * _NUMBER])
        leaves = page[2 * _NUMBER : (2 + count) * _NUMBER]
        found.update(int.from_bytes(leaves[at : at + _NUMBER]) for at in range(0, len(leaves), _NUMBER))
        trunk = int.from_bytes(page[:_NUMBER])
    return found
