"""A row of two controllers in every owned table, whatever its columns: what a scope hides can only be seen so."""

import psycopg
from psycopg import sql
from tests.architecture.catalog import owned_tables

# A value for each type of column; constraints beside types are taken away for the length of the transaction.
VALUES = {
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "boolean": "false",
    "text": "x",
    "character varying": "x",
    "bytea": "\\x00",
    "timestamp with time zone": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "jsonb": "{}",
    "xid8": "1",
    "double precision": "0",
    "numeric": "0",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
_COLUMNS = """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
  WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND attgenerated = ''
  AND attidentity = '' ORDER BY attnum"""


def fill(connection: psycopg.Connection, controllers: tuple[int, int]) -> list[str]:
    """Fill every owned table for both controllers, inside a superuser's transaction; the tables' names."""
    tables = owned_tables(connection)
    connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys meanwhile
    for table in tables:
        _free(connection, table)
        columns = connection.execute(_COLUMNS, [table]).fetchall()
        names = [name for name, _type in columns]
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(sql.SQL("%s::") + sql.SQL(type_) for _name, type_ in columns),
        )
        for controller in controllers:
            values = [controller if name == "controller_id" else _value(type_) for name, type_ in columns]
            connection.execute(statement, values)
    connection.execute("SET LOCAL session_replication_role = origin")
    return tables


def _free(connection: psycopg.Connection, table: str) -> None:
    query = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'x')"
    for (name,) in connection.execute(query, [table]).fetchall():
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        connection.execute(drop)


def _value(type_: str) -> str:
    return "{}" if type_.endswith("[]") else VALUES[type_]
