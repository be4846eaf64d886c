"""Whether the isolation between controllers is whole, read from PostgreSQL's own catalog."""

from typing import Protocol

from trustdesk.isolation.api import DEFINER_FUNCTIONS, NOT_OWNED

_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       coalesce(a.attnotnull, false),
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid),
       coalesce((SELECT i.indkey[0] = a.attnum FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary), false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'controller_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_VIEWS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND (c.relkind = 'm' OR c.relkind = 'v'
  AND NOT coalesce('security_invoker=true' = ANY (c.reloptions) OR 'security_invoker=on' = ANY (c.reloptions), false))
ORDER BY c.relname
"""
_DEFINERS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef ORDER BY p.proname
"""


class Cursor(Protocol):
    """What both Django's and psycopg's cursors offer."""

    def execute(self, query: str) -> object: ...

    def fetchall(self) -> list[tuple[object, ...]]: ...


def gaps(cursor: Cursor) -> tuple[list[str], int]:
    """What is wrong, in words without data, and how many tables are owned by a controller."""
    found = []
    owned = 0
    cursor.execute(_TABLES)
    for table, forced, required, policy, led in cursor.fetchall():
        if str(table) in NOT_OWNED:
            continue
        owned += 1
        for holds, fault in (
            (required, "has no required controller"),
            (forced, "does not force row-level security"),
            (policy, "has no policy"),
            (led, "has a key that the controller does not lead"),
        ):
            if not holds:
                found.append(f"{table} {fault}")
    cursor.execute(_VIEWS)
    found += [f"{view} reads with its owner's rights" for (view,) in cursor.fetchall()]
    cursor.execute(_DEFINERS)
    names = [str(name) for (name,) in cursor.fetchall()]
    found += [f"{name} runs with its owner's rights and is unlisted" for name in names if name not in DEFINER_FUNCTIONS]
    return found, owned
