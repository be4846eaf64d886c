"""PostgreSQL's own dump and restore, with the keys left out of the data and carried apart."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from trustdesk.cli.environment import database_place
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.server.binaries import OLDEST_MAJOR, Binaries, find_clients
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import BACKUP, DATABASE, OWNER
from trustdesk.server.external import check_reads_all, connected
from trustdesk.server.home import Home

# The scope's key opens every company; what is only valid today is worthless, or worse, after a restore.
SECRET_TABLES = ("isolation_scope_key",)
PASSING_TABLES = ("accounts_session", "accounts_elevated_session", "accounts_cache")


class DumpError(TrustdeskError):
    """pg_dump or pg_restore failed; the message is PostgreSQL's own, which holds no rows."""

    code = "dump"
    status = 503


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in, and where: libpq's text without the password, which goes by the environment."""

    conninfo: str
    password: str

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs, the account that reads every row, and the one that makes the tables; `key_tables` hold wrapped
    keys.
    """

    programs: Binaries
    server_major: int
    reader: Account
    maker: Account
    key_tables: Sequence[str]

    def dump_data(self, target: Path) -> None:
        """Schema and rows of everything, without the rows of the tables of keys."""
        left_out = (*self.key_tables, *SECRET_TABLES, *PASSING_TABLES)
        options = [f"--exclude-table-data=public.{table}" for table in left_out]
        self._run(self.reader, ["pg_dump", "--format=custom", "--compress=3", f"--file={target}", *options])

    def dump_keys(self) -> "subprocess.Popen[bytes]":
        """The rows of the tables of keys, as a stream that is sealed on its way to the disk."""
        options = [f"--table=public.{table}" for table in self.key_tables]
        options += ["--format=custom", "--data-only", "--compress=3", f"--dbname={self.reader.conninfo}"]
        return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [self.programs.program("pg_dump"), *options],
            env=self.reader.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def restore(self, source: Path, *, section: str) -> None:
        """One section of a dump: `pre-data`, `data` or `post-data`; all of it or an error."""
        command = ["pg_restore", f"--section={section}", str(source)]
        newer = self.programs.major > self.server_major
        self._run(self.maker, command if newer else [*command, "--exit-on-error"])

    def _run(self, account: Account, command: Sequence[str]) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [self.programs.program(command[0]), f"--dbname={account.conninfo}", *command[1:]],
            env=account.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not _only_too_new(done.stderr):
            raise DumpError(f"{command[0]} failed: {reason(done.stderr)}", mend="See whether the disk is full.")


def tools(home: Home, cluster: Cluster | None, *, oldest: int = OLDEST_MAJOR) -> Tools:
    """For the home's own cluster, or for the external database where it is None; the programs for the latter are at
    least of the version `oldest`. Row-level security hides rows from everybody but a superuser and whoever may step
    around it.

    Raises BadInputError where the programs for the external server are not here.
    """
    passwords = home.database_passwords()
    if cluster is not None:
        place = make_conninfo("", host=cluster.socket_folder, user="postgres", dbname=DATABASE)
        superuser = Account(place, passwords["postgres"])
        programs = cluster.binaries()
        return Tools(programs, programs.major, superuser, superuser, key_tables())
    where = database_place()
    with connected(where, user=OWNER, password=passwords[OWNER]) as connection:
        major = connection.info.server_version // 10_000
    reader, maker = (Account(make_conninfo("", **where, user=role), passwords[role]) for role in (BACKUP, OWNER))
    return Tools(find_clients(max(major, oldest)), major, reader, maker, key_tables())


def check_reader(home: Home) -> None:
    """Raise RefusedError where our role on the external server may not read every row: its dump would hold nobody."""
    with connected(database_place(), user=BACKUP, password=home.database_passwords()[BACKUP]) as connection:
        check_reads_all(connection)


def key_tables() -> tuple[str, ...]:
    """Every table of wrapped keys, as the capabilities name them."""
    from trustdesk.audit import api as audit  # noqa: PLC0415 - needs the settings
    from trustdesk.vault import api as vault  # noqa: PLC0415

    return tuple(table.table for table in (*vault.KEY_TABLES, *audit.KEY_TABLES))


def finish(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a streaming dump. Raises DumpError where it failed."""
    _out, said = process.communicate()
    if process.returncode:
        raise DumpError(f"pg_dump failed: {reason(said.decode(errors='replace'))}")


def reason(said: str) -> str:
    """The first error that a program said, without what it quotes from rows."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("DETAIL", "CONTEXT"))]
    errors = [line for line in lines if "error:" in line]
    return (errors or lines or ["it said nothing"])[0][:300]


def _only_too_new(said: str) -> bool:
    """True where all that failed is a setting that a newer pg_restore knows and the older server does not."""
    errors = [line for line in said.splitlines() if "error:" in line]
    return bool(errors) and all('"transaction_timeout"' in line for line in errors)
