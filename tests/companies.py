"""Two companies with keys and catalog, committed once: openings are written on a connection of their own."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import pytest
from pytest_django.plugin import DjangoDbBlocker

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import create_controller, system_context
from trustdesk.register.api import card, create_customer, create_source, seed_catalog
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, Notice, NoticeKind, SourceKind
from trustdesk.server.cluster import Cluster
from trustdesk.vault.api import provision_controller

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Company:
    """A client company as a test works for it."""

    controller_id: int
    direct: int
    imported: int

    def context(self, *operations: str) -> AccessContext:
        """Every operation of the own staff's mandate, or only those named."""
        whole = system_context(self.controller_id, purpose="service", now=datetime.now(UTC), on_behalf_of=0)
        return replace(whole, operations=frozenset(operations)) if operations else whole

    def texts(self, customer_id: int) -> list[tuple[str, str | None]]:
        """What the customer's card says, attribute by attribute."""
        return [(value.attribute, value.text) for value in card(self.context(), customer_id, now=NOW).values]

    def person(self, **texts: str) -> int:
        """A person who gave these attributes, informed under Art. 13."""
        return create_customer(
            self.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue(attribute, text) for attribute, text in texts.items()],
            source_id=self.direct,
            notice=Notice(NoticeKind.ART13, "2026-01", NOW),
            now=NOW,
        )


@pytest.fixture(scope="session")
def companies(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> tuple[Company, Company]:
    with django_db_blocker.unblock():
        return _company("Register North", "FI"), _company("Register South", "HU")


@pytest.fixture
def north(db: None, companies: tuple[Company, Company]) -> Company:
    return companies[0]


@pytest.fixture
def south(db: None, companies: tuple[Company, Company]) -> Company:
    return companies[1]


@cache  # two folders of tests take the fixture, each for itself
def _company(name: str, country: str) -> Company:
    return found_company(name, country)


def found_company(name: str, country: str) -> Company:
    """A company with keys, catalog and two sources; committed where nothing around it rolls back."""
    now = datetime.now(UTC)
    made = create_controller(
        name=name,
        country=country,
        languages=["en"],
        time_zone="Europe/Helsinki",
        by=None,
        now=now,
    )
    context = system_context(made.id, purpose="service", now=now, on_behalf_of=0)
    provision_controller(context, now=now)
    seed_catalog(context, now=now)
    basis = "eu-gdpr:A6-1-b"
    direct = NewSource(kind=SourceKind.DIRECT, name="Desk", legal_basis=basis)
    imported = NewSource(kind=SourceKind.IMPORT, name="Old system", legal_basis=basis)
    return Company(
        made.id,
        create_source(context, source=direct, now=now),
        create_source(context, source=imported, now=now),
    )
