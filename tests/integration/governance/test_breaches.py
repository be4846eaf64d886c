"""Breaches are written down once, with their hour and whom they touched; a person can be taken out of them."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from tests.companies import NOW, Company, companies, north, south

from trustdesk.governance import api as governance
from trustdesk.governance.contracts import Kind, State
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id

__all__ = ["companies", "north", "south"]


def opened(company: Company, customer_ids: Sequence[int], about: str, *, cause: str = "wrong-update") -> int:
    """As what stands below does it: by the registry."""
    return registries.breaches.get("governance").open(
        company.context("update:undo"),
        kind="integrity",
        cause=cause,
        about=about,
        customer_ids=customer_ids,
        happened_at=NOW - timedelta(days=2),
        now=NOW,
    )


def test_it_is_written_down_with_its_hour_and_whom_it_touched(north: Company, south: Company) -> None:
    aino = north.person(name="Aino Mäkelä")
    number = opened(north, [aino, aino], f"change {new_id()}")
    held = governance.breach(north.context(), number)
    assert (held.kind, held.state, held.people, list(held.customer_ids)) == (Kind.INTEGRITY, State.OPEN, 1, [aino])
    assert held.left(NOW + timedelta(hours=70)) == timedelta(hours=2)
    assert number in [each.breach_id for each in governance.breaches(north.context(), state=State.OPEN)]
    assert number not in [each.breach_id for each in governance.breaches(north.context(), state=State.CLOSED)]
    counted = governance.standing(north.context(), now=NOW + timedelta(hours=73))
    assert counted.open >= 1
    assert counted.least_left is not None
    assert counted.least_left < timedelta()
    with pytest.raises(NotFoundError):
        governance.breach(south.context(), number)
    assert governance.standing(south.context(), now=NOW).least_left is None
    for read in (governance.breaches, lambda context: governance.breach(context, number)):
        with pytest.raises(RefusedError):
            read(north.context("customer:open"))


def test_the_same_is_one_breach_and_may_touch_more(north: Company) -> None:
    about = f"delivery {new_id()}"
    aino, eino = north.person(name="Aino Mäkelä"), north.person(name="Eino Niemi")
    first = opened(north, [aino], about)
    assert opened(north, [aino, eino], about) == first
    assert governance.breach(north.context(), first).people == 2
    assert opened(north, [aino], about, cause="another") != first


def test_what_cannot_be_is_not_written_down(north: Company) -> None:
    context = north.context()

    def given(**more: object) -> None:
        terms = {"kind": "integrity", "cause": "c", "about": "a", "customer_ids": [], "happened_at": NOW, "now": NOW}
        governance.open_breach(context, **{**terms, **more})  # type: ignore[arg-type]

    for wrong in ({"kind": "shame"}, {"cause": ""}, {"about": ""}, {"happened_at": NOW + timedelta(minutes=1)}):
        with pytest.raises(BadInputError):
            given(**wrong)


def test_an_erasure_takes_the_person_out_and_the_record_stays(north: Company) -> None:
    aino, eino = north.person(name="Aino Mäkelä"), north.person(name="Eino Niemi")
    number = opened(north, [aino, eino], f"change {new_id()}")
    declared = registries.privacy.get("governance")
    assert declared.plan is not None
    assert declared.erase is not None
    assert declared.export is not None
    (told,) = declared.export(north.context(), aino)
    assert (told["kind"], told["broken"], told["cause"]) == ("breach", "integrity", "wrong-update")
    assert [line.count for line in declared.plan(north.context(), [[aino]])[0]] == [1]
    context = north.context()
    with scoped(context.scope):
        assert list(declared.erase(context, [[aino]])) == [1]
    held = governance.breach(north.context(), number)
    assert (held.people, list(held.customer_ids)) == (2, [eino])


@pytest.mark.parametrize(
    "statement", ["UPDATE governance_breach SET found_at = now()", "DELETE FROM governance_breach"]
)
def test_the_record_is_not_rewritten(north: Company, statement: str) -> None:
    opened(north, [], f"feed {new_id()}")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scoped(north.context().scope),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
