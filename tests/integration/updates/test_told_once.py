"""One change is told once at the contact point that it replaced, whichever of those that write has it to tell."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.integration.delivery.posting import SENDER, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.integration.updates.feeding import AINO, NOW, Feed, change, found_company, person, texts

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.api import set_sender
from trustdesk.delivery.services import lanes
from trustdesk.identity.services import alerting
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import lock, merge
from trustdesk.register.contracts import RestrictionGround
from trustdesk.server.cluster import Cluster
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.services import telling

OLD, OTHER, NEW = "aino@example.com", "aino.virtanen@example.com", "somebody@example.net"
KNOWN = AINO | {"email": OLD}


@pytest.fixture
def company(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        made = found_company(f"Telling {new_id()}")
        set_sender(made.context(), sender=SENDER, now=NOW)
        yield made


def twins(company: Company, known_by: dict[str, str] = KNOWN) -> int:
    """Somebody in two records that are shown as one."""
    aino, again = person(company, known_by), person(company, KNOWN)
    merge(company.context(), into=aino, customer_id=again, reason="same", now=NOW - timedelta(days=40))
    return aino


def replaced(feed: Feed, position: str, *, by: str = NEW, ends: str = "") -> None:
    said = change(
        position, ChangeKind.STATE, person=KNOWN, becomes={"email": by}, ends={"email": ends} if ends else None
    )
    assert feed.take(said, now=clock.now())[0].fate is Fate.UPDATED


def letters(company: Company) -> Counter[str]:
    """Who gets how many mails when everything that was ordered is written, twice, and sent."""
    for job in [*ProcrastinateJob.objects.filter(args__controller_id=company.controller_id).order_by("id")] * 2:
        if job.task_name == telling.TASK:
            telling.tell(**job.args, now=clock.now())
        elif job.task_name == "identity.alert":
            alerting.alert(**job.args, now=clock.now())
    with Smtpd() as server, mail_server(server.port):
        lanes.run(company.controller_id, Channel.EMAIL, until=clock.now() + timedelta(seconds=30))
    return Counter(recipient for mail in server.taken for recipient in mail.recipients)


def test_the_one_that_was_replaced_gets_one_letter(company: Company) -> None:
    aino, feed = person(company, KNOWN), Feed(company)
    replaced(feed, "1")
    assert texts(company, aino, "email") == [NEW]
    assert letters(company) == {OLD: 1}


def test_those_that_stand_get_one_too(company: Company) -> None:
    twins(company, AINO | {"email": OTHER})
    replaced(Feed(company), "1")
    assert letters(company) == {OLD: 1, OTHER: 1}


def test_one_that_stands_in_another_record_still_gets_no_second(company: Company) -> None:
    aino = twins(company)
    replaced(Feed(company), "1")
    assert texts(company, aino, "email") == [OLD, NEW]
    assert letters(company) == {OLD: 1}


def test_one_that_goes_from_two_records_at_once_gets_one(company: Company) -> None:
    aino = twins(company)
    replaced(Feed(company), "1", ends=OLD)
    assert texts(company, aino, "email") == [NEW]
    assert letters(company) == {OLD: 1}


def test_one_that_goes_from_the_second_record_later_is_told_that_it_has_gone(company: Company) -> None:
    aino, feed = twins(company), Feed(company)
    replaced(feed, "1")
    assert letters(company) == {OLD: 1}
    replaced(feed, "2", by="else@example.net", ends=OLD)
    assert OLD not in texts(company, aino, "email")
    assert letters(company) == {OLD: 1}


def test_who_is_restricted_meanwhile_is_written_to_by_nobody(company: Company) -> None:
    aino = twins(company)
    replaced(Feed(company), "1", ends=OLD)
    lock(company.context(), customer_id=aino, ground=RestrictionGround.NEEDED_FOR_CLAIMS, now=clock.now())
    assert letters(company) == {}
