"""A PostgreSQL that somebody else keeps: what its URL names, whether it can be used, and our part of it, made once."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, Ping

from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError, TrustdeskError
from trustdesk.server.binaries import OLDEST_MAJOR
from trustdesk.server.database import (
    BACKUP,
    OWNER,
    create_database,
    prepare_backup_role,
    prepare_roles,
    prepare_schema,
    reads_past_policies,
)

_FORM = "postgresql://HOST:5432/NAME"
_ACCOUNT = ("user", "password", "passfile")
_CONNECT_SECONDS = "5"
_MAINTENANCE = "postgres"  # exists on every server that nobody has taken it from
LET_BACKUP_READ = f"ALTER ROLE {BACKUP} BYPASSRLS;"
_RIGHTS = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
_DATABASE = """
SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), pg_has_role(current_user, datdba, 'MEMBER')
FROM pg_database WHERE datname = %s
"""
_TABLES = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"


class UnreachableError(TrustdeskError):
    """The database server gives no answer, or not yet."""

    code = "database"
    status = 503


def place_of(url: str) -> dict[str, str]:
    """What libpq is told about the server and the database, without the account: host, port, dbname, sslmode, …

    To another machine the connection is encrypted unless the URL says otherwise: libpq by itself would go on in clear
    where the server asks for it. Raises BadInputError; its text never quotes the URL, which may hold a password.
    """
    place, _account = _split(url)
    return place


def without_account(url: str) -> str:
    """The URL without user and password: the program signs in as its own roles."""
    place, _account = _split(url)
    host, port = place.pop("host", ""), place.pop("port", "")
    name = quote(place.pop("dbname"), safe="")
    if not host or "," in host or host.startswith("/"):
        place |= {"host": host} if host else {}
        place |= {"port": port} if port else {}
        where = ""
    else:
        where = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return f"postgresql://{where}/{name}" + (f"?{urlencode(place)}" if place else "")


def shown(place: Mapping[str, str]) -> str:
    """Server and database in words, for an error's place."""
    return f"{_server(place)}/{place['dbname']}"


def _server(place: Mapping[str, str]) -> str:
    return f"{place.get('host', 'this machine')}:{place.get('port', '5432')}"


@contextmanager
def connected(place: Mapping[str, str], **account: str) -> Iterator[psycopg.Connection]:
    """A connection that commits by itself. Raises UnreachableError, or RefusedError with the server's own reason."""
    told = make_conninfo("", **{"connect_timeout": _CONNECT_SECONDS, **place, **account})
    try:
        connection = psycopg.connect(told, autocommit=True)
    except psycopg.OperationalError as fault:
        raise _explained(place, fault) from None
    with connection:
        check_version(connection, place)
        yield connection


def check_version(connection: psycopg.Connection, place: Mapping[str, str], *, oldest: int = OLDEST_MAJOR) -> None:
    """Raise BadInputError where the server is older than what the isolation, or a backup, rests on."""
    major = connection.info.server_version // 10_000
    if major < oldest:
        raise BadInputError(
            f"The database server is PostgreSQL {major}; {oldest} or newer is needed.",
            place=shown(place),
            mend="Upgrade it, or name another server.",
        )


def check_account(url: str, passwords: Mapping[str, str], *, empty: bool = False, oldest: int = OLDEST_MAJOR) -> None:
    """Everything that can be known before anything is made: the server answers, is new enough, the account may, and
    our roles, where they are there, have our passwords (none yet for a new home).

    `empty` asks that the named database, if it exists, holds nothing; `oldest` is the first version that takes it.
    Raises what `connected` raises, RefusedError and ConflictError.
    """
    place, account = _split(url)
    with _administrator(place, account) as connection:
        check_version(connection, place, oldest=oldest)
        _check_rights(connection)
        _check_roles_are_ours(connection, place, passwords)
        found = connection.execute(_DATABASE, [place["dbname"]]).fetchone()
    if found is None:
        return
    holder, encoding, may_give = found
    if encoding != "UTF8":
        raise RefusedError(
            f"The database is in {encoding}; names need UTF8.",
            place=shown(place),
            mend="Create it with ENCODING 'UTF8' TEMPLATE template0, or name one that does not exist yet.",
        )
    if holder != OWNER and not may_give:
        raise RefusedError(
            f"The database belongs to {holder}, and the account may not give it away.",
            place=shown(place),
            mend="Name the account it belongs to, or a database that does not exist yet.",
        )
    if empty or holder != OWNER:
        with connected(place, **account) as connection:
            _check_empty(connection, place)


def make_database(url: str, passwords: Mapping[str, str]) -> bool:
    """Our roles and the database, after `check_account`. What exists already is completed. True where backups can be
    made: where the account could let the backup's role read past row-level security.

    Raises what `connected` raises, RefusedError and ConflictError.
    """
    place, account = _split(url)
    try:
        with _administrator(place, account) as connection:
            prepare_roles(connection, passwords)
            reads_all = prepare_backup_role(connection, passwords[BACKUP])
            with _as_member(connection):
                if not create_database(connection, place["dbname"]):
                    names = sql.Identifier(place["dbname"]), sql.Identifier(OWNER)
                    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))
        with connected(place, user=OWNER, password=passwords[OWNER]) as connection:
            if _schema_owner(connection) != OWNER:
                prepare_schema(connection)
    except psycopg.errors.InsufficientPrivilege as fault:
        raise RefusedError(
            f"The account has too few rights: {fault.diag.message_primary}.",
            place="--database",
            mend="Name one with CREATEROLE and CREATEDB, this once.",
        ) from None
    return reads_all


