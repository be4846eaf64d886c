"""Words of which one stands in one record and the other in another lead to the customer as whom both are shown."""

from datetime import timedelta
from itertools import count, permutations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.companies import NOW, Company
from tests.forgetting import forget

from trustdesk.isolation.api import scoped
from trustdesk.register.api import add_note, card, correct_value, merge, search, unmerge
from trustdesk.register.contracts import ConfirmedBy

EXAMPLES = count()  # they share a register
LATER = NOW + timedelta(days=1)
KEYED = "SELECT customer_id, array_agg(token ORDER BY token) FROM register_joint_token GROUP BY 1"


def found(company: Company, query: str) -> list[int]:
    return [hit.customer_id for hit in search(company.context(), query).rows]


def one(company: Company, into: int, *others: int) -> list[int]:
    return [merge(company.context(), into=into, customer_id=each, reason="same", now=LATER) for each in others]


def joint(company: Company) -> dict[int, list[int]]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(KEYED)
        return dict(cursor.fetchall())


def test_words_of_two_records_find_the_one_shown(north: Company) -> None:
    anna = north.person(name="Spanning Anna", phone="040 2222221", town="Ylöjärvi")
    moved = north.person(name="Spanner Ann", phone="040 2222222", town="Kuopio")
    north.person(name="Spanning Bela", phone="040 2222223", town="Kuopio")
    for query in ("spanning kuopio 0402222222", "anna 040 2222222", "spanner ylojarvi"):
        assert found(north, query) == []
    one(north, anna, moved)
    for query in ("spanning kuopio 0402222222", "anna 040 2222222", "spanner ylojarvi", "spann kuop 0402222222"):
        hits = search(north.context(), query).rows
        assert [(hit.customer_id, hit.name) for hit in hits] == [(anna, "Spanning Anna")], query
    assert found(north, "spanner 0402222223") == []


def test_three_records_in_any_order_of_words(north: Company) -> None:
    first, second, third = (north.person(name=name) for name in ("Alfaword Anna", "Betaword Anna", "Gammaword Anna"))
    one(north, second, third)
    one(north, first, second)
    for words in permutations(("alfaword", "betaword", "gammaword")):
        assert found(north, " ".join(words)) == [first]


def test_apart_again_nothing_of_it_is_left(north: Company) -> None:
    first, second, third = (north.person(name=name) for name in ("Deltaword Anna", "Epsilonword Anna", "Zetaword Anna"))
    (inner,) = one(north, second, third)
    between = joint(north)
    (outer,) = one(north, first, second)
    assert first in joint(north)
    assert second not in joint(north)
    unmerge(north.context(), merge_id=outer, now=LATER)
    assert joint(north) == between
    assert (found(north, "deltaword zetaword"), found(north, "epsilonword zetaword")) == ([], [second])
    unmerge(north.context(), merge_id=inner, now=LATER)
    assert not joint(north).keys() & {first, second, third}
    assert found(north, "epsilonword zetaword") == []


def test_what_is_written_after_the_merge_spans_too(north: Company) -> None:
    anna, moved = north.person(name="Etaword Anna"), north.person(name="Thetaword Ann", phone="040 2222231")
    one(north, anna, moved)
    add_note(north.context(), customer_id=moved, text="asks about the gyroscope", now=LATER)
    add_note(north.context(), customer_id=anna, text="owns a theremin", now=LATER)
    assert found(north, "gyroscope theremin") == [anna]
    phone = next(value for value in card(north.context(), anna, now=LATER).values if value.attribute == "phone")
    correct_value(
        north.context(),
        customer_id=moved,
        value_id=phone.value_id,
        text="040 2222232",
        source_id=north.direct,
        by=ConfirmedBy.CUSTOMER,
        now=LATER,
    )
    assert found(north, "etaword 0402222232") == [anna]
    assert found(north, "etaword 0402222231") == []


def test_erased_nothing_leads_anywhere(north: Company) -> None:
    anna, moved = north.person(name="Iotaword Anna"), north.person(name="Kappaword Ann")
    one(north, anna, moved)
    forget("register", north.context(), moved)
    assert not joint(north).keys() & {anna, moved}
    assert found(north, "iotaword kappaword") == []


def test_the_neighbor_finds_nobody_by_them(north: Company, south: Company) -> None:
    anna, moved = north.person(name="Lambdaword Anna"), north.person(name="Muword Ann")
    one(north, anna, moved)
    assert found(north, "lambdaword muword") == [anna]
    assert found(south, "lambdaword muword") == []
    assert joint(south) == {}


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_whatever_is_merged_and_undone_the_joint_words_are_those_of_the_records(
    north: Company,
    acts: list[tuple[int, int]],
) -> None:
    """One of each pair is merged into the other; where they are one already, the newest merge is undone."""
    words = [f"Nuword{letter}{next(EXAMPLES)}" for letter in "abcde"]
    people = [north.person(name=f"{word} Person") for word in words]
    shown = {person: person for person in people}
    standing: list[tuple[int, dict[int, int]]] = []
    for into, moved in ((people[one], people[other]) for one, other in acts):
        if shown[into] != shown[moved]:
            before = dict(shown)
            target, gone = shown[into], shown[moved]
            standing += [(each, before) for each in one(north, into, moved)]
            shown = {person: target if root == gone else root for person, root in shown.items()}
        elif standing:
            merge_id, shown = standing.pop()
            unmerge(north.context(), merge_id=merge_id, now=LATER)
    for number, person in enumerate(people):
        for other in range(number):
            hits = found(north, f"{words[number]} {words[other]}")
            together = shown[person] == shown[people[other]]
            assert hits == ([shown[person]] if together else [])
