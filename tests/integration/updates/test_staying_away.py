"""Who was erased does not come back by a feed, and what is suppressed is not planted by one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.erasing import Rooms, rooms
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, rows, texts

from trustdesk.clearance.api import suppress
from trustdesk.clearance.contracts import EVERYTHING, Point, PointKind, SuppressionReason
from trustdesk.erasure.models import Sighting
from trustdesk.erasure.steps import steps
from trustdesk.server.cluster import Cluster
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.models import Change, Review

NEW_NUMBER = {"phone": "+358409998877"}
WIFE = {"given_name": "Liisa", "family_name": "Virtanen", "address": AINO["address"], "phone": AINO["phone"]}


def suppressed(company: Company, number: str) -> None:
    suppress(
        company.context(),
        point=Point(PointKind.PHONE, number, "FI"),
        scope=EVERYTHING,
        reason=SuppressionReason.HAND,
        now=NOW,
    )


@pytest.fixture
def room(
    cluster: Cluster, tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rooms]:
    """A company that erases by erasure's own steps: what stands above brings a scan of everything."""
    monkeypatch.setattr(steps, "_things", {name: step for name, step in steps if "." not in name})
    with django_db_blocker.unblock():
        yield rooms(tmp_path)


def test_who_was_erased_stays_away(room: Rooms) -> None:
    """Also where somebody who is alike is a customer: nothing of the erased one lands with them, or in a review."""
    feed = Feed(room.house)
    gone = person(room.house, AINO)
    wife = person(room.house, WIFE)
    feed.take(change("0", ChangeKind.STATE, person=AINO, becomes=AINO))
    room.erase(gone)
    (verdict,) = feed.take(change("1", ChangeKind.PHONE, person=AINO, becomes=NEW_NUMBER))
    assert (verdict.fate, verdict.reason, verdict.customer_id) == (Fate.STAYS_AWAY, "erased", None)
    (row,) = rows(room.house, Change, id=verdict.change_id)
    assert (row["customer_id"], row["evidence"]) == (None, [])
    assert rows(room.house, Review) == []
    assert texts(room.house, wife, "phone") == [WIFE["phone"]]
    assert [one["place"] for one in rows(room.house, Sighting)] == ["feed"]


def test_a_suppressed_number_is_not_planted(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    suppressed(north, NEW_NUMBER["phone"])
    (verdict,) = feed.take(change("1", ChangeKind.PHONE, person=AINO, becomes=NEW_NUMBER))
    assert (verdict.fate, verdict.reason) == (Fate.STAYS_AWAY, "suppressed")
    assert texts(north, aino, "phone") == [AINO["phone"]]


def test_what_else_the_record_says_is_written(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    suppressed(north, NEW_NUMBER["phone"])
    home = {"address": "Mäntytie 3, 33100 Tampere"}
    (verdict,) = feed.take(change("1", ChangeKind.MOVE, person=AINO, becomes=home | NEW_NUMBER))
    assert (verdict.fate, verdict.reason) == (Fate.UPDATED, "suppressed")
    assert (texts(north, aino, "phone"), texts(north, aino, "address")) == ([AINO["phone"]], [home["address"]])


def test_a_number_that_is_on_file_and_suppressed_keeps_nobody_from_moving(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    suppressed(north, AINO["phone"])
    moved = change("1", person=AINO, becomes={"address": "Mäntytie 3, 33100 Tampere"})
    assert feed.take(moved)[0].fate is Fate.UPDATED
    assert feed.take(replace(moved, position="2"))[0].fate is Fate.CONFIRMED
    assert texts(north, aino, "address") == ["Mäntytie 3, 33100 Tampere"]
