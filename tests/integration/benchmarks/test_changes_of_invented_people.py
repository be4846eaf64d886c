"""Invented people in a real register, and what a feed says of them, from its bytes to what the register holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks._changes import NOBODY, Feed, feed
from benchmarks._register import Row, World
from benchmarks._updates import lines, read, write_list
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, found_company

from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import add_many, create_source, known_as
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, NewValue, SourceKind
from trustdesk.server.cluster import Cluster
from trustdesk.updates.api import take
from trustdesk.updates.contracts import Fate, Terms, Verdict

CUSTOMERS, CHANGES, SEED = 400, 100, 3


@pytest.fixture(scope="module")
def world() -> World:
    return World(CUSTOMERS, seed=SEED)


def _customer(row: Row) -> NewCustomer:
    values = [NewValue(each.attribute, each.text, shared_line=each.shared) for each in row.values]
    return NewCustomer(kind=CustomerKind.PERSON, values=values, country=row.country)


def _taken(company: Company, told: Feed) -> list[Verdict]:
    source = NewSource(kind=SourceKind.FEED, name="Invented", legal_basis="eu-gdpr:A6-1-b")
    source_id = create_source(company.context(), source=source, now=clock.now())
    terms = Terms(feed_id=new_id(), delivery_id=new_id(), source_id=source_id)
    changes = list(read(lines(told.changes), clock.now()))
    return list(take(company.context(), changes, terms=terms, now=clock.now()))


def test_a_feed_survives_being_written_and_read(world: World) -> None:
    told = feed(world, CHANGES, seed=SEED)
    again = list(read(lines(told.changes), datetime.now(UTC)))
    assert [(each.position, each.kind, each.as_of, each.key, each.country) for each in again] == [
        (each.position, each.kind, each.as_of, each.key, each.country) for each in told.changes
    ]
    for before, after in zip(told.changes, again, strict=True):
        assert set(after.person) == set(before.person)
        assert set(after.becomes) == set(before.becomes)


def test_a_list_has_all_that_the_register_is_given(world: World, tmp_path: Path) -> None:
    rows = list(world.rows())
    write_list(tmp_path / "list.csv", rows)
    text = (tmp_path / "list.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == CUSTOMERS + 1
    assert all(value.text in text for row in rows for value in row.values)


@pytest.fixture
def company(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        yield found_company("Invented people", "FI")


def test_what_is_written_by_itself_is_written_to_whom_it_is_of(world: World, company: Company) -> None:
    rows = [_customer(row) for row in world.rows()]
    added = add_many(company.context(), rows, source_id=company.imported, now=clock.now())
    assert added.rejected == 0
    told = feed(world, CHANGES, seed=SEED, as_of=clock.now())
    verdicts = _taken(company, told)
    of = {each.customer_id: number for number, each in enumerate(added.outcomes)}
    written = {place: each for place, each in enumerate(verdicts) if each.fate is Fate.UPDATED}
    assert len(written) > CHANGES / 4
    assert {place: of.get(each.customer_id, NOBODY) for place, each in written.items()} == {
        place: told.truth[place] for place in written
    }
    held = known_as(company.context(), {each.customer_id for each in written.values() if each.customer_id is not None})
    moved = [place for place in written if told.changes[place].kind == "move"]
    assert moved
    for place in moved:
        customer_id = written[place].customer_id
        assert customer_id is not None
        texts = {value.text for value in held[customer_id].values}
        assert {said.text for said in told.changes[place].becomes} <= texts
