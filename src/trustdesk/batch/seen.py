"""What was seen before in a list of any length: keys go to a private file, not to memory."""

import hashlib
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self


class SeenSet:
    """Remembers texts by a keyed digest whose key dies with this object: the file tells nothing to who finds it."""

    def __init__(self, folder: Path) -> None:
        self._key = secrets.token_bytes(32)
        self._file = tempfile.NamedTemporaryFile(dir=folder, prefix="seen-", suffix=".tmp")  # noqa: SIM115 -- closed below
        self._base = sqlite3.connect(self._file.name, isolation_level=None)
        for line in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000", "locking_mode=EXCLUSIVE"):
            self._base.execute(f"PRAGMA {line}")
        self._base.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")

    def _digest(self, text: str) -> int:
        found = hashlib.blake2b(text.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(found, "big", signed=True)

    def first_numbers(self, keyed: Sequence[tuple[int, Iterable[str]]]) -> list[int]:
        """For each (row number, keys): the lowest row that had one of the keys before, else the row itself."""
        base, answer = self._base, []
        base.execute("BEGIN")
        for number, keys in keyed:
            first = number
            for key in keys:
                digest = self._digest(key)
                found = base.execute("SELECT number FROM seen WHERE key = ?", (digest,)).fetchone()
                if found is None:
                    base.execute("INSERT INTO seen VALUES (?, ?)", (digest, number))
                else:
                    first = min(first, found[0])
            answer.append(first)
        base.execute("COMMIT")
        return answer

    def close(self) -> None:
        self._base.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
