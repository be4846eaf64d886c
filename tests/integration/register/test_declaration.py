"""Every column is declared, and the neighbor and the scopeless see no row of any table."""

import pytest
from django.apps import apps
from django.db import connection
from tests.companies import Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries

MODELS = list(apps.get_app_config("register").get_models())
TABLES = [model._meta.db_table for model in MODELS]


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("register")
    columns = {f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields}
    personal = [f"{field.table}.{field.column}" for field in declaration.fields]
    assert sorted(personal + list(declaration.not_personal)) == sorted(columns)


def test_what_is_declared_as_sealed_is_a_box() -> None:
    sealed = {f"{field.table}.{field.column}" for field in registries.privacy.get("register").fields if field.sealed}
    assert sealed == {"register_customer.headline", "register_value.sealed", "register_note.sealed"}


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_or_with_the_neighbors_a_table_is_empty(north: Company, south: Company, table: str) -> None:
    north.person(name="Anna", phone="040 1111122")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    with scoped(south.context().scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE controller_id = %s", [north.controller_id])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
def test_the_controller_leads_every_key(north: Company, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname, a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.conrelid = %s::regclass AND c.contype IN ('p', 'u', 'f')",
            [table],
        )
        assert {column for _name, column in cursor.fetchall()} == {"controller_id"}
