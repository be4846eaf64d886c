"""What PostgreSQL's own catalog says about isolation: each check gives the faults it finds, as sentences."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg

from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE, OWNER, RUNTIME, SCOPE, SEQUENCER

Connection = psycopg.Connection
Check = Callable[[Connection, Mapping[str, str]], list[str]]


@contextmanager
def undone(cluster: Cluster) -> Iterator[Connection]:
    """A superuser's transaction that is rolled back, whatever was tried in it."""
    with cluster.connect(DATABASE) as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL lock_timeout = '20s'")
        yield connection


def names(connection: Connection, query: str, *values: object) -> list[str]:
    return [row[0] for row in connection.execute(query, values).fetchall()]


def tables(connection: Connection) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY(%s) ORDER BY 1"
    return names(connection, query, ["r", "p", "f"])


def owned_tables(connection: Connection) -> list[str]:
    """Tables under row-level security that is forced: these are a controller's."""
    query = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND relrowsecurity AND relforcerowsecurity ORDER BY 1"""
    return names(connection, query)


def unlisted(connection: Connection, not_owned: Mapping[str, str]) -> list[str]:
    """A table is a controller's, or stands on the list with its reason. Never both, and no reason without a table."""
    every, owned = set(tables(connection)), set(owned_tables(connection))
    faults = [f"{name}: neither owned nor on the list" for name in sorted(every - owned - not_owned.keys())]
    faults += [f"{name}: owned and on the list" for name in sorted(owned & not_owned.keys())]
    faults += [f"{name}: on the list, and no table" for name in sorted(not_owned.keys() - every)]
    return faults + [f"{name}: without a reason" for name, reason in not_owned.items() if not reason.strip()]


def misshapen(connection: Connection, _listed: Mapping[str, str]) -> list[str]:
    """controller_id is the first column, an integer that is never missing, and leads every key."""
    faults = []
    first = """SELECT attname, atttypid::regtype::text, attnotnull FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum LIMIT 1"""
    unled = """SELECT i.indexrelid::regclass::text FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = %s::regclass AND i.indisunique AND a.attname <> 'controller_id'"""
    for table in owned_tables(connection):
        if connection.execute(first, [table]).fetchone() != ("controller_id", "integer", True):
            faults.append(f"{table}: controller_id integer NOT NULL is not its first column")
        faults += [f"{table}: the key {name} is not led by controller_id" for name in names(connection, unled, table)]
        keyed = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'"
        if not names(connection, keyed, table):
            faults.append(f"{table}: has no primary key")
    return faults


def unled_references(connection: Connection, _listed: Mapping[str, str]) -> list[str]:
    """A key from one owned table to another carries the controller: it can't point into the neighbor's rows."""
    query = """SELECT conrelid::regclass::text, conname FROM pg_constraint c
        WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)
        AND NOT EXISTS (SELECT 1 FROM pg_attribute a, pg_attribute b
          WHERE a.attrelid = conrelid AND a.attnum = conkey[1] AND a.attname = 'controller_id'
            AND b.attrelid = confrelid AND b.attnum = confkey[1] AND b.attname = 'controller_id')"""
    owned = owned_tables(connection)
    rows = connection.execute(query, [owned, owned]).fetchall()
    return [f"{table}: {name} does not carry the controller" for table, name in rows]


def loose_policies(connection: Connection, _listed: Mapping[str, str]) -> list[str]:
    """What the runtime role may see or change is decided by the signed scope; every owned table has such a policy."""
    query = """SELECT tablename, policyname, cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies
        WHERE schemaname = 'public' AND roles && ARRAY['public', %s]::name[]"""
    faults, covered = [], set()
    for table, policy, command, seen, written in connection.execute(query, [RUNTIME]).fetchall():
        covered.add(table)
        if command != "INSERT" and "trustdesk_scope_" not in seen:
            faults.append(f"{table}: the policy {policy} does not ask the scope")
        if command in {"ALL", "UPDATE"} and "trustdesk_scope_" not in (written or seen):
            faults.append(f"{table}: the policy {policy} lets anything be written")
    return faults + [f"{table}: no policy for the runtime role" for table in set(owned_tables(connection)) - covered]


def open_views(connection: Connection, _listed: Mapping[str, str]) -> list[str]:
    """A view reads with its owner's rights unless it says otherwise; a materialised one keeps rows of everybody."""
    query = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
        AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']"""
    faults = [f"{name}: a view without security_invoker" for name in names(connection, query)]
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'"
    return faults + [f"{name}: a materialised view" for name in names(connection, query)]


def unlisted_definers(connection: Connection, listed: Mapping[str, str]) -> list[str]:
    """A SECURITY DEFINER function has rights of its own: only those on the list, of one owner, with a fixed path."""
    query = """SELECT proname, pg_get_userbyid(proowner), coalesce(proconfig, '{}')::text
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"""
    faults, found = [], set()
    for name, owner, config in connection.execute(query).fetchall():
        found.add(name)
        if name not in listed:
            faults.append(f"{name}: a SECURITY DEFINER function that is not on the list")
        if owner != SCOPE:
            faults.append(f"{name}: has the rights of {owner}")
        if "search_path=pg_catalog" not in config:
            faults.append(f"{name}: its search path is not fixed")
    return faults + [f"{name}: on the list, and no function" for name in sorted(listed.keys() - found)]


def mighty_roles(connection: Connection, _listed: Mapping[str, str]) -> list[str]:
    """The roles that work have no way around the policies: no bypass, no membership, no table, no TRUNCATE."""
    faults = []
    for role in (RUNTIME, SEQUENCER):
        query = "SELECT rolname FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        faults += [f"{name}: may step around the policies" for name in names(connection, query, role)]
        query = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
        faults += [f"{role}: is a member of {name}" for name in names(connection, query, role)]
        query = "SELECT relname FROM pg_class WHERE relowner = %s::regrole"
        faults += [f"{role}: owns {name}" for name in names(connection, query, role)]
        for right in ("TRUNCATE", "TRIGGER", "REFERENCES"):
            query = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                AND relkind IN ('r', 'p') AND has_table_privilege(%s, oid, %s)"""
            faults += [f"{role}: has {right} on {name}" for name in names(connection, query, role, right)]
    query = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)"
    return faults + [f"{name}: may step around the policies" for name in names(connection, query, [OWNER, SCOPE])]
