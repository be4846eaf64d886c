"""Every column is declared, the neighbor and the scopeless see no row, and history can't be rewritten."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from tests.clearing import LATER, consent, person, phone
from tests.companies import NOW, Company

from trustdesk.clearance.api import record_objection, suppress
from trustdesk.clearance.contracts import ALL_MARKETING, EVERYTHING, Method, SuppressionReason
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.vault.api import destroy

MODELS = list(apps.get_app_config("clearance").get_models())
TABLES = [model._meta.db_table for model in MODELS]
HISTORY = ("clearance_consent_event", "clearance_objection")


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("clearance")
    columns = {f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields}
    personal = [f"{field.table}.{field.column}" for field in declaration.fields]
    assert sorted(personal + list(declaration.not_personal)) == sorted(columns)


def test_what_is_declared_as_sealed_is_a_box() -> None:
    sealed = {f"{field.table}.{field.column}" for field in registries.privacy.get("clearance").fields if field.sealed}
    assert sealed == {"clearance_consent_event.words", "clearance_objection.words"}


def test_gate_and_watch_are_there_at_start_up() -> None:
    registries.check_complete()


@pytest.mark.parametrize("kind", ["admission", "points"])
def test_start_up_fails_without_them(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(getattr(registries, kind), "_things", {})
    with pytest.raises(LookupError, match="clearance"):
        registries.check_complete()


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_or_with_the_neighbors_a_table_is_empty(north: Company, south: Company, table: str) -> None:
    consent(north, person(north, email="anna@example.com"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    with scoped(south.context().scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE controller_id = %s", [north.controller_id])
        assert cursor.fetchone() == (0,)


def written(north: Company) -> int:
    anna = person(north, email="anna@example.com", phone="040 1234567")
    consent(north, anna)
    record_objection(
        north.context(),
        customer_id=anna,
        scope=ALL_MARKETING,
        method=Method.TOLD_OPERATOR,
        words="No!",
        now=LATER,
    )
    return anna


@contextmanager
def refused(company: Company, words: str) -> Iterator[CursorWrapper]:
    """The runtime role at work, and the database that says no."""
    scope = company.context().scope
    with (
        scoped(scope),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=words),
        transaction.atomic(),
    ):
        yield cursor


@pytest.mark.parametrize("table", [*HISTORY, "clearance_consent_use", "clearance_decision", "clearance_suppression"])
@pytest.mark.parametrize("column", ["controller_id", "at", "state", "act", "recorded_at", "used_at", "outcome"])
def test_the_database_refuses_a_change_of_history(north: Company, table: str, column: str) -> None:
    if column not in {
        field.column for model in MODELS if model._meta.db_table == table for field in model._meta.fields
    }:
        column = "controller_id"
    written(north)
    with refused(north, "permission denied") as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", HISTORY)
def test_the_database_refuses_to_delete_history_while_its_proof_is_kept(north: Company, table: str) -> None:
    anna = written(north)
    statement = f"DELETE FROM {table} WHERE customer_id = %s"
    with refused(north, "history") as cursor:
        cursor.execute(statement, [anna])
    context = north.context()
    with scoped(context.scope), connection.cursor() as cursor:
        destroy(context, anna, "proof", now=LATER)
        cursor.execute(statement, [anna])
        assert cursor.rowcount == 1


def test_the_database_refuses_to_delete_a_suppression(north: Company) -> None:
    suppress(north.context(), point=phone("+358401234599"), scope=EVERYTHING, reason=SuppressionReason.HAND, now=NOW)
    with refused(north, "not deleted") as cursor:
        cursor.execute("DELETE FROM clearance_suppression")


def test_nothing_of_a_person_stands_open_in_the_tables(north: Company) -> None:
    anna = person(north, name="Quxberg Anna", phone="+358405550001", email="anna@quxberg.example.com")
    consent(north, anna)
    record_objection(
        north.context(),
        customer_id=anna,
        scope=EVERYTHING,
        method=Method.REPLY,
        words="Quxberg says no",
        now=LATER,
    )
    with scoped(north.context().scope), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t")
            found = str(cursor.fetchall()).lower()
            assert "quxberg" not in found, table
            assert "405550001" not in found, table
            assert "send me news" not in found, table
