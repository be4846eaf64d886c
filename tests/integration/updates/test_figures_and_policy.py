"""What the company wants of feeds, and what its figures say."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import Company
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, rows

from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.matching.contracts import Thresholds
from trustdesk.updates.api import changes, figures, policy, set_policy, standing, take, undo
from trustdesk.updates.contracts import ChangeKind, Fate, Policy
from trustdesk.updates.models import Policy as Row

STRANGER = {"given_name": "Veikko", "family_name": "Korhonen", "birth_date": "1971-05-06"}
HOME = {"address": "Mäntytie 3, 33100 Tampere"}


def test_what_was_said_last_counts_and_the_rest_stays_on_record(north: Company) -> None:
    assert policy(north.context()) == Policy()
    strict = Policy(tell=frozenset({ChangeKind.NAME}), thresholds=Thresholds(update=0.9999, review=0.4))
    set_policy(north.context(), policy=strict, now=NOW)
    wanted = replace(strict, outranked_for=timedelta(days=30), question_seconds=15)
    set_policy(north.context(), policy=wanted, now=NOW)
    assert policy(north.context()) == wanted
    assert [row["edition"] for row in rows(north, Row)] == [1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        Policy(thresholds=Thresholds(update=0.5, review=0.6)),
        Policy(thresholds=Thresholds(update=1.1, review=0.6)),
        Policy(outranked_for=timedelta(days=-1)),
        Policy(question_seconds=-1),
    ],
    ids=["order", "above-one", "before", "negative"],
)
def test_what_makes_no_sense_is_refused(north: Company, wrong: Policy) -> None:
    with pytest.raises(BadInputError):
        set_policy(north.context(), policy=wrong, now=NOW)


def test_whoever_only_reads_sets_nothing(north: Company) -> None:
    with pytest.raises(RefusedError):
        set_policy(north.context("update:read"), policy=Policy(), now=NOW)


def test_figures_count_fates_and_the_time_from_feed_to_desk(north: Company, feed: Feed) -> None:
    person(north, AINO)
    terms = replace(feed.terms(), received_at=NOW - timedelta(seconds=90))
    moved, nobody = change("1", person=AINO, becomes=HOME), change("2", person=STRANGER, becomes=HOME)
    verdicts = take(north.context(), [moved, nobody], terms=terms, now=NOW)
    found = figures(north.context(), since=NOW, until=NOW + timedelta(seconds=1))
    assert dict(found.fates) == {Fate.UPDATED: 1, Fate.NONE: 1}
    assert (found.median, found.p99, found.undone) == (90, 90, 0)
    assert standing(north.context(), feed.feed_id) == {Fate.UPDATED: 1, Fate.NONE: 1}
    undo(north.context(), change_id=verdicts[0].change_id, reason="wrong", now=NOW)
    assert figures(north.context(), since=NOW, until=NOW + timedelta(seconds=1)).undone == 1
    nothing = figures(north.context(), since=NOW + timedelta(days=1), until=NOW + timedelta(days=2))
    assert (dict(nothing.fates), nothing.median) == ({}, None)


def test_changes_are_listed_newest_first(north: Company, feed: Feed) -> None:
    person(north, AINO)
    feed.take(change("1", person=AINO, becomes=HOME), change("2", person=STRANGER, becomes=HOME))
    newest, oldest = changes(north.context(), feed_id=feed.feed_id)
    assert (newest.fate, oldest.fate) == (Fate.NONE, Fate.UPDATED)
    assert changes(north.context(), feed_id=feed.feed_id, before=newest.change_id) == [oldest]
    assert changes(north.context(), delivery_id=1, feed_id=feed.feed_id, fates=[Fate.UPDATED]) == [oldest]
    with pytest.raises(RefusedError):
        changes(north.context("customer:open"))
