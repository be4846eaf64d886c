"""What holds for any customer: every notation finds, nothing is lost, merging leaves no trace."""

import unicodedata
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.companies import NOW, Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register.api import card, correct_value, history, known, merge, search, unmerge
from trustdesk.register.contracts import ConfirmedBy, CustomerKind, NewCustomer, NewValue
from trustdesk.register.wire import ByteaColumn, Int8Column, TextColumn, fetch

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(FEW, max_examples=40)
LETTERS = "abcdefghijklmnoprstuvzåäöéáóőűłśżß"
WORD = st.text(LETTERS, min_size=3, max_size=12).map(str.capitalize)
DIGITS = st.text("0123456789", min_size=7, max_size=7)


def plain(text: str) -> str:
    """As somebody with another keyboard types it."""
    known = str.maketrans({"ł": "l", "ß": "ss"})
    letters = unicodedata.normalize("NFD", text.lower().translate(known))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@FEW
@given(given_name=WORD, family_name=WORD, digits=DIGITS)
def test_every_notation_of_a_customer_finds_the_customer(
    north: Company,
    given_name: str,
    family_name: str,
    digits: str,
) -> None:
    customer = north.person(given_name=given_name, family_name=family_name, phone=f"040{digits}")
    queries = [
        f"{given_name} {family_name}",
        f"{family_name} {given_name}",
        plain(family_name),
        family_name.upper(),
        plain(family_name)[:3],
        f"+35840{digits}",
        f"040 {digits[:3]} {digits[3:]}",
        f"{family_name} 040{digits}",
    ]
    for query in queries:
        found = {hit.customer_id for hit in search(north.context(), query, limit=1000).rows}
        assert customer in found, query


@FEW
@given(names=st.lists(WORD, min_size=1, max_size=5))
def test_history_never_loses_a_value(north: Company, names: list[str]) -> None:
    customer = north.person(name="Begin")
    for name in names:
        current = next(value for value in card(north.context(), customer, now=NOW).values if value.attribute == "name")
        correct_value(
            north.context(),
            customer_id=customer,
            value_id=current.value_id,
            text=name,
            source_id=north.direct,
            by=ConfirmedBy.CUSTOMER,
            now=NOW,
        )
    kept = Counter(value.text for value in history(north.context(), customer, now=NOW))
    assert kept == Counter(["Begin", *names])
    assert card(north.context(), customer, now=NOW).name == names[-1]


@FEW
@given(names=st.lists(WORD, min_size=2, max_size=4), data=st.data())
def test_merging_and_undoing_is_as_if_nothing_was(north: Company, names: list[str], data: st.DataObject) -> None:
    customers = [north.person(name=name) for name in names]
    before = [card(north.context(), each, now=NOW) for each in customers]
    done = []
    for _step in range(len(names) - 1):
        into, gone = data.draw(st.permutations(customers))[:2]
        roots = {card(north.context(), each, now=NOW).customer_id for each in (into, gone)}
        if len(roots) == 2:
            done.append(merge(north.context(), into=into, customer_id=gone, reason="same", now=NOW))
    for merge_id in reversed(done):
        unmerge(north.context(), merge_id=merge_id, now=NOW)
    after = [card(north.context(), each, now=NOW) for each in customers]
    assert [(each.customer_id, each.merged_from, each.values) for each in after] == [
        (each.customer_id, each.merged_from, each.values) for each in before
    ]


HANDS: list[Callable[[str], str]] = [str, str.upper, plain]
PERSON = st.fixed_dictionaries(
    {
        "name": st.lists(WORD, min_size=2, max_size=3, unique_by=plain).map(" ".join),
        "phone": DIGITS.map("040{}".format),
    },
    optional={"email": DIGITS.map("m{}@example.com".format), "customer_number": DIGITS.map("C-{}".format)},
)


def asked(person: dict[str, str], **changes: str) -> NewCustomer:
    values = [NewValue(attribute, text) for attribute, text in (person | changes).items()]
    return NewCustomer(kind=CustomerKind.PERSON, values=values)


@FEW
@given(person=PERSON, data=st.data())
def test_who_is_here_is_known_in_every_notation_and_by_no_other_name(
    north: Company,
    person: dict[str, str],
    data: st.DataObject,
) -> None:
    alone = to_public(new_id())  # one more name, which nobody else bears
    person = person | {"name": f"{person['name']} {alone}", "customer_number": f"C-{alone}"}
    customer = north.person(**person)
    words = data.draw(st.permutations(person["name"].split()))
    write = data.draw(st.sampled_from(HANDS))
    rows = [
        asked({"name": write(" ".join(words)), "phone": f"+358 {person['phone'][1:]}"}),
        asked({"name": "Somebody Else", "customer_number": f"c {alone.lower()}"}),
        asked({"name": f"{person['name']} Zzyzx", "phone": person["phone"]}),
        asked({"name": person["name"], "phone": "050 1"}),
        asked({"name": person["name"]}),
    ]
    assert known(north.context(), rows) == [customer, customer, None, None, None]


@FEW
@given(people=st.lists(PERSON, min_size=1, max_size=5), data=st.data())
def test_each_row_is_answered_as_if_it_stood_alone(
    north: Company,
    people: list[dict[str, str]],
    data: st.DataObject,
) -> None:
    for person in people[: len(people) // 2 + 1]:
        north.person(**person)
    rows = [asked(person) for person in data.draw(st.permutations(people))]
    assert known(north.context(), rows) == [known(north.context(), [row])[0] for row in rows]
    assert known(north.context(), [*rows, *rows]) == [*known(north.context(), rows)] * 2


@SOME
@given(
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50),
    boxes=st.lists(st.none() | st.binary(max_size=40), max_size=50),
    texts=st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=50),
)
def test_a_column_arrives_as_it_was_packed(
    north: Company,
    numbers: list[int],
    boxes: list[bytes | None],
    texts: list[str | None],
) -> None:
    with scoped(north.context().scope):
        back = fetch("SELECT %s, %s, %s", Int8Column(numbers), ByteaColumn(boxes), TextColumn(texts))[0]
    empty = [[] if all(item is None for item in items) else items for items in (boxes, texts)]
    assert [list(column) for column in back] == [numbers, *empty]