def check_reads_all(connection: psycopg.Connection) -> None:
    """Raise RefusedError where row-level security would hide rows from this role: its dump would hold nobody."""
    if not reads_past_policies(connection, connection.info.user):
        raise RefusedError(
            f"The role {connection.info.user} may not read every row of the external database.",
            place=connection.info.dbname,
            mend=f"Let a superuser of the server say once: {LET_BACKUP_READ}",
        )


def empty_schema(connection: psycopg.Connection) -> None:
    """Drop everything in the database of the connection, which is the owner's, and prepare it anew.

    Raises ConflictError where somebody holds on to a table.
    """
    try:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '10s'")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
            prepare_schema(connection)
    except psycopg.errors.LockNotAvailable:
        raise ConflictError(
            "Somebody works in the database.", place=connection.info.dbname, mend="End those sessions."
        ) from None


def _split(url: str) -> tuple[dict[str, str], dict[str, str]]:
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        given = {}
    if not url.startswith(("postgresql://", "postgres://")) or not given:
        raise BadInputError("The database URL is not one of PostgreSQL.", place="database", mend=f"Write {_FORM}.")
    if not given.get("dbname"):
        raise BadInputError("The database URL names no database.", place="database", mend=f"Write {_FORM}.")
    account = {name: given.pop(name) for name in _ACCOUNT if name in given}
    if not all(map(_on_this_machine, given.get("host", "").split(","))):
        given.setdefault("sslmode", "require")
    return given, account


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"} or host.startswith("/")


def _explained(place: Mapping[str, str], fault: psycopg.OperationalError) -> TrustdeskError:
    """What became of a connection, from libpq's own question to the server: its texts are in any language."""
    server = {name: place[name] for name in ("host", "port") if name in place}
    answer = PGconn.ping(make_conninfo("", **server, connect_timeout=_CONNECT_SECONDS).encode())
    if answer == Ping.OK:
        words = str(fault).strip().splitlines()[-1].rpartition(": ")[2].removeprefix("FATAL:").strip()
        return RefusedError(
            f"The database server refuses the connection: {words}.",
            place=_server(place),
            mend="Correct user, password or database, or let the account in.",
        )
    if answer == Ping.REJECT:
        return UnreachableError("The database server is starting or stopping.", place=_server(place), mend="Try again.")
    return UnreachableError(
        "The database server does not answer.", place=_server(place), mend="Start it, or correct host and port."
    )


@contextmanager
def _administrator(place: Mapping[str, str], account: Mapping[str, str]) -> Iterator[psycopg.Connection]:
    """As the named account: in the database every server has, or in the named one where that is closed to it."""
    try:
        with connected({**place, "dbname": _MAINTENANCE}, **account):
            name = _MAINTENANCE
    except RefusedError:
        name = place["dbname"]
    with connected({**place, "dbname": name}, **account) as connection:
        yield connection


def _check_rights(connection: psycopg.Connection) -> None:
    superuser, roles, databases = connection.execute(_RIGHTS).fetchone() or (False, False, False)
    if not superuser and not (roles and databases):
        raise RefusedError(
            "The account may not create roles and databases.",
            place="--database",
            mend="Name one with CREATEROLE and CREATEDB, this once.",
        )


def _check_roles_are_ours(
    connection: psycopg.Connection, place: Mapping[str, str], passwords: Mapping[str, str]
) -> None:
    """Roles belong to the whole server: new passwords for another installation's would lock it out."""
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
        return
    here = {**place, "dbname": connection.info.dbname}
    try:
        with connected(here, user=OWNER, password=passwords.get(OWNER, "")):
            pass
    except RefusedError:
        raise ConflictError(
            "On this server are the roles of another trustdesk.",
            place=shown(place),
            mend="Use another server; drop the roles that begin with trustdesk_ where that installation is gone.",
        ) from None


@contextmanager
def _as_member(connection: psycopg.Connection) -> Iterator[None]:
    """Whoever gives a database to a role must be a member of it; a superuser is one of every role."""
    superuser, _roles, _databases = connection.execute(_RIGHTS).fetchone() or (False, False, False)
    owner, me = sql.Identifier(OWNER), sql.SQL("CURRENT_USER")
    if not superuser:
        connection.execute(sql.SQL("GRANT {} TO {}").format(owner, me))
    try:
        yield
    finally:
        if not superuser:
            connection.execute(sql.SQL("REVOKE {} FROM {}").format(owner, me))


def _check_empty(connection: psycopg.Connection, place: Mapping[str, str]) -> None:
    (count,) = connection.execute(_TABLES).fetchone() or (0,)
    if count:
        raise ConflictError(
            "The database holds something already: nothing is written over it.",
            place=shown(place),
            mend="Name an empty database, or one that does not exist yet.",
        )


def _schema_owner(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'").fetchone()
    return str(row[0]) if row else ""
