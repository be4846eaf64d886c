"""Whoever watches contact points is told of each that comes or goes, in the transaction that stores it."""

from collections.abc import Sequence
from datetime import date

import pytest
from tests.companies import NOW, Company

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.registries import GonePoint, StoredPoint
from trustdesk.register.api import add_many, add_value, age, card, correct_value, lock, merge, set_country
from trustdesk.register.contracts import Age, ConfirmedBy, CustomerKind, NewCustomer, NewValue, RestrictionGround


class Watch:
    """Remembers what it was told."""

    name = "a watch of the tests"

    def __init__(self) -> None:
        self.came: list[tuple[str, str]] = []
        self.went: list[int] = []

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None:
        self.came += [(point.kind, point.text) for point in points]

    def superseded(self, context: AccessContext, points: Sequence[GonePoint]) -> None:
        self.went += [point.value_id for point in points]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(registries.points, "_things", {watch.name: watch})
    return watch


def test_points_are_told_in_their_one_notation_and_nothing_else_is(north: Company, watch: Watch) -> None:
    rows = [
        NewCustomer(
            kind=CustomerKind.PERSON,
            values=[NewValue("name", "Anna"), NewValue("phone", "040 1234567"), NewValue("email", "Anna@Example.COM")],
        ),
    ]
    add_many(north.context(), rows, source_id=north.imported, now=NOW)
    assert watch.came == [("phone", "+358401234567"), ("email", "Anna@example.com")]


def test_a_value_by_hand_is_told_and_so_is_what_it_replaces(north: Company, watch: Watch) -> None:
    anna = north.person(name="Anna", email="old@example.com")
    add_value(
        north.context(),
        customer_id=anna,
        value=NewValue("phone", "040 7654321"),
        source_id=north.direct,
        now=NOW,
    )
    old = next(value for value in card(north.context(), anna, now=NOW).values if value.attribute == "email")
    correct_value(
        north.context(),
        customer_id=anna,
        value_id=old.value_id,
        text="new@example.com",
        source_id=north.direct,
        by=ConfirmedBy.CUSTOMER,
        now=NOW,
    )
    assert watch.came[-1] == ("email", "new@example.com")
    assert watch.went == [old.value_id]


def test_a_stored_point_does_not_show_its_text() -> None:
    assert "040" not in repr(StoredPoint(1, 2, "phone", "+358401234567"))


@pytest.mark.parametrize(
    ("country", "phone", "known"),
    [
        ("de", "040 1234567", "DE"),  # as said, whatever the number
        ("", "+36 30 123 4567", "HU"),
        ("", "040 1234567", "FI"),  # read as the controller's
        ("", "+1 202 555 0123", "US"),
        ("", "+1 416 555 0123", "CA"),
        ("", "+800 1234 5678", ""),
        ("", "", ""),
    ],
)
def test_whose_law_counts(north: Company, country: str, phone: str, known: str) -> None:
    values = [NewValue("name", "Anna"), *([NewValue("phone", phone)] if phone else [])]
    rows = [NewCustomer(kind=CustomerKind.PERSON, values=values, country=country)]
    added = add_many(north.context(), rows, source_id=north.imported, now=NOW).outcomes[0].customer_id
    assert added is not None
    assert card(north.context(), added, now=NOW).country == known


def test_a_country_is_set_by_hand(north: Company) -> None:
    anna = north.person(name="Anna")
    set_country(north.context(), customer_id=anna, country=" at ", now=NOW)
    assert card(north.context(), anna, now=NOW).country == "AT"
    set_country(north.context(), customer_id=anna, country="", now=NOW)
    assert card(north.context(), anna, now=NOW).country == ""
    with pytest.raises(BadInputError):
        set_country(north.context(), customer_id=anna, country="Austria", now=NOW)
    with pytest.raises(RefusedError):
        set_country(north.context("customer:open"), customer_id=anna, country="AT", now=NOW)


def test_an_age_is_opened_for_one_answer(north: Company) -> None:
    day = date(2026, 11, 23)
    anna, ann = north.person(name="Anna", birth_date="2010-11-23"), north.person(name="Ann", birth_date="2010-11-24")
    assert age(north.context(), north.person(name="X"), on=day) == Age(recorded=False, years=None)
    assert age(north.context(), anna, on=day) == Age(recorded=True, years=16)
    assert age(north.context(), ann, on=day) == Age(recorded=True, years=15)
    merge(north.context(), into=anna, customer_id=ann, reason="same", now=NOW)
    assert age(north.context(), anna, on=day).years == 15  # of two birth dates the later
    born = next(value for value in card(north.context(), anna, now=NOW).values if value.attribute == "birth_date")
    lock(
        north.context(),
        customer_id=anna,
        value_id=born.value_id,
        ground=RestrictionGround.ACCURACY_CONTESTED,
        now=NOW,
    )
    assert age(north.context("customer:open"), anna, on=day) == Age(recorded=True, years=None)
    with pytest.raises(RefusedError):
        age(north.context("consent:record"), anna, on=day)
