"""Whoever was erased after a backup was made is erased again in what it restores, before the doors open."""

import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from trustdesk.cli.archive import FILES
from trustdesk.cli.environment import say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError

BOOK = "erased.jsonl"
_MEMBER = f"ledger/{BOOK}"


@contextmanager
def copies(data: Path, named: Sequence[Path]) -> Iterator[list[Path]]:
    """The copies of the ledger that there are: in the backups that lie beside this one, and those that are named: a
    file, a folder that holds it, or the folder of a backup's data. BadInputError where a named one holds none.
    """
    with tempfile.TemporaryDirectory(prefix="trustdesk-ledger-") as folder:
        found = []
        beside_it = sorted(path for path in data.parent.iterdir() if path.is_dir()) if data.parent.is_dir() else []
        for number, beside in enumerate(beside_it):
            found += _unpacked(beside, Path(folder) / f"{number}.jsonl")
        for number, path in enumerate(named):
            held = _file(path) or _unpacked(path, Path(folder) / f"named-{number}.jsonl")
            if not held:
                raise BadInputError(
                    "There is no ledger of erasures here.",
                    place=str(path),
                    mend=f"Name a file {BOOK}, or the folder of a backup's data.",
                )
            found += held
        yield found


def erase_again(newer: Sequence[Path]) -> None:
    """Replay the ledger, and say what came of it and how far it reaches."""
    from trustdesk.erasure.api import replay  # noqa: PLC0415 - needs the settings

    done = replay(now=clock.now(), tell=say, copies=newer)
    say(f"ledger: {done.entries} erasures, {done.erased} of them done again")
    if done.stopped:
        say(f"ledger: {done.stopped} are stopped by a hold, a fault or an ended mandate: see Erasure in the console")
    last = "none" if done.last_at is None else f"{done.last_at:%Y-%m-%d %H:%M} UTC"
    say(f"ledger: the last erasure known here is {last}; if there was a later one, restore again and name its --ledger")


def _file(path: Path) -> list[Path]:
    inside = path / BOOK if path.is_dir() else path
    return [inside] if inside.is_file() else []


def _unpacked(folder: Path, target: Path) -> list[Path]:
    archive = folder / FILES
    if not archive.is_file():
        return []
    with tarfile.open(archive) as files:
        held = files.extractfile(_MEMBER) if _MEMBER in files.getnames() else None
        if held is None:
            return []
        target.write_bytes(held.read())
    return [target]
