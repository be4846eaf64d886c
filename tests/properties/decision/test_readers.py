"""One tree, two readers: whatever the facts, Python and the database say the same; and folding changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.decisions import AT, PROPER, packs

from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, LegalBasis, Policy, PurposeKind, Question
from trustdesk.decision.reading import reader
from trustdesk.decision.tree import And, AtLeast, Const, Fact, Is, Known, Node, Not, Or, Past, fold, possible

COLUMNS: dict[type, Any] = {
    str: (pa.string(), "string"),
    bool: (pa.bool_(), "boolean"),
    int: (pa.int64(), "int64"),
    datetime: (pa.timestamp("us", tz="UTC"), "timestamp('UTC')"),
}
INSTANTS = [AT - timedelta(days=1), AT, AT + timedelta(microseconds=1), datetime(2024, 2, 29, tzinfo=UTC)]


def known_value_of(name: str) -> st.SearchStrategy[object]:
    declared = api.FACTS[name]
    if declared.kind is bool:
        return st.booleans()
    if declared.kind is int:
        return st.integers(0, 40)
    if declared.kind is datetime:
        return st.sampled_from(INSTANTS)
    return st.sampled_from(declared.values or (*packs().countries, "SE"))


people = st.fixed_dictionaries({name: st.none() | known_value_of(name) for name in api.FACTS})
POLICY = api.parse_policy(
    """
as_of: 2026-11-22
observes: [FI-PUHELIN-ROBINSON, PL-LISTA-ROBINSONOW, DE-DDV-ROBINSON]
rules:
  - {id: ACME-ONE, jurisdiction: HU, channels: [call_human], audiences: [consumer], effect: opt_in}
  - id: ACME-TWO
    jurisdiction: EU
    channels: all
    audiences: [company, consumer]
    purpose_kinds: [marketing, service]
    effect: lawful
    conditions: [{any: [existing_customer, {known: consent_at}]}, {not: {attempts_campaign: {at_least: 9}}}]
""",
    packs(),
)
questions = st.builds(
    Question,
    channel=st.sampled_from(Channel),
    purpose_kind=st.sampled_from(PurposeKind),
    legal_basis=st.sampled_from(LegalBasis),
    at=st.sampled_from([AT, datetime(2024, 1, 1, tzinfo=UTC)]),
    about=st.fixed_dictionaries({}, optional={name: st.sampled_from([None, PROPER[name]]) for name in PROPER}),
    contact=st.booleans(),
    countries=st.sampled_from([frozenset(), frozenset({"DE"}), frozenset({"HU", "FI"})]),
)
policies = st.sampled_from([api.NO_POLICY, POLICY])


def rows_in_duckdb(program: api.Program, facts: list[dict[str, object]]) -> list[tuple[int, str]]:
    """Mask and outcome of each person, in their order, as DuckDB reads them."""
    kinds = {name: COLUMNS[api.FACTS[name].kind] for name in program.facts}
    columns = {name: pa.array([person[name] for person in facts], kind) for name, (kind, _) in kinds.items()}
    people_table = pa.table({"row": pa.array(range(len(facts)), pa.int64()), **columns})  # noqa: F841  (DuckDB finds it)
    table = ibis.table({"row": "int64"} | {name: kind for name, (_, kind) in kinds.items()}, name="people_table")
    bits = api.set_mask(program, table)
    asked = table.select("row", bits.name("mask"), api.set_outcome(program, bits).name("outcome"))
    query = f"SELECT mask, outcome FROM ({ibis.to_sql(asked, dialect='duckdb')}) ORDER BY row"
    with duckdb.connect() as connection:
        found: list[tuple[int, str]] = connection.execute(query).fetchall()
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(questions, policies, st.lists(people, min_size=20, max_size=40))
def test_python_and_duckdb_say_the_same(question: Question, policy: Policy, facts: list[dict[str, object]]) -> None:
    program = api.compile_program(packs(), policy, question)
    verdicts = [api.decide(program, person) for person in facts]
    assert rows_in_duckdb(program, facts) == [(verdict.mask, verdict.outcome.value) for verdict in verdicts]
    for verdict in verdicts:
        assert api.verdict_of_mask(program, verdict.mask).outcome is verdict.outcome
        assert verdict.reasons, "a verdict without a reason"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("purpose", [PurposeKind.MARKETING, PurposeKind.SERVICE, PurposeKind.CONSENT_REQUEST])
def test_every_country_channel_and_audience(channel: Channel, purpose: PurposeKind) -> None:
    """Not by chance: all five countries, two at a time, for every kind of recipient and standing of the consent."""
    base = dict.fromkeys(api.FACTS) | {
        "restricted": False, "erased": False, "objected": False, "suppressed": False, "listed": False,
        "list_current": True, "age_ok": True, "lia_done": True, "existing_customer": True, "point_from_sale": True,
        "told_at_collection": True, "refused_at_collection": False, "similar_products": True, "consent_at": AT,
    }  # fmt: skip
    facts = [
        base | {"country": country, "point_country": point, "audience": audience}
        | {"consent": consent, "consent_express": act}
        for country in (*packs().countries, None, "SE")
        for point in (*packs().countries, None)
        for audience in (*api.FACTS["audience"].values, None)
        for consent in (*api.FACTS["consent"].values, None)
        for act in (True, False, None)
    ]  # fmt: skip
    question = Question(
        channel=channel,
        purpose_kind=purpose,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        at=AT,
        about=PROPER,
    )
    program = api.compile_program(packs(), api.NO_POLICY, question)
    expected = [(bits := api.mask(program, person), program.outcome(bits).value) for person in facts]
    assert rows_in_duckdb(program, facts) == expected


names_of = st.sampled_from(sorted(name for name in api.FACTS if api.FACTS[name].kind is bool))
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Const, st.sampled_from([True, False, None])),
    st.builds(Fact, names_of),
    st.builds(Is, st.just("country"), st.sampled_from([("DE",), ("DE", "AT"), ("SE", "PL")])),
    st.builds(AtLeast, st.just("attempts_today"), st.integers(0, 3)),
    st.builds(Past, st.sampled_from(["consent_at", "consent_until"])),
    st.builds(Known, names_of),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=20,
)


def kleene(node: Node, facts: dict[str, object]) -> bool | None:
    """The tables of Kleene's strong logic, written down once more and naively: 0, ½, 1 with min, max and 1 - x."""

    def degree(part: Node) -> float:
        match part:
            case Not(inner):
                return 1 - degree(inner)
            case And(parts):
                return min((degree(each) for each in parts), default=1)
            case Or(parts):
                return max((degree(each) for each in parts), default=0)
        value = reader(part)(facts, AT)
        return 0.5 if value is None else float(value)

    return {0: False, 0.5: None, 1: True}[degree(node)]


@given(trees, people)
def test_the_reader_keeps_to_kleene(tree: Node, facts: dict[str, object]) -> None:
    assert reader(tree)(facts, AT) is kleene(tree, facts)


@given(trees, people, st.sets(names_of))
def test_folding_changes_nothing_but_the_size(tree: Node, facts: dict[str, object], known: set[str]) -> None:
    about = {name: facts[name] for name in known}
    small = fold(tree, about)
    assert reader(small)(facts, AT) is reader(tree)(facts, AT)
    assert fold(small, about) == small
    assert reader(tree)(facts, AT) in possible(small)
