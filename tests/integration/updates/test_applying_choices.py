"""What somebody chose for a change is written like any other: what stands for that customer holds."""

from tests.companies import Company
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, rows, texts

from trustdesk.register.api import lock
from trustdesk.register.contracts import RestrictionGround
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.models import Applied, Change
from trustdesk.updates.services.applying import apply_choice

NAMED = {"given_name": "Aino", "family_name": "Virtanen", "address": AINO["address"]}
HOME = {"address": "Mäntytie 3, 33100 Tampere"}


def waiting(company: Company, feed: Feed, kind: ChangeKind = ChangeKind.MOVE) -> tuple[int, int, int]:
    """Two it may be, and the change."""
    first = person(company, AINO)
    second = person(company, AINO | {"birth_date": "2004-07-01", "phone": "+358405550000"})
    (verdict,) = feed.take(change("1", kind, person=NAMED, becomes=HOME))
    assert verdict.fate is Fate.REVIEW
    assert verdict.change_id is not None
    return first, second, verdict.change_id


def test_it_is_written_to_whom_somebody_chose(north: Company, feed: Feed) -> None:
    first, second, change_id = waiting(north, feed)
    context = north.context("update:review", "customer:open")
    assert apply_choice(context, change_id=change_id, customer_id=second, now=NOW) is Fate.UPDATED
    assert (texts(north, first, "address"), texts(north, second, "address")) == ([AINO["address"]], [HOME["address"]])
    (row,) = rows(north, Change, id=change_id)
    assert (row["fate"], row["customer_id"], row["decided_by"]) == ("updated", second, 0)
    assert [field["customer_id"] for field in rows(north, Applied, change_id=change_id)] == [second]


def test_of_nobody_nothing_is_kept_either(north: Company, feed: Feed) -> None:
    first, second, change_id = waiting(north, feed)
    assert apply_choice(north.context(), change_id=change_id, customer_id=None, now=NOW) is Fate.NONE
    (row,) = rows(north, Change, id=change_id)
    assert (row["fate"], row["customer_id"], row["evidence"], row["probability"]) == ("none", None, [], None)
    assert texts(north, first, "address") == texts(north, second, "address") == [AINO["address"]]


def test_who_is_restricted_meanwhile_is_closed(north: Company, feed: Feed) -> None:
    first, _second, change_id = waiting(north, feed)
    lock(north.context(), customer_id=first, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    assert apply_choice(north.context(), change_id=change_id, customer_id=first, now=NOW) is Fate.CLOSED
    assert rows(north, Applied, change_id=change_id) == []
