"""Our own PostgreSQL cluster: made, started and stopped as an unprivileged uid, reached by a unix socket only.

As root the server runs as `postgres` or `nobody`, and no system user is created. It is handed its data folder as an
open descriptor and works below `/proc/self/fd/N`: so it needs no search permission on the folders above, and none of
them has to be opened.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.server.binaries import OLDEST_MAJOR, Binaries, find_binaries, reachable_copy
from trustdesk.server.home import Home
from trustdesk.server.memory import shared_megabytes

_SOCKET_LIMIT = 90  # a unix socket's address holds 107 bytes, file name included
_HBA = "local all all scram-sha-256\n"
_STARTING_SECONDS = 300  # after a crash it first plays back what the log holds, gigabytes at the most
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "100",
    "wal_compression": "on",
    # Search tokens land all over their index: each checkpoint makes a long import write all of its pages once more.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "password_encryption": "scram-sha-256",
    "log_min_error_statement": "panic",  # a failed statement's text may hold tokens and names
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # DETAIL lines quote row values
}


class ClusterError(TrustdeskError):
    """PostgreSQL does not start or stop; the place is its log."""

    code = "database"
    status = 503


class Cluster:
    """One cluster below a home folder."""

    def __init__(self, home: Home, *, settings: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._settings = {**_SETTINGS, "shared_buffers": f"{shared_megabytes()}MB", **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_folder(self) -> str:
        """What clients give as host."""
        return socket_folder(self._home)

    @property
    def log(self) -> Path:
        return self._home.logs / "postgresql.log"

    def exists(self) -> bool:
        return (self._home.cluster / "PG_VERSION").exists()

    def binaries(self, *, oldest: int = OLDEST_MAJOR) -> Binaries:
        """The programs for this cluster, reachable by the uid it runs as; `oldest` counts before it is made."""
        wanted = int((self._home.cluster / "PG_VERSION").read_text()) if self.exists() else None
        found = find_binaries(wanted_major=wanted, oldest=oldest)
        return reachable_copy(found) if os.geteuid() == 0 else found

    def create(self, *, oldest: int = OLDEST_MAJOR) -> None:
        """Make the cluster unless it exists; the superuser's password is set before anybody can connect.

        It gets its name when it is whole: one that was cut off is begun anew.
        """
        if self.exists():
            return
        folder = self._home.cluster.with_suffix(".draft")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        _give_to_server(folder)
        binaries = self.binaries(oldest=oldest)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        password = self._home.database_passwords()["postgres"]
        with _held_open(folder) as handle:
            self._run([binaries.program("initdb"), "-D", _inside(handle), *options], handle)
            self._run(
                [binaries.program("postgres"), "--single", "-D", _inside(handle), "postgres"],
                handle,
                given=f"ALTER ROLE postgres PASSWORD '{password}'\n",
            )
        (folder / "pg_hba.conf").write_text(_HBA)
        folder.replace(self._home.cluster)

    def start(self) -> None:
        """Start and wait until it answers; ClusterError names the log where it doesn't."""
        if self.running_pid() is not None:
            return
        if not self.exists():
            raise ClusterError(
                "There is no database in this home.",
                place=str(self._home.cluster),
                mend="Restore a backup into an empty home, or run `trustdesk init` for a new one.",
            )
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        program = self.binaries().program("postgres")
        with self.log.open("ab") as log, _held_open(self._home.cluster) as handle:
            sockets = ["-c", f"unix_socket_directories={_inside(handle)}"]
            self._process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
                [program, "-D", _inside(handle), *options, *sockets],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(handle,),
                preexec_fn=_become_server,  # noqa: PLW1509 - drops the uid before exec
                start_new_session=True,  # Ctrl+C reaches the supervisor, which stops the database last
            )
        self._wait_until_ready()

    def stop(self, *, immediate: bool = False) -> None:
        """Stop with a checkpoint (fast), or at once as after a crash (`immediate`, for tests)."""
        pid = self.running_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGQUIT if immediate else signal.SIGINT)
        deadline = time.monotonic() + _STARTING_SECONDS
        while _alive(pid) and time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.05)
        self._process = None

    def running_pid(self) -> int | None:
        """The postmaster's pid while it runs."""
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        try:
            pid = int((self._home.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if _alive(pid) and _is_postgres(pid) else None

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of the superuser, for setting up and for backups."""
        password = self._home.database_passwords()["postgres"]
        return psycopg.connect(
            host=self.socket_folder, user="postgres", password=password, dbname=database, autocommit=True
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _STARTING_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise ClusterError("PostgreSQL did not start.", place=str(self.log), mend="Read the end of its log.")

    def _run(self, command: list[str], handle: int, *, given: str = "") -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            command,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=(handle,),
            preexec_fn=_become_server,
        )
        if done.returncode:
            raise ClusterError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-400:]}", place=str(self.log))


def socket_folder(home: Home) -> str:
    """The folder of the socket; a short link to it where the path is too long for a socket's address."""
    folder = str(home.cluster)
    if len(folder) <= _SOCKET_LIMIT:
        return folder
    digest = hashlib.sha256(folder.encode()).hexdigest()[:16]
    link = Path(tempfile.gettempdir()) / f"trustdesk-{os.geteuid()}-{digest}"
    if not link.is_symlink():
        link.symlink_to(folder)
    if link.lstat().st_uid != os.geteuid() or str(link.readlink()) != folder:
        raise ClusterError("The link to the database's socket is not ours.", place=str(link), mend="Remove it.")
    return str(link)


@contextmanager
def _held_open(folder: Path) -> Iterator[int]:
    """The folder's descriptor, handed on to the server before it drops its uid."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _inside(handle: int) -> str:
    return f"/proc/self/fd/{handle}"


def _server_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError("There is no account to run PostgreSQL as.", place="/etc/passwd", mend="Run as a plain user.")


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        account = _server_account()
        os.chown(folder, account.pw_uid, account.pw_gid)


def _become_server() -> None:
    """In the child, before exec: stand nowhere, and be nobody where we were root."""
    os.chdir("/")
    if os.geteuid() == 0:
        account = _server_account()
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres(pid: int) -> bool:
    """A stale pid file may name a stranger after a reboot."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0", 1)[0]
    except OSError:
        return False
