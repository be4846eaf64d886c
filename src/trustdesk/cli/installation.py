"""Making and migrating the database of an installation: the steps that `init`, `up`, `upgrade` and `restore` share."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import sql

from trustdesk.cli.environment import (
    check_external,
    close_connections,
    database_place,
    external,
    ready,
    say,
    use_database,
)
from trustdesk.cli.listening import check_address
from trustdesk.kernel.errors import ConflictError
from trustdesk.server.binaries import OLDEST_MAJOR
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE, OWNER, create_database, prepare_roles, prepare_schema
from trustdesk.server.external import (
    LET_BACKUP_READ,
    check_account,
    connected,
    empty_schema,
    make_database,
    without_account,
)
from trustdesk.server.home import Home
from trustdesk.server.sharing import in_use
from trustdesk.settings.choices import Choices

SETTINGS = "settings.toml"
DEFAULT_ADDRESS = "http://127.0.0.1:8000"


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


def name_database(home: Home, url: str) -> None:
    """Let settings.toml name this external database, in the place of another one. Its other lines stay."""
    path = home.path / SETTINGS
    line = f"database = {json.dumps(without_account(url))}"
    text = path.read_text() if path.exists() else ""
    named = re.compile(r"^database\s*=.*$", re.MULTILINE)
    path.write_text(named.sub(lambda _found: line, text) if named.search(text) else f"{line}\n{text}")
    path.chmod(0o600)


def choose_address(home: Home, address: str | None) -> str:
    """The address of a new installation, or the one its settings name already.

    Raises BadInputError where no browser opens it, ConflictError where the settings name another one.
    """
    path = home.path / SETTINGS
    held = Choices.read(path).text("address", "") if path.exists() else ""
    chosen = (address or held or DEFAULT_ADDRESS).rstrip("/")
    check_address(chosen)
    if held and held.rstrip("/") != chosen:
        raise ConflictError(
            "The settings name another address than the command.",
            place=str(path),
            mend="Leave --address out, or correct the file.",
        )
    return chosen


def check_choice(home: Home, admin_url: str | None) -> None:
    """Raise what is wrong with the database named for a home, before anything is written.

    What `check_account` raises, and ConflictError where the home's settings name another one.
    """
    if not admin_url:
        return
    url = without_account(admin_url)
    path = home.path / SETTINGS
    if path.exists() and Choices.read(path).text("database", "") != url:
        raise ConflictError(
            "The settings name another database than the command.",
            place=str(path),
            mend="Leave --database out, or name the same one.",
        )
    check_account(admin_url, home.database_passwords() if (home.keys / "database.json").exists() else {})


@contextmanager
def made_database(home: Home, *, admin_url: str | None = None, oldest: int = OLDEST_MAJOR) -> Iterator[Cluster | None]:
    """Roles, database and schema, on the home's own cluster, which runs while the block does, or on an external server.

    `admin_url` names the external server with an account that may create roles and databases; it is used once and
    not kept. What exists already is left as it is; a cluster is made of the version `oldest` or a newer one.
    """
    if external():
        if admin_url and not make_database(admin_url, home.database_passwords()):
            say(f"backups: the account can't allow them; let a superuser of the server say once: {LET_BACKUP_READ}")
        check_external(home)
        yield None
        return
    cluster = Cluster(home)
    if not cluster.exists():
        say("database: making a PostgreSQL cluster of our own")
        cluster.create(oldest=oldest)
    with in_use(home) as cluster:
        with cluster.connect() as connection:
            prepare_roles(connection, home.database_passwords())
            created = create_database(connection)
        if created:
            with cluster.connect(DATABASE) as connection:
                prepare_schema(connection)
        try:
            yield cluster
        finally:
            close_connections()


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


@contextmanager
def installed(
    home: Home, *, choices: dict[str, str | bool | int], admin_url: str | None = None
) -> Iterator[Cluster | None]:
    """Everything up to a migrated, empty installation whose database runs in the block. Called again it completes
    what is missing.
    """
    check_choice(home, admin_url)
    if admin_url:
        choices = {**choices, "database": without_account(admin_url)}
    write_settings(home, choices)  # before the keys: they say that there is an installation, and this of what kind
    home.prepare()
    use_database(admin_url)
    ready()
    with made_database(home, admin_url=admin_url) as cluster:
        say("database: bringing the schema to this version")
        migrate()
        collect_static()
        yield cluster


def replace_database(home: Home, cluster: Cluster | None) -> None:
    """An empty database in the place of the present one, for a restore. Whoever is connected is sent away."""
    close_connections()
    if cluster is None:
        with connected(database_place(), user=OWNER, password=home.database_passwords()[OWNER]) as connection:
            empty_schema(connection)
        return
    with cluster.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        create_database(connection)
    with cluster.connect(DATABASE) as connection:
        prepare_schema(connection)
