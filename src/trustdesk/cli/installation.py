"""Making and migrating the database of an installation: the steps that `init`, `up`, `upgrade` and `restore` share."""

import json
import os
from pathlib import Path

import psycopg
from psycopg import sql

from trustdesk.cli.environment import close_connections, external, ready, say
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE, create_database, prepare_roles, prepare_schema
from trustdesk.server.home import Home

SETTINGS = "settings.toml"


def write_settings(home: Home, choices: dict[str, str | bool | int]) -> Path:
    """Write the first settings.toml; one that exists is the administrator's and stays as it is."""
    path = home.path / SETTINGS
    if not path.exists():
        lines = ["# The choices of this installation; the how-to on installing explains each."]
        for name, value in choices.items():
            lines.append(f"{name} = {json.dumps(value)}")  # JSON's texts, numbers and truths are TOML's too
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o600)
    return path


def make_database(home: Home, *, admin_url: str | None = None) -> Cluster | None:
    """Roles, database and schema, on the home's own cluster (which is left running) or on an external server.

    `admin_url` names the external server with an account that may create roles and databases; it is used once and
    not kept. What exists already is left as it is.
    """
    if admin_url:
        _make_external(home, admin_url)
        return None
    cluster = Cluster(home)
    if not cluster.exists():
        say("database: making a PostgreSQL cluster of our own")
        cluster.create()
    cluster.start()
    with cluster.connect() as connection:
        prepare_roles(connection, home.database_passwords())
        created = create_database(connection)
    if created:
        with cluster.connect(DATABASE) as connection:
            prepare_schema(connection)
    return cluster


def _make_external(home: Home, admin_url: str) -> None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - next to its only use

    name = urlsplit(admin_url).path.strip("/") or DATABASE
    try:
        with psycopg.connect(admin_url, dbname="postgres", autocommit=True) as connection:
            prepare_roles(connection, home.database_passwords())
            created = create_database(connection, name)
        if created:
            with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
                prepare_schema(connection)
    except psycopg.OperationalError:
        raise BadInputError(
            "The external database does not answer, or refuses the account.",
            place="--database",
            mend="Give postgresql://USER:PASSWORD@HOST:5432/NAME of an account that may create roles.",
        ) from None
    except psycopg.errors.InsufficientPrivilege:
        raise BadInputError(
            "The account may not create roles and databases.",
            place="--database",
            mend="Use one with CREATEROLE and CREATEDB, once, for `trustdesk init`.",
        ) from None


def pending_migrations() -> int:
    """How many migrations of this version the database lacks."""
    from django.db import connections  # noqa: PLC0415 - needs the settings
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connections["owner"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Bring the schema to this version, as its owner, and give the database the key of the scope."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings
    from django.db import connections  # noqa: PLC0415

    from trustdesk.isolation.api import install_scope_key  # noqa: PLC0415

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    install_scope_key()
    connections["owner"].close()


def collect_static() -> None:
    """Put the style sheets and scripts where the web process serves them from."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    call_command("collectstatic", verbosity=0, interactive=False)


def install(home: Home, *, choices: dict[str, str | bool | int], admin_url: str | None = None) -> None:
    """Everything up to a migrated, empty installation. Called again it completes what is missing."""
    home.prepare()
    write_settings(home, choices)
    if admin_url:
        os.environ["TRUSTDESK_DATABASE"] = without_account(admin_url)
    ready()
    cluster = make_database(home, admin_url=admin_url)
    say("database: bringing the schema to this version")
    migrate()
    collect_static()
    close_connections()
    if cluster is not None:
        cluster.stop()


def without_account(url: str) -> str:
    """The URL without user and password: the program signs in as its own roles."""
    from urllib.parse import urlsplit, urlunsplit  # noqa: PLC0415 - next to its only use

    parts = urlsplit(url)
    host = parts.hostname or ""
    return urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host))


def replace_database(cluster: Cluster) -> None:
    """An empty database in the place of the present one, for a restore. Whoever is connected is sent away."""
    if external():
        raise ConflictError(
            "The external database is not replaced from here.", place="database", mend="Drop and create it by hand."
        )
    close_connections()
    with cluster.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        create_database(connection)
    with cluster.connect(DATABASE) as connection:
        prepare_schema(connection)
