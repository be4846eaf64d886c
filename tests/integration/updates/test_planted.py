"""A feed that plants a phone number before a request: it opens nothing, and whoever is replaced hears of it."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.companies import Company
from tests.integration.delivery.posting import SENDER
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, texts

from trustdesk.delivery.api import messages, set_sender
from trustdesk.delivery.models import Message
from trustdesk.isolation.api import scoped
from trustdesk.register.api import card, proves, proving_points, set_relationship
from trustdesk.register.contracts import Relationship
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.services import telling
from trustdesk.updates.tasks import tell

PLANTED = "+358409998877"
KNOWN = {"given_name": "Aino", "family_name": "Virtanen", "birth_date": AINO["birth_date"], "address": AINO["address"]}


def planted(company: Company, feed: Feed, **ends: str) -> tuple[int, int]:
    """The customer, and the number of the planted value."""
    aino = person(company, AINO | {"email": "aino@example.com"})
    change_ = change("1", ChangeKind.PHONE, person=KNOWN, becomes={"phone": PLANTED}, ends=ends)
    assert feed.take(change_)[0].fate is Fate.UPDATED
    values = card(company.context(), aino, now=NOW).values
    return aino, next(value.value_id for value in values if value.text == PLANTED)


def test_it_proves_nothing_for_thirty_days(north: Company, feed: Feed) -> None:
    aino, value_id = planted(north, feed)
    for days in (0, 1, 29):
        assert not proves(north.context(), customer_id=aino, value_id=value_id, now=NOW + timedelta(days=days))
    assert len(proving_points(north.context(), aino, now=NOW)) == 2  # what stood before proves as before


def test_a_confirmation_by_a_feed_makes_it_prove_no_sooner(north: Company, feed: Feed) -> None:
    aino, value_id = planted(north, feed)
    later = NOW + timedelta(days=20)
    feed.take(change("2", ChangeKind.STATE, person=KNOWN, becomes={"phone": PLANTED}, as_of=later), now=later)
    assert not proves(north.context(), customer_id=aino, value_id=value_id, now=NOW + timedelta(days=29))


def test_those_that_stand_are_told_without_what_is_new(north: Company, feed: Feed) -> None:
    set_sender(north.context(), sender=SENDER, now=NOW)
    aino, _value_id = planted(north, feed)
    (job,) = ProcrastinateJob.objects.filter(task_name=telling.TASK, args__source_id=feed.source_id)
    assert tell(**job.args) == 2
    tell(**job.args)  # a second order writes no second letter
    sent = messages(north.context(), customer_id=aino)
    assert {message.template for message in sent} == {telling.TEMPLATE}
    assert {message.channel.value for message in sent} == {"email", "sms"}
    assert PLANTED not in str(sent)


@pytest.mark.parametrize(("spoken", "written"), [("fi-FI", "fi"), ("sv", "en"), ("", "en")])
def test_the_letter_is_in_the_customers_language(north: Company, feed: Feed, spoken: str, written: str) -> None:
    set_sender(north.context(), sender=SENDER, now=NOW)
    aino, _value_id = planted(north, feed)
    set_relationship(north.context(), customer_id=aino, relationship=Relationship(), language=spoken, now=NOW)
    (job,) = ProcrastinateJob.objects.filter(task_name=telling.TASK, args__source_id=feed.source_id)
    tell(**job.args)
    found = Message.objects.filter(controller_id=north.controller_id, customer_id=aino)
    with scoped(north.context().scope):
        assert set(found.values_list("language", flat=True)) == {written}


def test_the_one_that_is_replaced_is_told_too(north: Company, feed: Feed) -> None:
    aino, _value_id = planted(north, feed, phone=AINO["phone"])
    assert texts(north, aino, "phone") == [PLANTED]
    (job,) = ProcrastinateJob.objects.filter(task_name="identity.alert", args__customer_id=aino)
    old = next(value for value in job.args if value == "value_id")
    assert job.args[old] > 0


def test_who_moved_is_told_where_the_company_wants_it(north: Company) -> None:
    set_sender(north.context(), sender=SENDER, now=NOW)
    feed = Feed(north, tell=frozenset({ChangeKind.MOVE}))
    quiet = Feed(north)
    aino = person(north, AINO | {"email": "aino@example.com"})
    feed.take(change("1", person=AINO, becomes={"address": "Mäntytie 3, 33100 Tampere"}))
    quiet.take(change("1", person=AINO, becomes={"address": "Satamakatu 12, 20100 Turku"}, as_of=NOW))
    jobs = ProcrastinateJob.objects.filter(task_name=telling.TASK)
    assert not jobs.filter(args__source_id=quiet.source_id).exists()
    (job,) = jobs.filter(args__source_id=feed.source_id)
    assert tell(**job.args) == 1
    (message,) = messages(north.context(), customer_id=aino)
    assert message.channel.value == "email"
