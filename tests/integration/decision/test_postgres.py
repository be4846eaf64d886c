"""PostgreSQL reads the compiled rules as Python does, row for row; Ibis only writes the statement."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import ibis
import psycopg
import pytest
from psycopg import sql
from tests.architecture.catalog import undone
from tests.decisions import AT, PROPER, WILLING, packs

from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, LegalBasis, PurposeKind, Question
from trustdesk.server.cluster import Cluster

TYPES = {
    str: ("text", "string"),
    bool: ("boolean", "boolean"),
    int: ("bigint", "int64"),
    datetime: ("timestamptz", "timestamp('UTC')"),
}
PEOPLE = 4000


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with undone(cluster) as connection:
        yield connection


def somebody(dice: random.Random) -> dict[str, object]:
    """Mostly willing, with a few facts turned round or forgotten: all of a verdict's branches are walked."""
    person = WILLING | {"country": dice.choice(packs().countries)}
    person["point_country"] = dice.choice([person["country"], person["country"], *packs().countries, None])
    for name in dice.sample(sorted(person), dice.choice([0, 1, 1, 2, 3, 6])):
        declared = api.FACTS[name]
        turned: list[object] = [None]
        if declared.kind is bool:
            turned += [True, False]
        elif declared.kind is int:
            turned += [2, 6, 15]
        elif declared.kind is datetime:
            turned += [AT, AT - timedelta(days=400), AT + timedelta(seconds=1)]
        else:
            turned += [*declared.values] or ["SE", "XX"]
        person[name] = dice.choice(turned)
    return person


def stored(connection: psycopg.Connection, program: api.Program, people: Sequence[dict[str, object]]) -> ibis.Table:
    columns = {name: TYPES[api.FACTS[name].kind] for name in program.facts}
    defined = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, (kind, _) in columns.items()
    )
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE asked (row_no bigint, {})").format(defined))
    with connection.cursor().copy("COPY asked FROM STDIN") as copy:
        for number, person in enumerate(people):
            copy.write_row((number, *(person[name] for name in columns)))
    return ibis.table({"row_no": "int64"} | {name: kind for name, (_, kind) in columns.items()}, name="asked")


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("contact", [False, True], ids=["planned", "at the moment of contact"])
def test_postgresql_says_what_python_says(connection: psycopg.Connection, channel: Channel, contact: bool) -> None:  # noqa: FBT001
    dice = random.Random(channel.value)
    people = [somebody(dice) for _ in range(PEOPLE)]
    question = Question(
        channel=channel,
        purpose_kind=PurposeKind.MARKETING,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        at=AT,
        about=PROPER,
        contact=contact,
    )
    program = api.compile_program(packs(), api.NO_POLICY, question)
    table = stored(connection, program, people)
    bits = api.set_mask(program, table)
    asked = table.select("row_no", bits.name("mask"), api.set_outcome(program, bits).name("outcome"))
    statement = ibis.to_sql(asked.order_by("row_no"), dialect="postgres")
    found = connection.execute(statement.encode()).fetchall()
    verdicts = [api.decide(program, person) for person in people]
    assert [(mask, outcome) for _, mask, outcome in found] == [(v.mask, v.outcome.value) for v in verdicts]
    if channel is Channel.EMAIL:
        assert {outcome for _, _, outcome in found} == {"permit", "deny", "undecided"}


def test_the_largest_mask_fits_a_bigint(connection: psycopg.Connection) -> None:
    """Every clause that can say two things says both: the sum stays below the sign."""
    for channel in Channel:
        question = Question(
            channel=channel,
            purpose_kind=PurposeKind.CONSENT_REQUEST,
            legal_basis=LegalBasis.CONSENT,
            at=datetime(2026, 11, 23, tzinfo=UTC),
            contact=True,
        )
        program = api.compile_program(packs(), api.NO_POLICY, question)
        largest = sum(clause.bits for clause in program.clauses)
        assert connection.execute("SELECT %s::bigint", [largest]).fetchone() == (largest,)
