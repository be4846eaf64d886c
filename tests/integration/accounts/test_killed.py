"""The database dies by kill -9 while somebody signs in: then nobody has, wholly."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.integration.accounts.signing_in import code_of, give_password, is_in, sign_in
from tests.integration.audit.test_crash import kill
from tests.world import PASSWORD, Person, World, make_person

from trustdesk.accounts import adapters, api
from trustdesk.accounts.models import DeskSession, Link, Operator
from trustdesk.accounts.sessions import SessionStore
from trustdesk.isolation.api import close_pools, raw_pool
from trustdesk.kernel import clock
from trustdesk.server.cluster import Cluster

Deadly = Callable[[str], None]


def forget_connections() -> None:
    close_pools()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def mortal(cluster: Cluster, committed: World) -> Iterator[Cluster]:
    """The run's own cluster: what was written before is made to last, and it is started again afterwards."""
    with cluster.connect() as superuser:
        superuser.execute("CHECKPOINT")
    yield cluster
    cluster.start()
    forget_connections()


@pytest.fixture
def dies(mortal: Cluster, monkeypatch: pytest.MonkeyPatch) -> Deadly:
    """Choose the step of the sign-in at which the database is killed; once."""

    def arrange(step: str) -> None:
        if step == "before the log's entry":
            monkeypatch.setattr(adapters, "installation_deed", lambda *_given: kill(mortal))
        else:
            whole = SessionStore.save

            def save(store: SessionStore, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # Django's
                whole(store, must_create)
                if SESSION_KEY in store:
                    kill(mortal)

            monkeypatch.setattr(SessionStore, "save", save)

    return arrange


def revived(mortal: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    mortal.start()
    forget_connections()


def entries() -> int:
    """How many entries the installation's log has, counted by the role that may read them."""
    with raw_pool("sequencer").connection() as sequencer:
        row = sequencer.execute("SELECT count(*) FROM audit_entry WHERE controller_id = 0").fetchone()
    return int(row[0]) if row else 0


@pytest.fixture
def person(committed: World) -> Person:
    return make_person(f"k{secrets.token_hex(6)}")


@pytest.mark.parametrize("step", ["before the log's entry", "before the end of the transaction"])
def test_a_sign_in_that_died_left_nothing(
    person: Person, mortal: Cluster, dies: Deadly, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    client = Client(raise_request_exception=False)
    give_password(client, person.email)
    with mortal.connect() as superuser:
        superuser.execute("CHECKPOINT")
    before = entries()
    dies(step)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert answer.status_code == 500
    revived(mortal, monkeypatch)
    assert not is_in(client)
    assert not DeskSession.objects.filter(operator_id=person.id).exists()
    assert Operator.objects.get(id=person.id).last_login is None
    assert entries() == before
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache")  # the app's number was used up by the attempt that died
    sign_in(Client(), person)


@pytest.mark.parametrize("step", ["before the log's entry", "before the end of the transaction"])
def test_a_link_is_not_spent_on_who_did_not_get_in(
    mortal: Cluster, dies: Deadly, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    email = f"{secrets.token_hex(6)}@example.test"
    link = api.invite(email=email, name="Killed", language="en", installation_roles=(), by=None, now=clock.now())
    client = Client(raise_request_exception=False)
    client.get(link.path)
    with mortal.connect() as superuser:
        superuser.execute("CHECKPOINT")
    dies(step)
    given = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(reverse("accounts_accept"), given).status_code == 500
    revived(mortal, monkeypatch)
    assert Link.objects.get(operator_id=link.operator_id).used_at is None
    assert api.operator(link.operator_id).state == "invited"
    fresh = Client()
    fresh.get(link.path)
    assert fresh.post(reverse("accounts_accept"), given).headers["Location"] == reverse("accounts_second_factor")
