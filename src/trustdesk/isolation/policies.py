"""The policy of a controller-owned table, as migration operations."""

from django.db.migrations import RunSQL

_OWN = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY controller ON {table} TO trustdesk_app
  USING (controller_id = (SELECT trustdesk_scope_controller()))
  WITH CHECK (controller_id = (SELECT trustdesk_scope_controller()));
"""
_DISOWN = """
DROP POLICY controller ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
_APPEND_ONLY = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM trustdesk_app;"
_CHANGEABLE = "GRANT UPDATE, DELETE ON {table} TO trustdesk_app;"


_SCOPE_READS = """
GRANT SELECT ON {table} TO trustdesk_scope;
CREATE POLICY scope_reads ON {table} FOR SELECT TO trustdesk_scope USING (true);
"""
_SCOPE_BLIND = """
DROP POLICY scope_reads ON {table};
REVOKE SELECT ON {table} FROM trustdesk_scope;
"""


def owned(table: str, *, append_only: bool = False, scope_reads: bool = False) -> list[RunSQL]:
    """Operations that close a table to everybody but its controller. See `isolation.api`.

    `append_only`: the runtime role neither changes nor deletes. `scope_reads`: the policies' functions look into it.
    """
    operations = [RunSQL(_OWN.format(table=table), _DISOWN.format(table=table))]
    if append_only:
        operations.append(RunSQL(_APPEND_ONLY.format(table=table), _CHANGEABLE.format(table=table)))
    if scope_reads:
        operations.append(opened_to_scope(table))
    return operations


def opened_to_scope(table: str) -> RunSQL:
    """Let the functions that check the scope look into a table; what they show of it is theirs to limit."""
    return RunSQL(_SCOPE_READS.format(table=table), _SCOPE_BLIND.format(table=table))
