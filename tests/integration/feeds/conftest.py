"""A company of its own with a feed, and a register that only writes down what it is told."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import found_company
from tests.integration.feeds.feeding import Register, Room
from tests.sshd import FileServer, file_server

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    """This machine counts as the own house."""
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8", "::1/128"]):
        yield


@pytest.fixture
def room(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Room]:
    with django_db_blocker.unblock():
        yield Room(found_company(f"Feeding {new_id()}", "FI"))


@pytest.fixture
def neighbor(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Room]:
    with django_db_blocker.unblock():
        yield Room(found_company(f"Feeding {new_id()}", "HU"))


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Instead of the real one: what becomes of a change in the register is tested where that is decided."""
    made = Register()
    monkeypatch.setattr("trustdesk.feeds.services.taking.take", made.take)
    return made


@pytest.fixture(scope="session")
def files() -> Iterator[FileServer]:
    with file_server() as made:
        yield made
