"""PostgreSQL's own dump and restore, with the keys left out of the data and carried apart."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE
from trustdesk.server.home import Home

# The scope's key opens every company; what is only valid today is worthless, or worse, after a restore.
SECRET_TABLES = ("isolation_scope_key",)
PASSING_TABLES = ("accounts_session", "accounts_elevated_session", "accounts_cache")


class DumpError(TrustdeskError):
    """pg_dump or pg_restore failed; the message is PostgreSQL's own, which holds no rows."""

    code = "dump"
    status = 503


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs and the account that reads everything; `key_tables` hold wrapped keys."""

    folder: Path
    environment: Mapping[str, str]
    key_tables: Sequence[str]

    def dump_data(self, target: Path) -> None:
        """Schema and rows of everything, without the rows of the tables of keys."""
        left_out = (*self.key_tables, *SECRET_TABLES, *PASSING_TABLES)
        options = [f"--exclude-table-data=public.{table}" for table in left_out]
        self._run(["pg_dump", "--format=custom", "--compress=3", f"--file={target}", *options])

    def dump_keys(self) -> "subprocess.Popen[bytes]":
        """The rows of the tables of keys, as a stream that is sealed on its way to the disk."""
        options = [f"--table=public.{table}" for table in self.key_tables]
        return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [str(self.folder / "pg_dump"), "--format=custom", "--data-only", "--compress=3", *options],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def restore(self, source: Path, *, section: str) -> None:
        """One section of a dump: `pre-data`, `data` or `post-data`; all of it or an error."""
        options = ["--exit-on-error", f"--section={section}", f"--dbname={self.environment['PGDATABASE']}"]
        self._run(["pg_restore", *options, str(source)])

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [str(self.folder / command[0]), *command[1:]],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DumpError(f"{command[0]} failed: {last_line(done.stderr)}", mend="See whether the disk is full.")


def tools(home: Home, cluster: Cluster) -> Tools:
    """For the home's own cluster, as its superuser: row-level security would hide rows from anybody else."""
    return Tools(
        cluster.binaries().folder,
        {
            "PGHOST": cluster.socket_folder,
            "PGUSER": "postgres",
            "PGPASSWORD": home.database_passwords()["postgres"],
            "PGDATABASE": DATABASE,
        },
        key_tables(),
    )


def key_tables() -> tuple[str, ...]:
    """Every table of wrapped keys, as the capabilities name them."""
    from trustdesk.audit import api as audit  # noqa: PLC0415 - needs the settings
    from trustdesk.vault import api as vault  # noqa: PLC0415

    return tuple(table.table for table in (*vault.KEY_TABLES, *audit.KEY_TABLES))


def finish(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a streaming dump. Raises DumpError where it failed."""
    _out, said = process.communicate()
    if process.returncode:
        raise DumpError(f"pg_dump failed: {last_line(said.decode(errors='replace'))}")


def last_line(said: str) -> str:
    """The last line that a program said, without what it quotes from rows."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("DETAIL", "CONTEXT"))]
    return lines[-1][:300] if lines else "it said nothing"


def copy_stream(source: BinaryIO, target: Path) -> None:
    """Write a stream into a private file."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        while block := source.read(1 << 20):
            stream.write(block)
