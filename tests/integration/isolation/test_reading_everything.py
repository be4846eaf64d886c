"""The runtime role reads every table there is: without a scope, with a wrong one, with one that is over."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from tests.architecture.catalog import undone
from tests.integration.isolation.filling import fill
from tests.world import SESSION, World, make_person

from trustdesk.isolation.api import sign_operator_scope, sign_scope
from trustdesk.kernel import clock
from trustdesk.mandates import api as mandates
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import RUNTIME

Filled = tuple[psycopg.Connection, list[str]]


@dataclass(frozen=True)
class Scopes:
    """Signed before the tables are filled: signing asks the database too, and would wait for the filling's locks."""

    north: str
    south: str
    both_at_north: str


@pytest.fixture
def scopes(committed: World) -> Scopes:
    return Scopes(
        north=committed.context(committed.agent_north, committed.north).scope,
        south=committed.context(committed.agent_south, committed.south, session="another").scope,
        both_at_north=committed.context(committed.agent_both, committed.north).scope,
    )


@pytest.fixture
def filled(cluster: Cluster, committed: World, scopes: Scopes) -> Iterator[Filled]:
    """A transaction in which every owned table has rows of both companies, read as the runtime role."""
    with undone(cluster) as connection:
        tables = fill(connection, (committed.north.id, committed.south.id))
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(RUNTIME)))
        yield connection, tables


def seen(filled: Filled, scope: str | None) -> dict[str, set[int]]:
    """The controllers whose rows show, by table; tables that may not be read at all show nothing."""
    connection, tables = filled
    if scope is not None:
        connection.execute("SELECT set_config('trustdesk.scope', %s, true)", [scope])
    found = {}
    for table in tables:
        allowed = connection.execute("SELECT has_table_privilege(%s, 'SELECT')", [table]).fetchone()
        if allowed == (True,):
            query = sql.SQL("SELECT DISTINCT controller_id FROM {}").format(sql.Identifier(table))
            found[table] = {row[0] for row in connection.execute(query).fetchall()}
    return {table: controllers for table, controllers in found.items() if controllers}


def test_a_living_scope_shows_its_own_company_in_every_table(filled: Filled, committed: World, scopes: Scopes) -> None:
    shown = seen(filled, scopes.both_at_north)
    assert shown.keys() == set(filled[1])
    assert {controller for controllers in shown.values() for controller in controllers} == {committed.north.id}


def test_nothing_set_shows_nothing(filled: Filled) -> None:
    assert seen(filled, None) == {}


def test_other_settings_show_nothing(filled: Filled, committed: World) -> None:
    connection, _tables = filled
    for name in ("trustdesk.controller", "trustdesk.controller_id", "trustdesk.operator", "app.current_tenant"):
        connection.execute("SELECT set_config(%s, %s, true)", [name, str(committed.north.id)])
    assert seen(filled, None) == {}


@pytest.mark.parametrize(
    "scope",
    ["1", "", "'; --", "1.1.1.1.1.1", f"1.1.1.{'0' * 32}.9999999999.{'f' * 64}", "\n1." + "9" * 200],
)
def test_a_forged_scope_shows_nothing(filled: Filled, scope: str) -> None:
    assert seen(filled, scope) == {}


@pytest.mark.parametrize("part", range(6))
def test_a_copied_scope_with_one_part_of_the_neighbors_shows_nothing(filled: Filled, scopes: Scopes, part: int) -> None:
    mine, theirs = scopes.north.split("."), scopes.south.split(".")
    theirs[4] = str(int(theirs[4]) + 1)  # the same second would be no change
    mine[part] = theirs[part]
    assert seen(filled, ".".join(mine)) == {}


def test_an_outsiders_signed_scope_shows_nothing(filled: Filled, committed: World) -> None:
    later = clock.now() + timedelta(minutes=5)
    scope = sign_operator_scope(operator_id=committed.outsider.id, session_id=SESSION, expires_at=later)
    assert seen(filled, scope) == {}


def test_a_mandate_of_one_company_signed_for_another_shows_nothing(filled: Filled, committed: World) -> None:
    scope = sign_scope(
        controller_id=committed.south.id,
        operator_id=committed.agent_north.id,
        mandate_id=committed.agent_north.seats[committed.north.id],
        session_id=SESSION,
        expires_at=clock.now() + timedelta(minutes=5),
    )
    assert seen(filled, scope) == {}


def test_an_expired_scope_shows_nothing(filled: Filled, committed: World) -> None:
    scope = sign_scope(
        controller_id=committed.north.id,
        operator_id=committed.agent_north.id,
        mandate_id=committed.agent_north.seats[committed.north.id],
        session_id=SESSION,
        expires_at=clock.now() - timedelta(seconds=1),
    )
    assert seen(filled, scope) == {}


@pytest.fixture
def over(committed: World) -> str:
    """A scope signed while its mandate lived, which has ended since."""
    now = clock.now()
    mandate = mandates.create_mandate(
        controller_id=committed.north.id,
        processor_id=committed.processor,
        purposes=["service"],
        categories=[mandates.EVERY_CATEGORY],
        operations=["customer:open"],
        starts_at=now - timedelta(hours=1),
        ends_at=None,
        by=None,
        now=now,
    )
    person = make_person(f"p{secrets.token_hex(6)}")
    mandates.give_seat(
        controller_id=committed.north.id,
        mandate_id=mandate.id,
        operator_id=person.id,
        role="agent",
        purposes=["service"],
        starts_at=now - timedelta(hours=1),
        ends_at=None,
        by=None,
        now=now,
    )
    context = mandates.enter(
        person.id,
        SESSION,
        controller_id=committed.north.id,
        mandate_id=mandate.id,
        purpose="service",
        now=clock.now(),
    )
    mandates.end_mandate(
        controller_id=committed.north.id,
        mandate_id=mandate.id,
        reason="contract over",
        by=None,
        now=clock.now(),
    )
    return context.scope


def test_an_ended_mandate_shows_nothing(over: str, filled: Filled) -> None:
    assert seen(filled, over) == {}


def test_without_a_scope_nothing_is_changed(filled: Filled) -> None:
    connection, tables = filled
    for table in tables:
        if connection.execute("SELECT has_table_privilege(%s, 'DELETE')", [table]).fetchone() == (True,):
            query = sql.SQL("DELETE FROM {}").format(sql.Identifier(table))
            assert connection.execute(query).rowcount == 0, table
