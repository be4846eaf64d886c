"""Who is shown as one is found by index. Each of these was a join on one of two columns: it read the whole register."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection
from tests.surfaces import customer, supervisor
from tests.world import World

from trustdesk.clearance import subjects
from trustdesk.conversations import people as conversing
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import people as recorded
from trustdesk.register.selectors import persons
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

MANY = 20_000
STATEMENTS = {
    "clearance": subjects._TOGETHER,
    "conversations": conversing._TOGETHER,
    "conversations, held": conversing._TOGETHER + conversing._HOLD,
    "recordings": recorded._TOGETHER,
    "register": persons._TOGETHER,
}
_CROWD = """
INSERT INTO register_customer
SELECT (made.one).* FROM (
  SELECT jsonb_populate_record(c, jsonb_build_object('id', %(least)s + n, 'merged_into', CASE WHEN n < 3 THEN c.id END))
    AS one
  FROM register_customer c, generate_series(1, %(many)s) AS n WHERE c.id = %(first)s
) AS made
"""
_GONE = "DELETE FROM register_customer WHERE id > %(least)s AND id <= %(least)s + %(many)s"
_ANALYZE = "ANALYZE register_customer"


@pytest.fixture
def large(committed: World, cluster: Cluster) -> Iterator[tuple[AccessContext, int, list[int]]]:
    """A register of twenty thousand; one of them, and the two who are merged into it."""
    context = supervisor(committed)
    first = customer(context, "Aino", "Monikko")
    crowd = {"first": first, "least": first - 10**15, "many": MANY}
    with cluster.connect(DATABASE) as mighty:
        try:
            mighty.execute(_CROWD, crowd)
            mighty.execute(_ANALYZE)
            yield context, first, [crowd["least"] + 1, crowd["least"] + 2]
        finally:
            mighty.execute(_GONE, crowd)
            mighty.execute(_ANALYZE)


def test_no_more_is_read_than_those(large: tuple[AccessContext, int, list[int]]) -> None:
    """Under the policies, which forbid the planner much: without them the old form found its index too."""
    context, first, merged = large
    controller = context.controller_id
    named: dict[str, Any] = {"controller": controller, "customer": merged[0], "asked": merged[:1]}
    for whose, statement in STATEMENTS.items():
        given: dict[str, Any] | list[Any] = (
            named if "%(" in statement else [controller, merged[:1], controller, controller]
        )
        with scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(statement, given)
            assert {row[0] for row in cursor.fetchall()} == {first, *merged}, whose
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, given)
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        assert _read(plan[0]["Plan"]) < 50, f"{whose}: {json.dumps(plan[0], indent=1)}"


def _read(node: Mapping[str, Any]) -> int:
    """Rows that were looked at, also those that were thrown away."""
    thrown = sum(int(value) for name, value in node.items() if name.startswith("Rows Removed"))
    own = int(node["Actual Rows"]) * int(node["Actual Loops"]) + thrown * int(node["Actual Loops"])
    return own + sum(_read(one) for one in node.get("Plans", ()))
