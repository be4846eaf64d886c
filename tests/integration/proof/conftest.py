from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.proving import Proving, a_company, a_person
from tests.world import World


@pytest.fixture(scope="session")
def proving_company(world: World, django_db_blocker: DjangoDbBlocker) -> Company:
    with django_db_blocker.unblock():
        return a_company("Proof")


@pytest.fixture
def proving(proving_company: Company, django_db_blocker: DjangoDbBlocker) -> Iterator[Proving]:
    """Committed: openings are written on a connection of their own, and a kill must find what was done."""
    with django_db_blocker.unblock():
        yield a_person(proving_company)


@pytest.fixture
def neighbor(django_db_blocker: DjangoDbBlocker) -> Iterator[Proving]:
    """Another company, which has nothing to see here."""
    with django_db_blocker.unblock():
        yield a_person(a_company("Neighbor", "FI"))
