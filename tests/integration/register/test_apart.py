"""Which merges stand, what would come apart, and in which order."""

from datetime import timedelta

import pytest
from tests.companies import NOW, Company

from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.register.api import add_note, card, lock, merge, merges, parting, unmerge
from trustdesk.register.contracts import RestrictionGround

LATER = NOW + timedelta(days=1)


def join(company: Company, into: int, other: int) -> int:
    return merge(company.context(), into=into, customer_id=other, reason="same person", now=LATER)


def undo(company: Company, merge_id: int) -> int:
    return unmerge(company.context(), merge_id=merge_id, now=LATER)


def test_the_merges_that_stand_are_named_newest_first(north: Company) -> None:
    first, second, third = (north.person(name=f"Standing {letter}") for letter in "ABC")
    inner, outer = join(north, first, second), join(north, first, third)
    for asked in (first, second, third):
        standing = merges(north.context("customer:open"), asked)
        assert [(one.merge_id, one.customer_id, one.carried_by) for one in standing] == [
            (outer, third, None),
            (inner, second, None),
        ]
    assert standing[0].reason == "same person"
    undo(north, outer)
    assert [one.merge_id for one in merges(north.context(), first)] == [inner]
    assert merges(north.context(), third) == []


def test_what_a_later_merge_carried_along_comes_apart_after_it(north: Company) -> None:
    first, second, third = (north.person(name=f"Carried {letter}") for letter in "ABC")
    inner = join(north, second, third)
    outer = join(north, first, second)
    assert {one.merge_id: one.carried_by for one in merges(north.context(), first)} == {outer: None, inner: outer}
    with pytest.raises(ConflictError, match="carried"):
        undo(north, inner)
    assert undo(north, outer) == first
    assert undo(north, inner) == second
    assert card(north.context(), first, now=LATER).merged_from == ()


def test_undone_out_of_order_a_third_merge_would_be_torn(north: Company) -> None:
    """C into B, B into A; C apart and into A by itself; A and B apart: C must stay with A."""
    first, second, third = (north.person(name=f"Torn {letter}") for letter in "ABC")
    inner = join(north, second, third)
    outer = join(north, first, second)
    with pytest.raises(ConflictError):
        undo(north, inner)
    undo(north, outer)
    undo(north, inner)
    join(north, first, third)
    again = join(north, first, second)
    undo(north, again)
    assert card(north.context(), third, now=LATER).merged_from == (third,)


def test_what_comes_apart_is_told_before(north: Company) -> None:
    first, second, third, fourth = (north.person(name=f"Parting {letter}", town="Oulu") for letter in "ABCD")
    add_note(north.context(), customer_id=third, text="Of the third", now=LATER)
    join(north, second, third)
    join(north, first, fourth)
    outer = join(north, first, second)
    told = parting(north.context(), outer, now=LATER)
    assert [record.hit.customer_id for record in told.staying] == [first, fourth]
    assert [record.hit.customer_id for record in told.leaving] == [second, third]
    assert [record.hit.name for record in told.leaving] == ["Parting B", "Parting C"]
    assert [(record.values, record.notes) for record in told.leaving] == [(2, 0), (2, 1)]
    undo(north, outer)
    assert card(north.context(), first, now=LATER).merged_from == (fourth,)
    assert card(north.context(), second, now=LATER).merged_from == (third,)
    with pytest.raises(ConflictError):
        parting(north.context(), outer, now=LATER)


def test_a_restricted_record_stays_without_a_name(north: Company) -> None:
    first, second = (north.person(name=f"Locked {letter}") for letter in "AB")
    joined = join(north, first, second)
    lock(north.context(), customer_id=first, ground=RestrictionGround.OBJECTION_PENDING, now=LATER)
    told = parting(north.context("customer:merge"), joined, now=LATER)
    assert [record.hit.name for record in (*told.staying, *told.leaving)] == ["", ""]


def test_a_neighbor_and_who_may_not_are_told_nothing(north: Company, south: Company) -> None:
    first, second = (north.person(name=f"Foreign {letter}") for letter in "AB")
    joined = join(north, first, second)
    with pytest.raises(NotFoundError):
        parting(south.context(), joined, now=LATER)
    with pytest.raises(NotFoundError):
        merges(south.context(), first)
    with pytest.raises(RefusedError):
        parting(north.context("customer:open"), joined, now=LATER)
    with pytest.raises(RefusedError):
        merges(north.context("customer:search"), first)
