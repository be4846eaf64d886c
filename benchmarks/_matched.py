"""A register and a feed as the matcher takes them: identities, their profiles of keyed tokens, and the index."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks._house import Progress
from benchmarks._register import KINDS, Row, World
from benchmarks._splink import columns

if TYPE_CHECKING:
    import pyarrow as pa

    from trustdesk.matching.contracts import Identity
    from trustdesk.updates.contracts import Change

CHUNK = 20_000
Profiles = npt.NDArray[np.int64]


def keyed() -> Callable[[str], int]:
    """A digest of 64 bits under a key of its own, as the vault makes one."""
    key = secrets.token_bytes(32)

    def digest(text: str) -> int:
        taken = hashlib.blake2b(text.encode(), digest_size=8, key=key).digest()
        return int.from_bytes(taken, "little", signed=True)

    return digest


def known(row: Row) -> "Identity":
    """By what the register knows the customer of this row."""
    from trustdesk.matching.api import identity  # noqa: PLC0415  # the benches that need no matcher go without
    from trustdesk.matching.contracts import Said  # noqa: PLC0415

    said = [Said(value.attribute, KINDS[value.attribute], value.text, value.shared) for value in row.values]
    return identity(said, country=row.country)


def asked(changes: "Iterable[Change]") -> "list[Identity]":
    """By what a feed knows the people of its changes."""
    from trustdesk.matching.api import identity  # noqa: PLC0415

    return [identity(change.person, country=change.country) for change in changes]


def profiles(identities: "Sequence[Identity]", digest: Callable[[str], int]) -> Profiles:
    from trustdesk.matching.api import WIDTH, profile  # noqa: PLC0415

    made = np.zeros((len(identities), WIDTH), np.int64)
    for place, each in enumerate(identities):
        made[place] = profile(each, digest)
    return made


class Register:
    """Customers 1 to `many`, in the order in which `read` gives them; it is read again for those who are opened.

    `table` holds the peer's columns of the same identities, where asked for.
    """

    def __init__(
        self, read: "Callable[[], Iterable[Identity]]", many: int, digest: Callable[[str], int], *, table: bool
    ) -> None:
        from trustdesk.matching.api import WIDTH, Index  # noqa: PLC0415

        self._read, self.many, self.digest = read, many, digest
        self.profiles: Profiles = np.zeros((many, WIDTH), np.int64)
        parts: list[pa.Table] = []
        shown, done = Progress("taking down", many), 0
        for chunk in _chunks(read()):
            self.profiles[done : done + len(chunk)] = profiles(chunk, digest)
            if table:
                parts.append(columns(range(done + 1, done + 1 + len(chunk)), chunk))
            done += len(chunk)
            shown.at(done)
        self.table = _together(parts) if table else None
        self.index = Index(np.arange(1, many + 1, dtype=np.int64), self.profiles)

    def opened(self, customers: Collection[int]) -> "Mapping[int, Identity]":
        return {number: each for number, each in enumerate(self._read(), start=1) if number in customers}


def of_world(world: World, digest: Callable[[str], int], *, table: bool) -> Register:
    return Register(lambda: (known(row) for row in world.rows()), world.customers, digest, table=table)


def _chunks(identities: "Iterable[Identity]") -> "Iterator[list[Identity]]":
    chunk: list[Identity] = []
    for each in identities:
        chunk.append(each)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _together(parts: "Sequence[pa.Table]") -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415

    return pa.concat_tables(parts).combine_chunks()
