"""The index in memory: one company's, as of now, whoever commits when; and nobody's who was erased."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.db import connections, transaction
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, found_company
from tests.forgetting import forget
from tests.integration.updates.feeding import AINO, Feed, change, person, rows

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster
from trustdesk.updates.api import build_profiles
from trustdesk.updates.contracts import Fate
from trustdesk.updates.models import Departed, Profile
from trustdesk.updates.services import indexes, profiles
from trustdesk.updates.tasks import build

MOVE = change("1", person=AINO, becomes={"address": "Mäntytie 3, 33100 Tampere"})


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of this test's own, committed."""
    with django_db_blocker.unblock():
        company = found_company(f"Indexed {new_id()}", "FI")
        yield company
        indexes.drop(company.controller_id)


def size(company: Company) -> int:
    with indexes.index_of(company.context()) as index:
        return len(index)


def test_it_is_loaded_once_and_takes_in_what_comes(alone: Company) -> None:
    person(alone, AINO)
    assert size(alone) == 1
    kept = indexes.held(alone.controller_id)
    person(alone, AINO | {"given_name": "Kerttu"})
    assert size(alone) == 2
    assert indexes.held(alone.controller_id) is kept


def test_who_began_first_and_commits_last_is_not_missed(alone: Company) -> None:
    """Two write at once; the index looks while one of them is not over yet."""
    person(alone, AINO)
    assert size(alone) == 1
    written, seen = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                person(alone, AINO | {"given_name": "Kerttu"})
                written.set()
                seen.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    person(alone, AINO | {"given_name": "Sylvi"})  # a later transaction, over before
    assert size(alone) == 2
    seen.set()
    thread.join()
    assert size(alone) == 3


def test_what_is_rolled_back_is_out_again(alone: Company) -> None:
    assert size(alone) == 0
    with transaction.atomic():
        person(alone, AINO)
        assert size(alone) == 1
        transaction.set_rollback(True)
    assert size(alone) == 0


def test_after_an_erasure_the_next_use_does_not_hold_the_person(alone: Company) -> None:
    aino, feed = person(alone, AINO), Feed(alone)
    kerttu = person(alone, AINO | {"given_name": "Kerttu", "birth_date": "1955-01-01", "phone": "+358401112223"})
    assert size(alone) == 2
    assert forget("updates", alone.context(), aino) == 1
    asked = _profile(alone)
    with indexes.index_of(alone.context()) as index:
        assert index.candidates(asked).ids.tolist() == [kerttu]
        assert len(index) == 1
    assert [row["customer_id"] for row in rows(alone, Departed)] == [aino]
    assert [row["customer_id"] for row in rows(alone, Profile)] == [kerttu]
    assert feed.take(MOVE)[0].fate is not Fate.UPDATED


def _profile(company: Company) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    stored = rows(company, Profile)[0]
    return np.frombuffer(bytes(stored["tokens"]), profiles.STORED).astype(np.int64).reshape(1, -1)


def test_two_companies_never_share_one(alone: Company, south: Company) -> None:
    person(alone, AINO)
    assert size(alone) == 1
    before = size(south)
    person(south, AINO)
    assert size(south) == before + 1
    assert indexes.held(alone.controller_id) is not indexes.held(south.controller_id)
    assert size(alone) == 1


def test_who_has_no_profile_yet_gets_one_in_parts(alone: Company) -> None:
    born = {"Aino": AINO["birth_date"], "Kerttu": "1955-01-01", "Sylvi": "1957-06-30"}
    people = [person(alone, AINO | {"given_name": name, "birth_date": day}) for name, day in born.items()]
    with scoped(alone.context().scope):
        Profile.objects.filter(controller_id=alone.controller_id).delete()
    first = build_profiles(alone.context(), after=0, limit=2)
    assert (first.done, first.after) == (2, people[1])
    assert build_profiles(alone.context(), after=people[1], limit=2).after is None
    assert build_profiles(alone.context(), after=0, limit=2).done == 0
    assert len(rows(alone, Profile)) == 3
    assert Feed(alone).take(MOVE)[0].fate is Fate.UPDATED


def test_under_another_database_it_is_loaded_anew(alone: Company) -> None:
    """As after a restore: what the index has seen lies in a future that was taken back."""
    aino = person(alone, AINO)
    assert size(alone) == 1
    kept = indexes._kept[alone.controller_id]
    kept.horizon = 2**60
    kept.index.drop(np.array([aino]))
    assert size(alone) == 1
    assert kept.horizon < 2**60


def test_the_number_of_who_went_is_kept_for_a_day(alone: Company) -> None:
    aino = person(alone, AINO)
    forget("updates", alone.context(), aino)
    build(controller_id=alone.controller_id, after=0)
    assert len(rows(alone, Departed)) == 1
    profiles.forget_departed(alone.context(), now=clock.now() + timedelta(days=1, minutes=1))
    assert rows(alone, Departed) == []


def test_an_index_that_nobody_uses_is_let_go(alone: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "IDLE_SECONDS", 0.01)
    person(alone, AINO)
    size(alone)
    for _look in range(500):
        if indexes.held(alone.controller_id) is None:
            break
        threading.Event().wait(0.01)
    assert indexes.held(alone.controller_id) is None
