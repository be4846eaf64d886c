"""Setting rules: one place has one rule, a new one ends the old one, and a neighbor sees neither."""

from dataclasses import replace

import pytest
from tests.companies import Company
from tests.integration.retention.growing_old import keep

from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import Ground, NewRule, Rule

NOTE = NewRule(kind="register.note", months=12)


def rules(company: Company) -> list[Rule]:
    return list(retention.rules(company.context()))


def test_a_new_rule_takes_the_place_of_the_old_one(north: Company) -> None:
    keep(north.context(), "register.note", months=12)
    keep(north.context(), "register.note", months=6)
    keep(north.context(), "register.note", months=24, country="DE")
    assert [(rule.country, rule.months) for rule in rules(north)] == [("", 6), ("DE", 24)]


def test_a_rule_is_ended_once(north: Company) -> None:
    rule = keep(north.context(), "register.note")
    retention.end_rule(north.context(), rule_id=rule, now=clock.now())
    assert rules(north) == []
    with pytest.raises(NotFoundError):
        retention.end_rule(north.context(), rule_id=rule, now=clock.now())


@pytest.mark.parametrize(
    ("new", "place"),
    [
        (replace(NOTE, kind="register.nothing"), "kind"),
        (replace(NOTE, months=0), "months"),
        (replace(NOTE, months=1_201), "months"),
        (replace(NOTE, ground=Ground.STATUTE), "source"),
        (replace(NOTE, ground=Ground.STATUTE, source="  "), "source"),
        (replace(NOTE, source="x" * 201), "source"),
    ],
)
def test_a_rule_that_says_nothing_is_refused_at_its_place(north: Company, new: NewRule, place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        retention.set_rule(north.context(), new=new, now=clock.now())
    assert refused.value.place == place
    assert refused.value.mend
    assert rules(north) == []


def test_the_neighbor_sees_no_rule_and_ends_none(north: Company, south: Company) -> None:
    rule = keep(north.context(), "register.note")
    assert rules(south) == []
    with pytest.raises(NotFoundError):
        retention.end_rule(south.context(), rule_id=rule, now=clock.now())


def test_who_may_not_is_refused(north: Company) -> None:
    context, now = north.context("customer:open"), clock.now()
    for ask in (
        lambda: retention.rules(context),
        lambda: retention.set_rule(context, new=NOTE, now=now),
        lambda: retention.end_rule(context, rule_id=1, now=now),
        lambda: retention.preview(context, now=now),
        lambda: retention.start(context, digest="", most=1, now=now),
        lambda: retention.stop(context, run_id=1, now=now),
        lambda: retention.runs(context),
        lambda: retention.tallies(context),
    ):
        with pytest.raises(RefusedError):
            ask()
