"""A PostgreSQL that somebody else keeps: on a port of loopback, entered by password, with accounts of three ranks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.database import FAST
from tests.ports import free_port

from trustdesk.server.binaries import OLDEST_MAJOR
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

PASSWORD = "of-no-superuser"
ACCOUNTS = {"maker": "CREATEROLE CREATEDB", "half": "CREATEROLE", "nobody_special": ""}


class _OnAPort(Cluster):
    """Listens on loopback besides, for whoever has a password."""

    def __init__(self, home: Home, port: int) -> None:
        super().__init__(home, settings={**FAST, "listen_addresses": "127.0.0.1", "port": str(port)})
        self._url = f"postgresql://postgres:{home.database_passwords()['postgres']}@127.0.0.1:{port}"

    def create(self, *, oldest: int = OLDEST_MAJOR) -> None:
        super().create(oldest=oldest)
        with (self._home.cluster / "pg_hba.conf").open("a") as allowed:
            allowed.write("host all all 127.0.0.1/32 scram-sha-256\n")

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(f"{self._url}/{database}", autocommit=True)


class Server:
    """One server, its administrators, and what they do to it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.prepare()
        self.port = free_port()
        self.cluster = _OnAPort(self.home, self.port)
        self.cluster.create()

    def url(self, name: str = "desk", *, account: str = "maker", password: str | None = None) -> str:
        secret = password or (self.home.database_passwords()["postgres"] if account == "postgres" else PASSWORD)
        return f"postgresql://{account}:{secret}@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str, *, name: str = "postgres") -> list[tuple[object, ...]]:
        """As the server's superuser."""
        with self.cluster.connect(name) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.cluster.start()
    try:
        for account, rights in ACCOUNTS.items():
            server.run(f"CREATE ROLE {account} LOGIN {rights} PASSWORD '{PASSWORD}'")
        yield server
    finally:
        server.cluster.stop(immediate=True)
