"""Father and son of one name, one home and one line: the father alone is a customer, the feed tells of the son."""

import pytest
from tests.companies import Company
from tests.integration.updates.feeding import NOW, Feed, change, person

from trustdesk.register.api import merge
from trustdesk.updates.contracts import Fate

HOME = {"address": "Koivukuja 7, 02100 Espoo"}
NAME = {"given_name": "Otto", "family_name": "Kaimala"}
LANDLINE, MOBILE = {"phone": "+35891234567"}, {"phone": "+358401239999"}
MOVED = {"address": "Mäntytie 3, 33100 Tampere"}


@pytest.mark.parametrize(
    ("father", "son", "reason"),
    [
        (NAME | LANDLINE, NAME | LANDLINE, "second"),
        (NAME | LANDLINE, NAME | {"family_name": "Kaimala Jr."} | LANDLINE, "second"),
        (NAME | MOBILE, NAME | {"family_name": "Kaimala Jr."} | MOBILE, "generation"),
        (NAME | {"family_name": "Kaimala Sr."} | MOBILE, NAME | MOBILE, "generation"),
        (
            NAME | {"family_name": "Kaimala sen."} | MOBILE,
            NAME | {"family_name": "Kaimala jun."} | MOBILE,
            "generation",
        ),
    ],
)
def test_a_sons_move_never_moves_his_father(
    north: Company, feed: Feed, father: dict[str, str], son: dict[str, str], reason: str
) -> None:
    person(north, HOME | father)
    (verdict,) = feed.take(change("1", person=HOME | son, becomes=MOVED))
    assert (verdict.fate, verdict.reason) == (Fate.REVIEW, reason)


def test_a_mobile_of_the_whole_family_that_nobody_marked_shows_nobody(north: Company, feed: Feed) -> None:
    person(north, HOME | NAME | MOBILE)
    (verdict,) = feed.take(change("1", person=HOME | NAME | MOBILE, becomes={"email": "otto@example.org"}))
    assert verdict.fate is Fate.UPDATED
    person(north, HOME | {"given_name": "Helka", "family_name": "Kaimala"} | MOBILE)
    (verdict,) = feed.take(change("2", person=HOME | NAME | MOBILE, becomes=MOVED))
    assert (verdict.fate, verdict.reason) == (Fate.REVIEW, "second")


def test_two_records_of_one_person_are_not_two_people(north: Company, feed: Feed) -> None:
    first, second = (person(north, HOME | NAME | MOBILE) for _record in range(2))
    merge(north.context(), into=first, customer_id=second, reason="one person", now=NOW)
    (verdict,) = feed.take(change("1", person=HOME | NAME | MOBILE, becomes=MOVED))
    assert (verdict.fate, verdict.customer_id) == (Fate.UPDATED, first)
