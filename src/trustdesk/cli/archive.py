"""A backup: one folder for the data, one for the keys, that belong together and are worth nothing alone."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trustdesk import __version__
from trustdesk.cli.dumps import Tools, finish
from trustdesk.cli.keybox import digest, epoch_key, write_sealed
from trustdesk.health.api import note_backup
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.errors import BadInputError, RefusedError, TrustdeskError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.server.binaries import OLDEST_MAJOR
from trustdesk.server.home import Home, write_private

DATABASE_DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
KEY_ROWS, KEY_FILES = "key-rows.sealed", "key-files.sealed"
# Of the home: what the database does not hold. Uploaded lists wait in data/intake for a week at most, and stay out.
KEPT_FOLDERS = ("handout", "data/health", "ledger")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Written:
    """Where the two halves are."""

    data: Path
    keys: Path
    epoch: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two halves that belong together, unaltered. An older server, or an older pg_restore, would not take the dump."""

    data: Path
    keys: Path
    backup: str
    epoch: str
    server_major: int
    dump_major: int


class FullError(TrustdeskError):
    """The disk is full; what was begun is removed, what was there before is untouched."""

    code = "disk-full"
    status = 507


def check_apart(data: Path, keys: Path, home: Home) -> None:
    """Raise RefusedError unless the two destinations are two places, and neither holds the other or the wrong half."""
    pairs = (
        (data, keys, "Data and keys would lie in one place: whoever finds it can read everything."),
        (data, home.keys, "The data would lie beside the keys."),
        (keys, home.data, "The keys would lie beside the data."),
    )
    for one, other, reason in pairs:
        if _same_place(one, other):
            raise RefusedError(reason, place=str(one), mend="Name two folders, best on two devices.")


def on_one_device(data: Path, keys: Path) -> bool:
    """True where both lie on the same device: allowed, and worth a word."""
    return data.stat().st_dev == keys.stat().st_dev


def _same_place(one: Path, other: Path) -> bool:
    """True also where symbolic links, `..` or bind mounts hide that one is, or lies in, the other."""
    one, other = one.resolve(), other.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one) or _same_node(one, other)


def _same_node(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def write(home: Home, tools: Tools, *, data: Path, keys: Path, epochs: Path, now: datetime) -> Written:
    """Write both halves; each appears under its final name only when it is whole. Raises FullError, DumpError."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    backup = to_public(new_id())
    name, key = epoch_key(epochs, now)
    about: dict[str, object] = {"format": FORMAT, "backup": backup, "at": rfc3339(now), "trustdesk": __version__}
    about |= {"epoch": name, "postgresql": tools.server_major, "pg_dump": tools.programs.major}
    with _whole(data / stamp) as draft_data, _whole(keys / stamp) as draft_keys:
        _write_data(home, tools, draft_data, about)
        _write_keys(home, tools, draft_keys, about, key=key)
    note_backup(now)
    return Written(data / stamp, keys / stamp, name)


def _write_data(home: Home, tools: Tools, folder: Path, about: dict[str, object]) -> None:
    # Files first: a checkpoint that was handed out must never be ahead of the log in the same backup.
    with tarfile.open(folder / FILES, "w") as files:
        for kept in KEPT_FOLDERS:
            if (home.path / kept).exists():
                files.add(home.path / kept, arcname=kept)
    tools.dump_data(folder / DATABASE_DUMP)
    _write_manifest(folder, about, (DATABASE_DUMP, FILES))


def _write_keys(home: Home, tools: Tools, folder: Path, about: dict[str, object], *, key: bytes) -> None:
    backup = str(about["backup"])
    with private(folder / KEY_ROWS) as target:
        dump = tools.dump_keys()
        if dump.stdout is None:
            raise AssertionError
        write_sealed(io.BufferedReader(dump.stdout, 1 << 20), target, key=key, label=f"{backup} rows")  # type: ignore[type-var]
        finish(dump)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for path in sorted(home.keys.iterdir()):
            if path.is_file() and path.suffix not in {".draft", ".epoch"}:
                files.add(path, arcname=f"keys/{path.name}")
        if (home.path / "settings.toml").exists():  # it may hold the mail server's password
            files.add(home.path / "settings.toml", arcname="settings.toml")
    packed.seek(0)
    with private(folder / KEY_FILES) as target:
        write_sealed(packed, target, key=key, label=f"{backup} files")
    _write_manifest(folder, about, (KEY_ROWS, KEY_FILES))


def _write_manifest(folder: Path, about: dict[str, object], files: tuple[str, ...]) -> None:
    content = {**about, "files": {name: digest(folder / name) for name in files}}
    write_private(folder / MANIFEST, json.dumps(content, indent=1).encode())


@contextmanager
def private(path: Path) -> Iterator[io.BufferedWriter]:
    """A file that only its owner reads, from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder under a draft's name, renamed when the block ends well and removed when it doesn't."""
    draft = folder.with_name(folder.name + ".draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        yield draft
    except OSError as fault:
        shutil.rmtree(draft, ignore_errors=True)
        raise FullError(
            f"The backup could not be written: {fault.strerror or type(fault).__name__}.",
            place=str(folder.parent),
            mend="Make room there; earlier backups are untouched.",
        ) from None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(folder)


def read_pair(data: Path, keys: Path) -> Pair:
    """The two halves of a backup. Raises BadInputError where they are altered or of two backups."""
    ours, theirs = _read_manifest(data), _read_manifest(keys)
    if ours["backup"] != theirs["backup"]:
        raise BadInputError("Data and keys are of two backups.", place=str(keys), mend="Name the same moment twice.")
    # Backups of the first version name neither; they were made by what the home ran on.
    server, dump = (int(str(ours.get(name, OLDEST_MAJOR))) for name in ("postgresql", "pg_dump"))
    return Pair(data, keys, str(ours["backup"]), str(ours["epoch"]), server, dump)


def _read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of one half, its files compared with it. BadInputError where something is missing or altered."""
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
        files = manifest["files"]
        if manifest["format"] != FORMAT or not isinstance(files, dict):
            raise ValueError  # noqa: TRY301 - one answer to everything unreadable
    except (OSError, ValueError, KeyError):
        raise BadInputError(
            "This is not a backup of ours.", place=str(folder), mend="Name a folder of one day."
        ) from None
    for name, expected in files.items():
        if not (folder / name).exists() or digest(folder / name) != expected:
            raise BadInputError(f"The backup is incomplete or was altered: {name}.", place=str(folder))
    return manifest
