"""Each column of the switchboard's tables is declared, and nothing is declared that is not there."""

import pytest
from django.apps import apps

from trustdesk.kernel import registries


def columns() -> set[str]:
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_app_config("switchboard").get_models()
        for field in model._meta.concrete_fields
        if field.column
    }


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("switchboard")
    personal = {f"{field.table}.{field.column}" for field in declaration.fields}
    assert personal & declaration.not_personal.keys() == set()
    assert personal | declaration.not_personal.keys() == columns()


@pytest.mark.parametrize("table", ["call", "wait", "callback"])
def test_what_says_that_somebody_called_is_personal(table: str) -> None:
    declaration = registries.privacy.get("switchboard")
    assert any(field.table == f"switchboard_{table}" for field in declaration.fields)
