"""Pages of feeds and of updates read what they show, by index and under the policies: not all that ever came."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from tests.integration.feeds.feeding import Room

from trustdesk.feeds import api as feeds
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import Fate
from trustdesk.updates.selectors.reviews import next_review

MANY, SHOWN = 4_000, 50
_OURS = re.compile(r'FROM "?(updates_change|updates_review|updates_duplicate|feeds_delivery)\b')
_TABLES = ("updates_change", "updates_review", "updates_duplicate", "feeds_delivery")
# A year of one company: most of it was decided long ago.
_YEAR = (
    """
INSERT INTO updates_change (controller_id, id, feed_id, delivery_id, position, record_token, kind, as_of, received_at,
  decided_at, outcome, fate, reason, second, evidence)
SELECT %(company)s, %(least)s + n, %(feed)s, 0, n::text, n, 'move', now(), now(), now(), 'none', 'none', '', '', '[]'
FROM generate_series(1, %(many)s) n
""",
    """
INSERT INTO updates_review (controller_id, change_id, customer_id, sealed, candidates, candidate_ids, terms, risky,
  state, opened_at)
SELECT %(company)s, %(least)s + n, 0, '', '{}', '[]', '{"source": 1}', false,
  CASE WHEN n %% 2 = 0 THEN 'open' ELSE 'decided' END, now() - n * interval '1 minute'
FROM generate_series(1, %(many)s) n
""",
    """
INSERT INTO updates_duplicate (controller_id, id, left_id, right_id, probability, second, evidence, found_at, state,
  decided_at)
SELECT %(company)s, %(least)s + n, %(least)s + n, %(least)s + n + 1, n / 9999.0, '', '[]', now(),
  CASE WHEN n %% 2 = 0 THEN 'open' ELSE 'apart' END, now()
FROM generate_series(1, %(many)s) n
""",
    """
INSERT INTO feeds_delivery (controller_id, id, feed_id, place, digest, size, state, reason, attempt, seen, addresses,
  brakes, received_at)
SELECT %(company)s, %(least)s + n, %(feed)s, n::text, decode(md5(n::text), 'hex'), 9, 'done', '', 0, '{}', '{}', '[]',
  now() FROM generate_series(1, %(many)s) n
""",
)


@pytest.fixture
def year(room: Room, cluster: Cluster) -> Iterator[Mapping[str, int]]:
    given = {"company": room.id, "least": new_id() - 10**15, "feed": room.feed(), "many": MANY}
    with cluster.connect(DATABASE) as mighty:
        try:
            for statement in _YEAR:
                mighty.execute(statement, given)
            for table in _TABLES:
                mighty.execute(f"ANALYZE {table}")
            mighty.commit()
            yield given
        finally:
            for table in reversed(_TABLES):
                mighty.execute(f"DELETE FROM {table} WHERE controller_id = %s", [room.id])
                mighty.execute(f"ANALYZE {table}")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, int]:
    """How many rows each statement over these tables looks at, also those that it throws away."""
    found: dict[str, int] = {}
    execute = psycopg.Cursor.execute

    def explained(cursor: Any, query: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        text = str(query)
        if text.lstrip().startswith("SELECT") and _OURS.search(text):
            plan = execute(cursor, f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", *args, **more).fetchone()[0]
            found[text] = _read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        return execute(cursor, query, *args, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", explained)
    return found


def _read(node: Mapping[str, Any]) -> int:
    thrown = sum(int(value) for name, value in node.items() if name.startswith("Rows Removed"))
    below = node.get("Plans", ())
    own = 0 if below else int(node["Actual Rows"]) + thrown
    return int(own * node["Actual Loops"]) + sum(_read(one) for one in below)


def show_all(context: AccessContext, given: Mapping[str, int]) -> None:
    feed_id, middle = given["feed"], given["least"] + MANY // 2
    assert len(updates.reviews(context, limit=SHOWN)) == SHOWN
    assert next_review(context, middle) == middle - 2, "the next in time, not of all"
    assert len(updates.duplicates(context, limit=SHOWN)) == SHOWN
    assert len(updates.duplicates(context, decided=True, limit=SHOWN)) == SHOWN
    assert updates.changes(context, fates=[Fate.CLOSED]) == []
    assert len(updates.changes(context, feed_id=feed_id, limit=SHOWN)) == SHOWN
    (one,) = feeds.feeds(context)
    assert (one.waiting, one.last_delivery_at is None) == (0, False)
    assert len(feeds.deliveries(context, feed_id=feed_id, limit=SHOWN)) == SHOWN
    assert feeds.stopped(context) == []
    assert feeds.standing(context).failed == 0


def test_no_page_reads_all(room: Room, year: Mapping[str, int], looked_at: Mapping[str, int]) -> None:
    show_all(room.context("update:read", "update:review"), year)
    assert len(looked_at) >= len(_TABLES)
    assert {text: rows for text, rows in looked_at.items() if rows > 5 * SHOWN} == {}
