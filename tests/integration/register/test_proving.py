"""Which contact points prove who somebody is: one rule, for requests and for copies of recordings."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import NOW, Company

from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.register.api import (
    add_value,
    card,
    correct_value,
    create_customer,
    former_points,
    lock,
    merge,
    proves,
    proving_points,
)
from trustdesk.register.contracts import (
    POINT_RESTS,
    ConfirmedBy,
    CustomerKind,
    NewValue,
    Notice,
    NoticeKind,
    RestrictionGround,
    ValueKind,
)

THEN = NOW + POINT_RESTS
DAY = timedelta(days=1)


def point(company: Company, customer_id: int, attribute: str) -> int:
    values = card(company.context(), customer_id, now=NOW).values
    return next(value.value_id for value in values if value.attribute == attribute)


def kinds(company: Company, customer_id: int) -> list[ValueKind]:
    return [one.kind for one in proving_points(company.context(), customer_id, now=THEN)]


def test_it_proves_after_thirty_days_and_not_before(north: Company) -> None:
    customer_id = north.person(name="Aino", phone="+358401234567", email="aino@example.com", birth_date="1980-01-02")
    assert proving_points(north.context(), customer_id, now=THEN - DAY) == []
    assert kinds(north, customer_id) == [ValueKind.EMAIL, ValueKind.PHONE], "and nothing else does"
    assert proves(north.context(), customer_id=customer_id, value_id=point(north, customer_id, "email"), now=THEN)
    assert not proves(north.context(), customer_id=customer_id, value_id=point(north, customer_id, "name"), now=THEN)


def test_one_that_was_replaced_proves_nothing_and_is_known_as_the_former_one(north: Company) -> None:
    customer_id = north.person(name="Aino", phone="+358401234567")
    old = point(north, customer_id, "phone")
    for text, at in (("+358402222222", THEN - DAY), ("+358403333333", THEN - DAY / 2)):
        correct_value(
            north.context(),
            customer_id=customer_id,
            value_id=point(north, customer_id, "phone"),
            text=text,
            source_id=north.direct,
            by=ConfirmedBy.CUSTOMER,
            now=at,
        )
    assert kinds(north, customer_id) == []
    former = former_points(north.context(), customer_id, now=THEN)
    assert [one.value_id for one in former] == [old], "the one between had not stood for long enough"
    assert former_points(north.context(), customer_id, now=THEN + POINT_RESTS) == []


def test_neither_a_shared_nor_a_contested_one_proves(north: Company) -> None:
    shared = create_customer(
        north.context(),
        kind=CustomerKind.PERSON,
        values=[NewValue("name", "Aino"), NewValue("phone", "+358401234567", shared_line=True)],
        source_id=north.direct,
        notice=Notice(NoticeKind.ART13, "2026-01", NOW),
        now=NOW,
    )
    assert kinds(north, shared) == []
    contested = north.person(name="Eino", email="eino@example.com")
    value_id = point(north, contested, "email")
    ground = RestrictionGround.ACCURACY_CONTESTED
    lock(north.context(), customer_id=contested, value_id=value_id, ground=ground, now=NOW)
    assert kinds(north, contested) == []


def test_who_is_restricted_still_proves_who_they_are(north: Company) -> None:
    customer_id = north.person(name="Aino", email="aino@example.com")
    lock(north.context(), customer_id=customer_id, ground=RestrictionGround.UNLAWFUL_BUT_KEEP, now=NOW)
    assert kinds(north, customer_id) == [ValueKind.EMAIL]


def test_who_is_shown_as_one_since_less_than_that_proves_nothing(north: Company) -> None:
    first, second = (north.person(name=name, email=f"{name}@example.com") for name in ("aino", "eino"))
    merge(north.context(), into=first, customer_id=second, reason="same", now=THEN - DAY)
    assert kinds(north, first) == kinds(north, second) == []
    assert len(proving_points(north.context(), second, now=THEN + POINT_RESTS)) == 2


def test_a_second_one_beside_it_changes_nothing(north: Company) -> None:
    customer_id = north.person(name="Aino", phone="+358401234567")
    fresh = NewValue("email", "thief@example.com")
    add_value(north.context(), customer_id=customer_id, value=fresh, source_id=north.direct, now=THEN - DAY)
    assert kinds(north, customer_id) == [ValueKind.PHONE]


def test_neither_an_outsider_nor_a_neighbor_learns_of_any(north: Company, south: Company) -> None:
    customer_id = north.person(name="Aino", email="aino@example.com")
    for asked in (proving_points, former_points):
        with pytest.raises(RefusedError):
            asked(replace(north.context(), operations=frozenset()), customer_id, now=THEN)
        with pytest.raises(NotFoundError):
            asked(south.context(), customer_id, now=THEN)
