"""Whoever has to know what a feed changed is told in the same transaction, of many at once."""

from collections.abc import Sequence

import pytest
from tests.companies import NOW, Company
from tests.feeding import Feed

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Correction, GonePoint, Known, StoredPoint
from trustdesk.register.api import add_value
from trustdesk.register.contracts import NewValue
from trustdesk.register.models import Event, Value


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


class Watch:
    """Remembers what it was told, of everything."""

    name = "a watch of the tests"

    def __init__(self) -> None:
        self.came: list[str] = []
        self.went: list[int] = []
        self.corrections: list[Correction] = []
        self.identities: list[Known] = []

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None:
        self.came += [point.text for point in points]

    def superseded(self, context: AccessContext, points: Sequence[GonePoint]) -> None:
        self.went += [point.value_id for point in points]

    def corrected(self, context: AccessContext, corrections: Sequence[Correction], *, now: object) -> None:
        self.corrections += corrections

    def known(self, context: AccessContext, records: Sequence[Known]) -> None:
        self.identities += records


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    for registry in (registries.points, registries.corrections, registries.identities):
        monkeypatch.setattr(registry, "_things", {watch.name: watch})
    return watch


def test_whoever_has_to_know_is_told(feed: Feed, watch: Watch) -> None:
    anna = feed.listed(name="Anna", phone="040 5550151", remark="friendly")
    assert [(each.customer_id, [text for _code, _kind, text, _shared in each.texts]) for each in watch.identities] == [
        (anna, ["Anna", "+358405550151"])
    ]
    watch.came.clear()
    watch.identities.clear()
    old = feed.value_id(anna, "phone")
    became = feed.says(anna, "phone", "040 5550152", replaces=old)
    assert (watch.came, watch.went) == (["+358405550152"], [old])
    assert watch.corrections == [(anna, old, became.new_value_id)]
    assert [(each.customer_id, each.country, list(each.texts)) for each in watch.identities] == [
        (anna, "FI", [("name", "name", "Anna", False), ("phone", "phone", "+358405550152", False)])
    ]
    feed.back(anna, became)
    assert watch.went == [old, became.new_value_id]
    assert watch.came == ["+358405550152", "+358405550151"]
    assert watch.corrections[1:] == [(anna, became.new_value_id, old), (anna, old, old)]
    assert watch.identities[-1].texts[1] == ("phone", "phone", "+358405550151", False)
    assert "5550151" not in repr(watch.identities)


def test_what_is_replaced_twice_in_a_batch_is_told_as_it_ends(feed: Feed, watch: Watch) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    old = feed.value_id(anna, "town")
    became = feed.says_all([feed.change(anna, "town", text) for text in ("Pori", "Rauma")])
    assert watch.corrections == [(anna, old, became[1].new_value_id)]


def test_a_value_made_by_hand_is_told_to_who_keeps_identities(feed: Feed, watch: Watch) -> None:
    anna = feed.listed(name="Anna")
    add_value(
        feed.company.context(), customer_id=anna, value=NewValue("town", "Pori"), source_id=feed.source_id, now=NOW
    )
    assert [each[2] for each in watch.identities[-1].texts] == ["Anna", "Pori"]


def test_a_fault_leaves_nothing(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks(Watch):
        def corrected(self, context: AccessContext, corrections: Sequence[Correction], *, now: object) -> None:
            raise RuntimeError("in the middle")

    anna = feed.listed(name="Anna", phone="040 5550161")
    before, values = feed.tokens(anna), Value.objects
    monkeypatch.setattr(registries.corrections, "_things", {"breaks": Breaks()})
    with pytest.raises(RuntimeError):
        feed.says(anna, "phone", "040 5550162", replaces=feed.value_id(anna, "phone"))
    with scoped(feed.context().scope):
        assert (
            values.filter(customer_id=anna, superseded_at=None).count() == values.filter(customer_id=anna).count() == 2
        )
        assert Event.objects.filter(customer_id=anna).count() == 0
    assert feed.tokens(anna) == before
