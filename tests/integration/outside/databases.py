"""The database of another system: a second PostgreSQL, made by our own machinery, reached over TCP with a password."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.database import FAST
from tests.integration.delivery.certificates import certificate

from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

PORT = 5432
# Our clusters answer on their sockets alone and so all have the same port: each of these has a loopback address.
HOST = f"127.77.{os.getpid() >> 8 & 255}.{os.getpid() & 255 or 1}"
USER, PASSWORD = "shop", "a-long-password"


@dataclass(frozen=True)
class Databases:
    """One server; each test takes a database of its own."""

    cluster: Cluster
    roots: Path

    def database(self, name: str, *statements: str) -> str:
        with self.cluster.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" OWNER {USER}')
        self.run(name, *statements)
        return name

    def run(self, name: str, *statements: str) -> None:
        with self._connected(name) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, name: str, query: str) -> Sequence[tuple[Any, ...]]:
        with self._connected(name) as connection:
            return connection.execute(query).fetchall()

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=HOST, port=PORT, dbname=name, user=USER, password=PASSWORD)


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """One a run, for every folder of tests: it is named in the outermost conftest."""
    home = Home(tmp_path_factory.mktemp("shop"))
    home.prepare()
    shown = {"ssl": "on", "ssl_cert_file": "certificate.pem", "ssl_key_file": "key.pem"}
    cluster = Cluster(home, settings={**FAST, **shown, "listen_addresses": HOST, "shared_buffers": "16MB"})
    cluster.create()
    pem, key = certificate(home.cluster, address=HOST)
    key.chmod(0o600)
    for path in (pem, key):
        os.chown(path, home.cluster.stat().st_uid, -1)
    roots = home.path / "roots.pem"
    shutil.copyfile(pem, roots)
    with (home.cluster / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 127.0.0.0/8 scram-sha-256\n")
    cluster.start()
    with cluster.connect() as connection:
        connection.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
    try:
        yield Databases(cluster, roots)
    finally:
        cluster.stop(immediate=True)
