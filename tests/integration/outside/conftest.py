"""The systems on the other side: each real, one a run, started when the first test asks for it."""

import socket
from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, found_company, north, south
from tests.dovecot import Mailboxes, dovecot
from tests.integration.outside.buckets import Store, store
from tests.mariadb import MariaDb, mariadb
from tests.sshd import FileServer, file_server

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster

__all__ = ["companies", "north", "south"]


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    """This machine counts as the own house."""
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8", "::1/128"]):
        yield


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of this test's own, committed: tries and their records are not in one transaction."""
    with django_db_blocker.unblock():
        yield found_company(f"Alone {new_id()}", "HU")


@pytest.fixture(scope="session")
def files() -> Iterator[FileServer]:
    with file_server() as made:
        yield made


@pytest.fixture(scope="session")
def billing() -> Iterator[MariaDb]:
    with mariadb() as made:
        yield made


@pytest.fixture(scope="session")
def mailboxes() -> Iterator[Mailboxes]:
    with dovecot() as made:
        yield made


@pytest.fixture
def trusting(mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> Mailboxes:
    monkeypatch.setenv("SSL_CERT_FILE", str(mailboxes.roots))
    return mailboxes


@pytest.fixture(scope="session")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store(tmp_path_factory.mktemp("store")) as made:
        yield made


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]
