"""The index in memory: however a register came into it, the same people are found."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.unit.matching.known import ANNA, profiles, register, strangers

from trustdesk.matching.api import WIDTH, Index
from trustdesk.matching.columns import SLOTS
from trustdesk.matching.frequencies import COUNTED
from trustdesk.matching.keys import RULES, STRONG

NOBODY = np.empty((0, WIDTH), np.int64)


def found(index: Index, asked: NDArray[np.int64]) -> set[tuple[int, int]]:
    candidates = index.candidates(asked)
    return set(zip(candidates.asked.tolist(), candidates.ids.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(st.tuples(st.integers(1, 30), st.integers(0, 11)), min_size=1, max_size=9)),
        max_size=8,
    )
)
def test_changes_lead_to_the_index_that_would_have_been_built(
    steps: list[tuple[bool, list[tuple[int, int]]]],
) -> None:
    rows = profiles(strangers(12))
    index, expected = Index(np.empty(0, np.int64), NOBODY), dict[int, int]()
    for put, people in steps:
        ids = np.array([customer for customer, _ in people], np.int64)
        if put:
            index.put(ids, rows[[row for _, row in people]])
            expected.update(people)
        else:
            index.drop(ids)
            for customer, _ in people:
                expected.pop(customer, None)
    built = Index(np.array(list(expected), np.int64), rows[list(expected.values())])
    assert len(index) == len(built) == len(expected)
    assert found(index, rows) == found(built, rows)
    for group, columns in COUNTED.items():
        tokens = rows[:, columns]
        assert (index.counts(group, tokens) == built.counts(group, tokens)).all()


def test_whoever_was_dropped_has_no_tokens_left() -> None:
    rows = profiles(strangers(50))
    index = Index(np.arange(1, 51), rows)
    index.drop(np.array([7, 7, 999]))
    assert len(index) == 49
    assert not any(rows[6][rows[6] != 0][0] in segment.profiles for segment in index._segments)


def test_the_rows_that_were_given_stay_as_they_are() -> None:
    rows = profiles(strangers(5))
    before = rows.copy()
    index = Index(np.arange(5), rows)
    index.drop(np.arange(5))
    assert (rows == before).all()


def test_a_key_that_too_many_share_finds_nobody() -> None:
    house = profiles([ANNA] * (STRONG + 1))
    house[:, [slot for group in SLOTS if group not in {"family", "house"} for slot in SLOTS[group]]] = 0
    index = Index(np.arange(1, STRONG + 2), house)
    assert found(index, house[:1]) == set()
    assert index.candidates(house[:1]).skipped == 3  # family and house, and each alone
    index.drop(np.array([1]))
    index.put(np.empty(0, np.int64), NOBODY)
    rebuilt = Index(np.arange(2, STRONG + 2), house[1:])
    assert len(found(rebuilt, house[:1])) == STRONG


def test_somebody_is_found_by_every_rule_alone() -> None:
    (anna,) = profiles([ANNA])
    index = register(ANNA)
    for groups, _ in RULES.values():
        alone = np.zeros((1, WIDTH), np.int64)
        for group in groups:
            alone[0, SLOTS[group]] = anna[list(SLOTS[group])]
        assert (0, 1) in found(index, alone), groups


def test_second_slots_are_looked_up_and_found() -> None:
    (anna,) = profiles([ANNA])
    held, asked = np.zeros((2, 1, WIDTH), np.int64)
    held[0, [SLOTS["family"][1], SLOTS["birth"][0]]] = anna[[SLOTS["family"][0], SLOTS["birth"][0]]]
    asked[0, [SLOTS["family"][0], SLOTS["birth"][0]]] = anna[[SLOTS["family"][0], SLOTS["birth"][0]]]
    assert found(Index(np.array([9]), held), asked) == {(0, 9)} == found(Index(np.array([9]), asked), held)


def test_a_million_people_fit_into_a_gigabyte() -> None:
    count = 4000
    rows = profiles(strangers(count))
    full = rows.copy()
    for slots in SLOTS.values():  # nobody has more than this: each slot filled, with tokens of their own
        for slot in slots:
            empty = full[:, slot] == 0
            full[empty, slot] = np.arange(1, empty.sum() + 1) * WIDTH + slot
    usual, most = Index(np.arange(count), rows), Index(np.arange(count), full)
    assert usual.nbytes / count < 700
    assert most.nbytes / count < 2000
