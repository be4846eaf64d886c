"""What may be declared, what is refused, and that a refusal says where and never what stood there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.console.declarations import read_declaration, written
from trustdesk.kernel.errors import BadInputError
from trustdesk.outside.contracts import Kind
from trustdesk.outside.kinds.choosing import connector_of
from trustdesk.outside.placing import combinations, placed_in_body, pointed
from trustdesk.outside.setups import read_setup

TABLE: dict[str, Any] = {"name": "t", "identified": {"mail": "email"}}
SQL: dict[str, Any] = {"host": "db.example", "database": "shop", "user": "u", "tables": [TABLE]}
HTTP: dict[str, Any] = {
    "address": "https://crm.example.com/api",
    "table": {"name": "t", "identified": {"/mail": "email"}},
    "find": {"method": "POST", "path": "/find", "body": {"q": "{email}"}},
    "erase": {"method": "DELETE", "path": "/{id}"},
}
S3: dict[str, Any] = {
    "address": "https://s3.example",
    "bucket": "shop",
    "access_key": "k",
    "patterns": ["c/{customer}/*"],
}
CSV: dict[str, Any] = {"host": "h", "user": "u", "host_key": "SHA256:" + "a" * 43, "tables": [TABLE]}
IMAP: dict[str, Any] = {"host": "h", "user": "u", "own": ["shop.example"]}
GOOD = {Kind.SQL: SQL, Kind.HTTP: HTTP, Kind.S3: S3, Kind.CSV: CSV, Kind.IMAP: IMAP}


@pytest.mark.parametrize(("kind", "given_setup"), GOOD.items())
def test_what_is_sound_is_read_and_keeps_what_it_says(kind: Kind, given_setup: dict[str, Any]) -> None:
    setup = read_setup(kind, given_setup)
    assert read_setup(kind, setup.model_dump(mode="json")) == setup
    assert setup.keys
    assert setup.places


@pytest.mark.parametrize(("kind", "given_setup"), GOOD.items())
def test_each_kind_has_its_connector(kind: Kind, given_setup: dict[str, Any]) -> None:
    setup = read_setup(kind, given_setup)
    assert type(connector_of(setup, "a secret")).__name__ == type(setup).__name__.replace("Setup", "Connector")


@pytest.mark.parametrize(
    ("kind", "change", "place"),
    [
        (Kind.SQL, {"host": "postgres://secret@db"}, "host"),
        (Kind.SQL, {"port": 0}, "port"),
        (Kind.SQL, {"tables": []}, "tables"),
        (Kind.SQL, {"sql": "DROP TABLE x"}, "sql"),
        (Kind.SQL, {"tables": [{"name": "t", "identified": {"n": "name"}}]}, "tables.0"),
        (Kind.SQL, {"tables": [TABLE | {"fate": "clear"}]}, "tables.0"),
        (Kind.SQL, {"tables": [TABLE | {"fate": "shred"}]}, "tables.0.fate"),
        (Kind.HTTP, {"address": "ftp://crm.example"}, "address"),
        (Kind.HTTP, {"address": "https://user:secret@crm.example"}, "address"),
        (Kind.HTTP, {"find": {"method": "GET", "path": "/all"}}, "setup"),
        (Kind.HTTP, {"find": {"method": "GET", "path": "/{other}"}}, "setup"),
        (Kind.HTTP, {"erase": {"method": "DELETE", "path": "/all"}}, "setup"),
        (Kind.HTTP, {"erase": {"method": "DELETE", "path": "https://evil.example/{id}"}}, "erase.path"),
        (Kind.S3, {"patterns": ["everything/*"]}, "patterns"),
        (Kind.S3, {"patterns": ["{name}/*"]}, "patterns"),
        (Kind.CSV, {"host_key": "MD5:00"}, "host_key"),
        (Kind.CSV, {"encoding": "klingon"}, "encoding"),
        (Kind.IMAP, {"own": []}, "own"),
    ],
)
def test_what_is_not_is_refused_at_its_place(kind: Kind, change: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as told:
        read_setup(kind, {**GOOD[kind], **change})
    assert told.value.place == place
    assert told.value.mend
    assert "secret" not in f"{told.value.message} {told.value.mend}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_value_in_a_body_is_a_value(one: str, other: str) -> None:
    """No value becomes structure, another placeholder, or anything beside its place."""
    placed = placed_in_body(
        {"a": "x{email}y", "b": ["{phone}", {"c": 1}], "d": "{lost}"}, {"email": one, "phone": other}
    )
    assert placed == {"a": f"x{one}y", "b": [other, {"c": 1}]}


def test_pointers_and_combinations() -> None:
    document = {"a/b": [{"~": "x"}], "n": None}
    assert pointed(document, "/a~1b/0/~0") == "x"
    assert pointed(document, "") is document
    for lost in ("/no", "/a~1b/1", "/a~1b/x", "/n/x"):
        with pytest.raises(LookupError):
            pointed(document, lost)
    assert list(combinations(["a", "b"], {"a": ["1", "2"], "b": ["3"]})) == [{"a": "1", "b": "3"}, {"a": "2", "b": "3"}]
    assert list(combinations(["a", "b"], {"a": ["1"]})) == []


@pytest.mark.parametrize(("kind", "given_setup"), GOOD.items())
def test_a_declaration_is_typed_as_it_is_shown(kind: Kind, given_setup: dict[str, Any]) -> None:
    stored = read_setup(kind, given_setup).model_dump(mode="json")
    assert read_setup(kind, read_declaration(written(stored))) == read_setup(kind, given_setup)


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(BadInputError, match="Line 2"):
        read_declaration('name = "x"\nidentified = oh no\n')
