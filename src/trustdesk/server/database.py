"""Roles and the database, made once by an administrator; repeated calls change nothing but lost passwords."""

from collections.abc import Mapping
from contextlib import suppress

import psycopg
from psycopg import sql

DATABASE = "trustdesk"
OWNER = "trustdesk_owner"
RUNTIME = "trustdesk_app"
SEQUENCER = "trustdesk_sequencer"
BACKUP = "trustdesk_backup"  # reads past row-level security; an external server has no other account of ours that can
SCOPE = "trustdesk_scope"  # owns the functions behind the policies; nobody signs in as it


def prepare_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """The owner migrates, the runtime role works under row-level security, the sequencer numbers the log.

    An account with CREATEROLE is enough.
    """
    for role in (OWNER, RUNTIME, SEQUENCER):
        _let_in(connection, role, passwords[role])
    _ensure_role(connection, SCOPE)
    _weaken(connection)
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(SCOPE), sql.Identifier(OWNER)))


def prepare_backup_role(connection: psycopg.Connection, password: str) -> bool:
    """On an external server, where we have no superuser: a role that reads every row.

    Only whoever may step around row-level security can let it do so: False where the account may not.
    """
    _let_in(connection, BACKUP, password)
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER), sql.Identifier(BACKUP)))
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(BACKUP)))
    return reads_past_policies(connection, BACKUP)


def reads_past_policies(connection: psycopg.Connection, role: str) -> bool:
    """True for a role from which row-level security hides nothing."""
    row = connection.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    return row is not None and bool(row[0])


def _weaken(connection: psycopg.Connection) -> None:
    """Take from our roles what somebody may have given them. Asked first: to say it again needs a superuser."""
    strong = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)",
        [[OWNER, RUNTIME, SEQUENCER, SCOPE]],
    ).fetchall()
    for (role,) in strong:
        connection.execute(
            sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB").format(sql.Identifier(role))
        )


def create_database(connection: psycopg.Connection, name: str = DATABASE) -> bool:
    """Create the database for the owner; False where it exists already."""
    exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if exists:
        return False
    # The template is named because only this one can be had in UTF8 on a server that speaks something else.
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            sql.Identifier(name), sql.Identifier(OWNER)
        )
    )
    return True


def prepare_schema(connection: psycopg.Connection) -> None:
    """Inside the new database, as its owner or a superuser: who may use it, and what new tables grant by themselves."""
    names = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(RUNTIME), "scope": sql.Identifier(SCOPE)}
    names |= {"sequencer": sql.Identifier(SEQUENCER), "database": sql.Identifier(connection.info.dbname)}
    for statement in (
        # PUBLIC's by default, which a careful administrator has taken away; lists come in by temporary tables.
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}, {sequencer}",
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


def _let_in(connection: psycopg.Connection, role: str, password: str) -> None:
    """With its password as a verifier: an external server may write statements into its log."""
    _ensure_role(connection, role)
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _ensure_role(connection: psycopg.Connection, role: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
