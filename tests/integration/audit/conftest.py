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
from trustdesk.server.cluster import Cluster

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
_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'mandates_mandate'"
_STAND_IN = (
    "CREATE TABLE mandates_mandate (controller_id integer, id bigint, starts_at timestamptz, ends_at timestamptz)"
)


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
        controller_id=controller_id, operator_id=operator_id, mandate_id=5, session_id="a-session", expires_at=expires
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
        host=params["host"], dbname=params["dbname"], user=params["user"], password=params["password"], autocommit=True
    )


@pytest.fixture
def log(cluster: Cluster, django_db_blocker: object) -> Iterator[Log]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        owner = owner_connection()
        _empty(owner)
        _mandates(owner)
        for table in TABLES[:-1]:
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        try:
            yield Log(owner)
        finally:
            for table in TABLES[:-1]:
                owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            _empty(owner)
            owner.close()
            for connection in connections.all():
                connection.close()


def _empty(owner: psycopg.Connection) -> None:
    shutil.rmtree(settings.TRUSTDESK_HOME.path / "handout", ignore_errors=True)
    owner.execute(f"TRUNCATE {', '.join(TABLES)}")
    owner.execute("UPDATE audit_position SET cluster = system_identifier FROM pg_control_system()")
    keys.forget()


def _mandates(owner: psycopg.Connection) -> None:
    """A living mandate for both controllers; where the mandates room is not installed, the columns the scope reads."""
    columns = {row[0] for row in owner.execute(_COLUMNS).fetchall()}
    if not columns:
        owner.execute(_STAND_IN)
        owner.execute("GRANT SELECT ON mandates_mandate TO trustdesk_scope")
    extra = ", purposes, categories, operations, ended_reason" if "purposes" in columns else ""
    values = ", '{service}', '{}', '{}', ''" if extra else ""
    owner.execute("ALTER TABLE mandates_mandate NO FORCE ROW LEVEL SECURITY")
    for controller in (NORTH, SOUTH):
        if extra:
            owner.execute(
                "INSERT INTO mandates_controller (id, name, country, languages, time_zone, created_at)"
                " VALUES (%s, %s, 'FI', '{fi}', 'Europe/Helsinki', now()) ON CONFLICT DO NOTHING",
                [controller, f"Log {controller}"],
            )
        owner.execute(
            f"INSERT INTO mandates_mandate (controller_id, id, starts_at, ends_at{extra})"
            f" SELECT %s, 5, '2020-01-01', NULL{values}"
            " WHERE NOT EXISTS (SELECT FROM mandates_mandate WHERE controller_id = %s AND id = 5)",
            [controller, controller],
        )
    if columns:
        owner.execute("ALTER TABLE mandates_mandate FORCE ROW LEVEL SECURITY")
