"""Who is shown as one is found by index. Each of these was a join on one of two columns: it read the whole register."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from tests.companies import Company

from trustdesk.clearance import subjects
from trustdesk.conversations import people as conversing
from trustdesk.isolation.api import scoped
from trustdesk.recordings import people as recorded

MANY = 20_000
STATEMENTS = {
    "clearance": subjects._TOGETHER,
    "conversations": conversing._TOGETHER,
    "conversations, held": conversing._TOGETHER + conversing._HOLD,
    "recordings": recorded._TOGETHER,
}
_CROWD = """
INSERT INTO register_customer
SELECT (made.one).* FROM (
  SELECT jsonb_populate_record(c, jsonb_build_object('id', c.id + n)) AS one
  FROM register_customer c, generate_series(1, %s) AS n WHERE c.id = %s
) AS made
"""


@pytest.mark.parametrize("whose", STATEMENTS)
def test_no_more_is_read_than_those(whose: str, north: Company) -> None:
    """Under the policies, which forbid the planner much: without them the old form found its index too."""
    first = north.person(given_name="Aino")
    merged = [first + 1, first + 2]
    given: dict[str, Any] = {"controller": north.controller_id, "customer": first + 1, "asked": [first + 1]}
    with scoped(north.context().scope), connection.cursor() as cursor:
        cursor.execute(_CROWD, [MANY, first])
        cursor.execute("UPDATE register_customer SET merged_into = %s WHERE id = ANY(%s)", [first, merged])
        cursor.execute(STATEMENTS[whose], given)
        assert {row[0] for row in cursor.fetchall()} == {first, *merged}
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + STATEMENTS[whose], given)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    assert _read(plan[0]["Plan"]) < 50, json.dumps(plan[0], indent=1)


def _read(node: Mapping[str, Any]) -> int:
    """Rows that were looked at, also those that were thrown away."""
    thrown = sum(int(value) for name, value in node.items() if name.startswith("Rows Removed"))
    own = int(node["Actual Rows"]) * int(node["Actual Loops"]) + thrown * int(node["Actual Loops"])
    return own + sum(_read(one) for one in node.get("Plans", ()))
