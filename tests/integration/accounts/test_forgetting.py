"""Nothing of a sign-in is kept beyond its time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from tests.integration.accounts.signing_in import is_in, sign_in
from tests.world import make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import DeskSession, Link, Recovery
from trustdesk.kernel import clock

pytestmark = pytest.mark.django_db


def test_a_living_session_stays_and_an_ended_one_goes() -> None:
    person, client = make_person("stays_a_day"), Client()
    sign_in(client, person)
    api.forget_expired(now=clock.now())
    assert is_in(client)
    api.forget_expired(now=clock.now() + timedelta(hours=13))
    assert not DeskSession.objects.filter(operator_id=person.id).exists()


def test_links_and_recoveries_go_a_month_after_their_end() -> None:
    now = clock.now()
    lost, helper = make_person("lost_long_ago"), make_person("helped", roles=("administrator",))
    api.recovery_request(operator_id=lost.id, by=helper.id, now=now)
    link = api.invite(
        email="never_came@example.test",
        name="Never",
        language="en",
        installation_roles=(),
        by=None,
        now=now,
    )
    api.forget_expired(now=now + timedelta(days=20))
    assert Link.objects.filter(operator_id=link.operator_id).exists()
    assert Recovery.objects.filter(operator_id=lost.id).exists()
    api.forget_expired(now=now + timedelta(days=38))
    assert not Link.objects.filter(operator_id=link.operator_id).exists()
    assert not Recovery.objects.filter(operator_id=lost.id).exists()


def test_counters_of_throttles_go() -> None:
    cache.set("counter", 1, timeout=60)
    api.forget_expired(now=clock.now() + timedelta(seconds=61))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache WHERE expires < now() + interval '61 seconds'")
        assert cursor.fetchone() == (0,)
