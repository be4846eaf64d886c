"""A controller with a living mandate, and a log that begins empty."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from trustdesk.audit import api
from trustdesk.audit.services import keys
from trustdesk.isolation.api import sign_scope
from trustdesk.kernel.context import AccessContext

TABLES = (
    "audit_list",
    "audit_entry",
    "audit_leaf",
    "audit_node",
    "audit_tree",
    "audit_checkpoint",
    "audit_subject",
    "audit_key",
    "audit_handout",
    "audit_check",
    "audit_installation_key",
)
NORTH, SOUTH = 901, 902
OPENED = (*TABLES[:-1], "mandates_mandate")  # the attacker is the owner, who may lift FORCE; the key table has none


@dataclass
class Log:
    """The owner's hands: what an attacker with every right on the database can do."""

    owner: psycopg.Connection

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = self.owner.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []

    def context(self, controller_id: int = NORTH, operator_id: int = 77) -> AccessContext:
        return a_context(controller_id, operator_id)


def a_context(controller_id: int, operator_id: int = 77) -> AccessContext:
    expires = datetime.now(UTC) + timedelta(minutes=10)
    scope = sign_scope(
        controller_id=controller_id,
        operator_id=operator_id,
        mandate_id=5,
        session_id="a-session",
        expires_at=expires,
    )
    return AccessContext(
        operator_id=operator_id,
        session_id="a-session",
        controller_id=controller_id,
        mandate_id=5,
        purpose="service",
        categories=frozenset(),
        operations=frozenset({"log:read", "log:export"}),
        expires_at=expires,
        scope=scope,
        journal=api.journal(),
    )


def owner_connection() -> psycopg.Connection:
    """The owner of the tables, past row-level security: FORCE binds the owner only until the owner lifts it."""
    params = connections["owner"].get_connection_params()
    return psycopg.connect(
        host=params["host"],
        dbname=params["dbname"],
        user=params["user"],
        password=params["password"],
        autocommit=True,
    )


@pytest.fixture
def log(committed: object) -> Iterator[Log]:
    held = Log(owner_connection())
    try:
        for table in OPENED:
            held.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        _clear(held)
        _two_companies(held)
        yield held
    finally:
        _clear(held)
        for table in OPENED:
            held.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        held.owner.close()
        for connection in connections.all():
            connection.close()


def _clear(log: Log) -> None:
    shutil.rmtree(settings.TRUSTDESK_HOME.path / "handout", ignore_errors=True)
    log.execute(f"TRUNCATE {', '.join(TABLES)}")
    log.execute("UPDATE audit_position SET cluster = system_identifier FROM pg_control_system()")
    log.execute("DELETE FROM mandates_mandate WHERE controller_id IN (901, 902)")
    log.execute("DELETE FROM mandates_controller WHERE id IN (901, 902)")
    keys.forget()


def _two_companies(log: Log) -> None:
    """Controllers of these tests alone, each with a mandate that lives."""
    for controller in (NORTH, SOUTH):
        log.execute(
            "INSERT INTO mandates_controller (id, name, country, languages, time_zone, created_at)"
            " VALUES (%s, %s, 'FI', '{fi}', 'Europe/Helsinki', now())",
            controller,
            f"Company {controller}",
        )
        log.execute(
            "INSERT INTO mandates_mandate"
            " (controller_id, id, starts_at, purposes, categories, operations, ended_reason)"
            " VALUES (%s, 5, '2020-01-01', '{service}', '{}', '{}', '')",
            controller,
        )
