"""A company of its own for each test: recordings are counted and destroyed by the company."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company as House
from tests.companies import found_company
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.audit.contracts import EntryView
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates import api as mandates
from trustdesk.server.cluster import Cluster
from trustdesk.vault import api as vault

Company = Callable[[], AccessContext]


@pytest.fixture
def company(committed: World) -> Company:
    """Makes companies: each call a new one with keys; the context is that of its switchboard."""

    def make() -> AccessContext:
        now = clock.now()
        made = mandates.create_controller(
            name=f"Company {to_public(new_id())}",
            country="HU",
            languages=["hu"],
            time_zone="Europe/Budapest",
            by=None,
            now=now,
        )
        context = committed.system(made)
        vault.provision_controller(context, now=now)
        return context

    return make


@pytest.fixture
def context(company: Company) -> AccessContext:
    return company()


@pytest.fixture
def house(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A company of this test's own with customers: their conversations are real ones."""
    with django_db_blocker.unblock():
        yield found_company(f"House {new_id()}", "HU")


def said(context: AccessContext, what: str, subject: int | None = None) -> list[EntryView]:
    """The log's entries of a kind, the newest first."""
    return [entry for entry in audit.entries(context, subject=subject, limit=200) if entry.what == what]
