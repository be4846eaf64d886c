"""What an erasure asks of its own tables and of keys is found by index, under the policies that forbid the planner
much: else each erasure would cost more with every one before it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from tests.erasing import Rooms, history

from trustdesk.erasure import api as erasure
from trustdesk.erasure import capabilities
from trustdesk.erasure.contracts import Cause, PlanState
from trustdesk.erasure.services import sweeping
from trustdesk.kernel import clock
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

MANY = 3_000
FAR = 10**15
_OURS = re.compile(r"erasure_(plan|task|ledger|told)|vault_data_key")
_NARROW = re.compile(r"\b(plan_id|customer_id|id|token|state|kept_until) (=|<|>)")
_ASKED = re.compile(r"\s*(WITH|SELECT|UPDATE|DELETE)\b", re.IGNORECASE)
# Rows like those of one person, under numbers that nobody has: table, columns that are numbers, and whose rows.
_LIKE = {
    "erasure_plan": (("id", "customer_id"), "id = %(plan)s"),
    "erasure_task": (("plan_id",), "plan_id = %(plan)s"),
    "erasure_ledger": (("plan_id",), "plan_id = %(plan)s"),
    "erasure_told": (("plan_id", "id"), "plan_id = %(plan)s"),
    "vault_data_key": (("customer_id",), "customer_id = %(customer)s"),
}
_OPEN = ", 'state', 'running', 'done_at', NULL"


@pytest.fixture
def crowd(held: Rooms, cluster: Cluster) -> Iterator[None]:
    """So many persons beside: what is planned for a handful of rows says nothing."""
    done = held.erase(history(held))
    given = {"plan": done.plan_id, "customer": held.person(), "many": MANY, "far": FAR}
    with cluster.connect(DATABASE) as mighty:
        try:
            for table, (numbers, whose) in _LIKE.items():
                moved = ", ".join(f"'{column}', t.{column} - %(far)s - n" for column in numbers)
                moved += _OPEN if table == "erasure_plan" else ""
                mighty.execute(
                    f"INSERT INTO {table} SELECT (made.one).* FROM (SELECT jsonb_populate_record(t,"
                    f" jsonb_build_object({moved})) AS one FROM {table} t, generate_series(1, %(many)s) n"
                    f" WHERE {whose}) made",
                    given,
                )
                mighty.execute(f"ANALYZE {table}")
            yield
        finally:
            for table, (numbers, _whose) in reversed(_LIKE.items()):
                mighty.execute(f"DELETE FROM {table} WHERE {numbers[0]} < %s", [done.plan_id - FAR + MANY])
                mighty.execute(f"ANALYZE {table}")


class Plans:
    """How each statement would be run, as the role that runs it and at the moment at which it does."""

    def __init__(self) -> None:
        self.read_whole: dict[str, str] = {}
        self.looked_at = 0
        self._execute = psycopg.Cursor.execute

    def execute(self, cursor: Any, query: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        text = str(query)
        if _ASKED.match(text) and _OURS.search(text):
            self.looked_at += 1
            self._execute(cursor, "SELECT set_config('enable_seqscan', 'off', true)")
            explained = self._execute(cursor, f"EXPLAIN (FORMAT JSON) {text}", *args, **more).fetchone()[0]
            self._execute(cursor, "SELECT set_config('enable_seqscan', 'on', true)")
            plan = json.loads(explained) if isinstance(explained, str) else explained
            for node in nodes(plan[0]["Plan"]):
                if (table := node.get("Relation Name")) and _OURS.match(table) and whole(node):
                    self.read_whole[text] = json.dumps(node, indent=1)
        return self._execute(cursor, query, *args, **more)


def nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def whole(node: Mapping[str, Any]) -> bool:
    """Whether it reads all rows of the company: no index, or one of which the company alone is asked."""
    if node["Node Type"] == "Seq Scan":
        return True
    if node["Node Type"] not in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}:
        return False
    if "erasure_task_left" in str(node.get("Index Name")):
        return False  # it holds nothing but what is left
    condition = node.get("Index Cond", "")
    return not _NARROW.search(condition)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    found = Plans()

    def explained(self: Any, query: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        return found.execute(self, query, *args, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", explained)
    return found


@pytest.mark.usefixtures("crowd")
def test_nothing_is_read_whole(held: Rooms, plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each capability asks is its own test's."""
    people = [history(held) for _person in range(2)]
    monkeypatch.setattr(capabilities, "from_high_to_low", list)
    plans.read_whole.clear()
    plans.looked_at = 0
    drawn = erasure.draw_all(held.context, customer_ids=people, cause=Cause.RETENTION, now=clock.now())
    erasure.approve_all(held.context, plan_ids=list(drawn.values()), now=clock.now())
    for due in (sweeping._erasing, sweeping._proving):
        assert sweeping._ids(held.context, due(held.context, clock.now()), 10)
    states = erasure.carry_out_all(held.context, plan_ids=list(drawn.values()), now=clock.now())
    assert set(states.values()) == {PlanState.DONE}
    assert plans.looked_at > 40
    assert not plans.read_whole, "\n".join(f"{text}\n{node}" for text, node in plans.read_whole.items())
