"""Every table is a controller's or on the reasoned list, and nothing leads around the policies."""

from collections.abc import Mapping

import pytest

from tests.architecture import catalog
from trustdesk.isolation.api import DEFINER_FUNCTIONS, NOT_OWNED
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import OWNER, RUNTIME

CHECKS: tuple[catalog.Check, ...] = (
    catalog.unlisted,
    catalog.misshapen,
    catalog.unled_references,
    catalog.loose_policies,
    catalog.open_views,
    catalog.unlisted_definers,
    catalog.mighty_roles,
)
LISTS: dict[catalog.Check, Mapping[str, str]] = {
    catalog.unlisted: NOT_OWNED,
    catalog.unlisted_definers: DEFINER_FUNCTIONS,
}

OWNED = """CREATE TABLE intruder (controller_id integer NOT NULL, id bigint NOT NULL, PRIMARY KEY (controller_id, id));
ALTER TABLE intruder ENABLE ROW LEVEL SECURITY; ALTER TABLE intruder FORCE ROW LEVEL SECURITY;
CREATE POLICY controller ON intruder TO trustdesk_app USING (controller_id = (SELECT trustdesk_scope_controller()));"""

# Each fault as somebody would make it, and the check that has to see it.
FAULTS: dict[str, tuple[catalog.Check, str]] = {
    "a table nobody listed": (catalog.unlisted, "CREATE TABLE intruder (id int PRIMARY KEY)"),
    "row-level security that is not forced": (
        catalog.unlisted,
        OWNED + "ALTER TABLE intruder NO FORCE ROW LEVEL SECURITY",
    ),
    "a listed table that became owned": (
        catalog.unlisted,
        (
            "ALTER TABLE mandates_processor ENABLE ROW LEVEL SECURITY;"
            "ALTER TABLE mandates_processor FORCE ROW LEVEL SECURITY"
        ),
    ),
    "a controller that may be missing": (
        catalog.misshapen,
        OWNED
        + "ALTER TABLE intruder DROP CONSTRAINT intruder_pkey;"
        + "ALTER TABLE intruder ALTER controller_id DROP NOT NULL",
    ),
    "a unique key over all controllers": (catalog.misshapen, OWNED + "CREATE UNIQUE INDEX lone ON intruder (id)"),
    "a key without the controller": (
        catalog.unled_references,
        OWNED + "ALTER TABLE intruder ADD UNIQUE (id); ALTER TABLE intruder ADD other bigint REFERENCES intruder (id)",
    ),
    "a policy that asks nobody": (
        catalog.loose_policies,
        OWNED + "CREATE POLICY everybody ON intruder FOR SELECT USING (true)",
    ),
    "a policy that believes a plain setting": (
        catalog.loose_policies,
        OWNED
        + "CREATE POLICY believing ON intruder TO trustdesk_app"
        + " USING (controller_id = current_setting('trustdesk.controller')::int)",
    ),
    "a table without a policy": (catalog.loose_policies, OWNED + "DROP POLICY controller ON intruder"),
    "a view with its owner's rights": (catalog.open_views, "CREATE VIEW intruder AS SELECT * FROM mandates_seat"),
    "a materialised view": (
        catalog.open_views,
        "CREATE MATERIALIZED VIEW intruder AS SELECT * FROM mandates_seat",
    ),
    "a function with rights of its own": (
        catalog.unlisted_definers,
        (
            "CREATE FUNCTION intruder() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM public.mandates_seat'"
        ),
    ),
    "a role that steps around": (catalog.mighty_roles, f"ALTER ROLE {RUNTIME} BYPASSRLS"),
    "a role that becomes the owner": (catalog.mighty_roles, f"GRANT {OWNER} TO {RUNTIME}"),
    "a role that empties a table": (catalog.mighty_roles, f"GRANT TRUNCATE ON mandates_seat TO {RUNTIME}"),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_the_database_as_it_is(cluster: Cluster, check: catalog.Check) -> None:
    with catalog.undone(cluster) as connection:
        assert check(connection, LISTS.get(check, {})) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen(cluster: Cluster, fault: str) -> None:
    check, statement = FAULTS[fault]
    with catalog.undone(cluster) as connection:
        connection.execute(statement)
        assert check(connection, LISTS.get(check, {})) != []


def test_a_view_with_the_readers_rights_is_fine(cluster: Cluster) -> None:
    with catalog.undone(cluster) as connection:
        connection.execute("CREATE VIEW reader WITH (security_invoker = true) AS SELECT * FROM mandates_seat")
        assert catalog.open_views(connection, {}) == []
