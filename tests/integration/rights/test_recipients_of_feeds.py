"""To whom a value was given that a feed changed learns of it, and of its taking back (GDPR Art. 19)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import NOW, Company, found_company
from tests.feeding import LATER, Feed

from trustdesk.audit.api import entries
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery.models import Notice
from trustdesk.isolation.api import scoped
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import record_disclosure
from trustdesk.register.contracts import Changed
from trustdesk.server.cluster import Cluster


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of the test's own, committed: the log is read on another connection."""
    with django_db_blocker.unblock():
        yield found_company(f"Fed {new_id()}", "FI")


def given(feed: Feed, customer_id: int, attribute: str, name: str) -> None:
    record_disclosure(
        feed.company.context(),
        customer_id=customer_id,
        value_ids=[feed.value_id(customer_id, attribute)],
        recipient=name,
        purpose="dpv:CustomerCare",
        legal_basis="eu-gdpr:A6-1-b",
        now=NOW,
    )


def reader(feed: Feed) -> None:
    new = NewRecipient(
        name="Reader",
        role=RecipientRole.PROCESSOR,
        country="FI",
        purposes=["service"],
        categories=["dpv:PersonalData"],
        notice_email="privacy@reader.example",
    )
    clearance.declare_recipient(feed.company.context(), recipient=new, now=NOW)


def notices(feed: Feed) -> int:
    with scoped(feed.context().scope):
        return Notice.objects.filter(controller_id=feed.company.controller_id).count()


def untold(feed: Feed) -> int:
    return sum(each.what == "rights.recipient.untold" for each in entries(feed.company.context(), limit=100))


def test_who_has_the_old_value_hears_of_the_change_and_of_its_taking_back(feed: Feed) -> None:
    reader(feed)
    anna = feed.listed(name="Anna", town="Turku")
    given(feed, anna, "town", "Reader")
    before = notices(feed)
    became = feed.says(anna, "town", "Pori")
    assert notices(feed) == before + 1
    given(feed, anna, "town", "Reader")  # the right one, as it seemed
    assert feed.back(anna, became, now=LATER + timedelta(days=1))
    assert notices(feed) == before + 2  # of both values that were given one word
    assert feed.says_all([feed.change(anna, "town", "Pori")], now=LATER + timedelta(days=2))[0].new_value_id
    assert notices(feed) == before + 3  # what is so again after all is news


def test_what_ended_is_told_too_and_whom_nothing_reaches_stands_in_the_log(alone: Company) -> None:
    feed = Feed(alone)
    anna = feed.listed(name="Anna", town="Turku")
    given(feed, anna, "town", "Somebody by hand")
    feed.says(anna, "town", "")
    assert untold(feed) == 1


def test_who_was_given_nothing_hears_nothing(feed: Feed) -> None:
    reader(feed)
    people = [feed.listed(name="Anna", town="Turku") for _each in range(3)]
    given(feed, people[0], "name", "Reader")
    before = notices(feed)
    became: list[Changed] = feed.says_all([feed.change(each, "town", "Pori") for each in people])
    assert {each.what.value for each in became} == {"replaced"}
    assert notices(feed) == before
