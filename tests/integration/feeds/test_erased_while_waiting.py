"""Who is erased while a delivery waits at the brake does not come back when it goes on; what it says of them goes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.erasing import Rooms, rooms
from tests.integration.feeds.feeding import BRAKED, Room, row, table
from tests.integration.updates.feeding import person
from tests.integration.updates.feeding import rows as kept_of

from trustdesk.erasure.steps import steps
from trustdesk.feeds import api as feeds
from trustdesk.feeds import places
from trustdesk.feeds.contracts import DeliveryState
from trustdesk.feeds.models import Parked
from trustdesk.feeds.services.forgetting import KEPT_FOR, forget_old
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.server.cluster import Cluster
from trustdesk.updates.models import Applied, Candidate, Change, Profile, Review

FAMILIES = ("Virtanen", "Korhonen", "Nieminen", "Laine", "Heikkinen", "Salminen")
AINO = {"given_name": "Aino", "family_name": "Virtanen", "birth_date": "1980-02-29", "address": "Koivukuja 7, Espoo"}
SISTER = AINO | {"given_name": "Helmi", "birth_date": "1983-04-05"}
OF_PEOPLE = (Applied, Candidate, Change, Profile, Review)


@pytest.fixture
def erasing(
    cluster: Cluster, tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rooms]:
    """A company that erases by erasure's own steps: what stands above brings a scan of everything."""
    monkeypatch.setattr(steps, "_things", {name: step for name, step in steps if "." not in name})
    with django_db_blocker.unblock():
        yield rooms(tmp_path)


def one_house() -> bytes:
    """Many move to one house, Aino among them; when the second record of hers holds can't be read."""
    born = [AINO["birth_date"], *(f"19{60 + number}-05-{number:02}" for number in range(1, len(FAMILIES)))]
    moved = [
        row(number, family=family, born=day, street="Torikatu 1")
        for number, (family, day) in enumerate(zip(FAMILIES, born, strict=True), 1)
    ]
    return table([*moved, row(9, family="Virtanen", when="the 29th", street="Torikatu 1")])


def numbers_in(company: Company) -> set[int]:
    """The customers of whom updates hold anything."""
    return {one["customer_id"] for model in OF_PEOPLE for one in kept_of(company, model)}


@pytest.mark.parametrize("erased", [True, False])
def test_who_was_erased_meanwhile(erasing: Rooms, *, erased: bool) -> None:
    """Beside the same without an erasure, in which all of it lands."""
    company, room = erasing.house, Room(erasing.house)
    aino, sister = person(company, AINO), person(company, SISTER)
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, one_house())
    assert stopped.state is DeliveryState.STOPPED
    if erased:
        erasing.erase(aino)
    feeds.go_on(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    room.run(feed_id)
    done = room.delivery(stopped.delivery_id)
    assert (done.state, done.parked, done.counts["none"]) == (DeliveryState.DONE, 1, len(FAMILIES) - 1)
    assert done.counts.get("stays_away", 0) == int(erased)
    assert done.counts.get("updated", 0) == int(not erased)
    assert (aino in numbers_in(company)) is not erased
    assert kept_of(company, Review) == []
    assert sister in numbers_in(company), "she has her profile"
    assert [one["customer_id"] for one in kept_of(company, Change) if one["customer_id"] == sister] == []
    (parked,) = kept_of(company, Parked)
    assert "Virtanen" not in str(parked)
    assert "29th" not in str(parked)


def test_the_sealed_rest_is_gone_when_its_week_is_over(erasing: Rooms) -> None:
    """A record that was set aside keeps the delivery, also what it says of whoever was erased: for the week."""
    company, room = erasing.house, Room(erasing.house)
    aino = person(company, AINO)
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, one_house())
    erasing.erase(aino)
    feeds.go_on(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    room.run(feed_id)
    assert len(places.files_of(room.id)) == 1
    keys = "SELECT count(*) FROM vault_file_key WHERE controller_id = %s AND wrapped IS NOT NULL"
    assert erasing.ask(keys, room.id) == [(1,)]
    forget_old(room.context(), now=clock.now() + KEPT_FOR + timedelta(hours=1))
    assert list(places.files_of(room.id)) == []
    assert erasing.ask(keys, room.id) == [(0,)]
    with pytest.raises(ConflictError):
        feeds.retry(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
