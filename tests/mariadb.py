"""A real MariaDB from Debian, on a free port of this machine, with a certificate of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql

from tests.integration.delivery.certificates import certificate
from tests.ports import free_port

HOST = "localhost"
USER, PASSWORD = "shop", "a-long-password"
_SETTINGS = """
[mariadbd]
datadir = {folder}/data
socket = {folder}/socket
pid-file = {folder}/pid
log-error = {folder}/log
bind-address = 127.0.0.1
port = {port}
ssl-cert = {folder}/certificate.pem
ssl-key = {folder}/key.pem
innodb-buffer-pool-size = 16M
innodb-flush-log-at-trx-commit = 0
character-set-server = latin2
skip-name-resolve
"""


@dataclass(frozen=True)
class MariaDb:
    """One server; each test takes a database of its own."""

    folder: Path
    port: int

    @property
    def roots(self) -> Path:
        return self.folder / "certificate.pem"

    def database(self, name: str, *statements: str) -> str:
        self._as_root(f"CREATE DATABASE `{name}`", f"GRANT ALL ON `{name}`.* TO {USER}@'%'")
        self.run(name, *statements)
        return name

    def run(self, name: str, *statements: str) -> None:
        for statement in statements:
            self.rows(name, statement)

    def rows(self, name: str, query: str) -> Sequence[tuple[Any, ...]]:
        with self.connected(name) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            connection.commit()
            return list(cursor.fetchall())

    def connected(self, name: str) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(
            host="127.0.0.1", port=self.port, database=name, user=USER, password=PASSWORD, charset="utf8mb4"
        )

    def _as_root(self, *statements: str) -> None:
        with pymysql.connect(unix_socket=str(self.folder / "socket"), user="root") as connection:
            for statement in statements:
                connection.cursor().execute(statement)


@contextmanager
def mariadb() -> Iterator[MariaDb]:
    program = shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert program, "These tests need MariaDB's server: run `make test`, or `apt-get install mariadb-server` as root."
    folder = Path(tempfile.mkdtemp(prefix="maria"))
    try:
        made = MariaDb(folder, free_port())
        settings = _prepared(made)
        process = subprocess.Popen([program, f"--defaults-file={settings}"], stderr=subprocess.DEVNULL)
        try:
            _until_it_answers(made, process)
            made._as_root(*(f"CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}'" for name in (USER, "guest")))
            yield made
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(made: MariaDb) -> Path:
    """It refuses to run as the superuser: then everything is its own user's."""
    certificate(made.folder)
    settings = made.folder / "settings.cnf"
    whose = "user = mysql\n" if os.geteuid() == 0 else ""
    settings.write_text(_SETTINGS.format(folder=made.folder, port=made.port) + whose)
    (made.folder / "data").mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("mysql")
        for path in (made.folder, *made.folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [
        "mariadb-install-db",
        f"--defaults-file={settings}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return settings


def _until_it_answers(made: MariaDb, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        with socket.socket(socket.AF_UNIX) as trying:
            if trying.connect_ex(str(made.folder / "socket")) == 0:
                return
        assert process.poll() is None, (made.folder / "log").read_text()
        assert time.monotonic() < deadline, (made.folder / "log").read_text()
        time.sleep(0.05)
