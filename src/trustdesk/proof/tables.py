"""Every column of every table of the database in text form, as far as the runtime role reads: no list could forget one.

Under the signed scope the policies show this company's rows, and of tables without a company all of them. What is left
out are columns that hold boxes and nothing else, as `privacy.py` of their owner declares: they are opened where blind
tokens lead to them, or not at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from psycopg import sql

from trustdesk.kernel import registries

AT_ONCE = 500
"""Rows that are held in memory."""
_SEPARATOR = "\x1f"
_TABLES = """
SELECT c.relname::text, has_table_privilege(c.oid, 'SELECT'),
  ARRAY(SELECT ARRAY[a.attname::text, format_type(a.atttypid, a.atttypmod)] FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT a.attname::text FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.n)
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
# Boxes of the log: what they say is sealed under the month's key, and who they are about stands in tokens.
_BOXES = frozenset({("audit_entry", "body"), ("audit_list", "body")})


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is read. `texts` and `binaries` are the columns that are looked through, `key` the primary key."""

    name: str
    readable: bool
    texts: tuple[str, ...]
    binaries: tuple[str, ...]
    sealed: int
    key: tuple[str, ...]
    types: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> int:
        return len(self.texts) + len(self.binaries)


class Row(NamedTuple):
    """A row in text form; `key` finds it again. Most rows are searched as a whole and never looked at by column."""

    key: tuple[str, ...]
    text: str
    columns: tuple[str, ...]
    separated: str
    binaries: tuple[tuple[str, str], ...]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Column by column."""
        texts = self.separated.split(_SEPARATOR)
        if len(texts) != len(self.columns):  # somebody wrote our separator: then the columns are not told apart
            texts = [self.separated, *[""] * (len(self.columns) - 1)]
        return [*zip(self.columns, texts, strict=False), *self.binaries]

    def cell(self, column: str) -> str:
        return next((text for name, text in self.cells if name == column), "")


def tables() -> list[Table]:
    """All of them, by name. Inside the scope."""
    boxes = _BOXES | {
        (field.table, field.column)
        for _name, declaration in registries.privacy
        for field in declaration.fields
        if field.sealed
    }
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [_table(row, boxes) for row in cursor.fetchall()]


def rows(table: Table, *, after: Sequence[str] = ()) -> Iterator[Row]:
    """The rows in the order of their key, from the one after `after` on: by a cursor on the server, some at a time."""
    with _raw().cursor(name="proof_scan") as cursor:
        cursor.itersize = AT_ONCE
        for found in cursor.execute(_statement(table, after=bool(after)), list(after)):
            yield _row(table, found)


def row(table: Table, key: Sequence[str]) -> Row | None:
    """One row again; None where it is gone."""
    found = _raw().execute(_one(table), list(key)).fetchone()
    return _row(table, found) if found else None


def _raw() -> "psycopg.Connection[tuple[Any, ...]]":
    held: psycopg.Connection[tuple[Any, ...]] = connection.connection
    return held


def _table(row: tuple[Any, ...], boxes: frozenset[tuple[str, str]]) -> Table:
    name, readable, columns, key = row
    types = tuple((column, kind) for column, kind in columns)
    left_in = [(column, kind) for column, kind in types if (name, column) not in boxes]
    return Table(
        name=name,
        readable=readable,
        texts=tuple(column for column, kind in left_in if kind != "bytea"),
        binaries=tuple(column for column, kind in left_in if kind == "bytea"),
        sealed=len(types) - len(left_in),
        key=tuple(key),
        types=types,
    )


def _columns(table: Table) -> sql.Composed:
    """Key as text, columns as one text, binaries as they are."""
    keys = [sql.SQL("{}::text").format(_named(column)) for column in table.key]
    cells = [sql.SQL("coalesce({}::text, '')").format(_named(column)) for column in table.texts]
    text = sql.SQL(" || chr(31) || ").join(cells) if cells else sql.SQL("''")
    return sql.SQL(", ").join([*keys, text, *(_named(column) for column in table.binaries)])


def _statement(table: Table, *, after: bool) -> sql.Composed:
    statement = sql.SQL("SELECT {} FROM {} AS t").format(_columns(table), sql.Identifier(table.name))
    if after:
        statement += sql.SQL(" WHERE ({}) > ({})").format(_key(table), _values(table))
    return statement + sql.SQL(" ORDER BY {}").format(_key(table)) if table.key else statement


def _one(table: Table) -> sql.Composed:
    statement = sql.SQL("SELECT {} FROM {} AS t WHERE ({}) = ({})")
    return statement.format(_columns(table), sql.Identifier(table.name), _key(table), _values(table))


def _key(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(_named(column) for column in table.key)


def _named(column: str) -> sql.Identifier:
    """The table's own column: what is selected as text bears the same name."""
    return sql.Identifier("t", column)


def _values(table: Table) -> sql.Composed:
    """The key's values, given as text, in its own types: named by PostgreSQL's catalog, never by a person."""
    types = dict(table.types)
    return sql.SQL(", ").join(sql.SQL("{}::").format(sql.Placeholder()) + sql.SQL(types[one]) for one in table.key)


def _row(table: Table, found: tuple[Any, ...]) -> Row:
    at = len(table.key)
    separated: str = found[at]
    text = separated.replace(_SEPARATOR, "\n")
    binaries: tuple[tuple[str, str], ...] = ()
    if table.binaries:
        held = zip(table.binaries, found[at + 1 :], strict=True)
        binaries = tuple((column, bytes(content).decode("utf-8", "replace")) for column, content in held if content)
        text = "\n".join((text, *(content for _column, content in binaries)))
    return Row(found[:at], text, table.texts, separated, binaries)
