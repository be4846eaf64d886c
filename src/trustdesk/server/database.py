"""Roles and the database: once, by the superuser; repeated calls change nothing but lost passwords."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

DATABASE = "trustdesk"
OWNER = "trustdesk_owner"
RUNTIME = "trustdesk_app"
SEQUENCER = "trustdesk_sequencer"
SCOPE = "trustdesk_scope"  # owns the functions behind the policies; nobody signs in as it


def prepare_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """The owner migrates, the runtime role works under row-level security, the sequencer numbers the log."""
    for role in (OWNER, RUNTIME, SEQUENCER):
        _ensure_role(connection, role)
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(passwords[role])
            )
        )
    _ensure_role(connection, SCOPE)
    connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN NOBYPASSRLS").format(sql.Identifier(SCOPE)))
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(SCOPE), sql.Identifier(OWNER)))


def create_database(connection: psycopg.Connection, name: str = DATABASE) -> bool:
    """Create the database for the owner; False where it exists already."""
    exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if exists:
        return False
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
    return True


def prepare_schema(connection: psycopg.Connection) -> None:
    """Inside the new database: who may use the schema, and what new tables grant by themselves."""
    names = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(RUNTIME), "scope": sql.Identifier(SCOPE)}
    names["sequencer"] = sql.Identifier(SEQUENCER)
    for statement in (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "ALTER SCHEMA public OWNER TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}, {sequencer}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {scope}",
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
            " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
        ),
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def _ensure_role(connection: psycopg.Connection, role: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
