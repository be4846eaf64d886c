"""Forgetting what updates hold of customers, many at once: called through the privacy registry.

A change that nobody has decided yet may be of any of its candidates: with one of them it goes as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import LiteralString

from trustdesk.isolation.api import joined
from trustdesk.kernel import clock, persons
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.persons import Held, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.updates import wire
from trustdesk.updates.services.profiles import forget

# What is theirs, by record; each by an index of its own.
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%b::bigint[])"
_ROWS: Mapping[str, LiteralString] = {
    "update-fields": "updates_applied" + _THEIRS,
    "update-audits": "updates_audit" + _THEIRS,
    "update-orders": "updates_order" + _THEIRS,
    "updates": "updates_change" + _THEIRS,
}
_COUNT: LiteralString = "SELECT customer_id, count(*) FROM "
_OF_EACH: LiteralString = " GROUP BY customer_id"
_DELETE: LiteralString = "WITH gone AS (DELETE FROM "
_GONE: LiteralString = " RETURNING customer_id) SELECT customer_id, count(*) FROM gone GROUP BY customer_id"
_PROFILES: LiteralString = _COUNT + "updates_profile" + _THEIRS + _OF_EACH
_NAMED: LiteralString = """
SELECT n.change_id, n.customer_id, r.decided_at IS NOT NULL FROM updates_candidate n
JOIN updates_review r ON r.controller_id = n.controller_id AND r.change_id = n.change_id
WHERE n.controller_id = %s AND n.customer_id = ANY(%b::bigint[])
"""
# Written into a record that was shown as theirs when it was, and is somebody else's by now.
_FIELDS: LiteralString = """
DELETE FROM updates_applied WHERE controller_id = %s AND change_id = ANY(ARRAY(
  SELECT id FROM updates_change WHERE controller_id = %s AND customer_id = ANY(%b::bigint[])
))
"""
_REVIEWS: LiteralString = "DELETE FROM updates_review WHERE controller_id = %s AND change_id = ANY(%b::bigint[])"
_CHANGES: LiteralString = "DELETE FROM updates_change WHERE controller_id = %s AND id = ANY(%b::bigint[])"
# Each side by its own index; what is counted, and what goes.
_SIDES: tuple[tuple[LiteralString, LiteralString], ...] = (
    (
        """
        SELECT left_id, count(*) FROM updates_duplicate
        WHERE controller_id = %s AND left_id = ANY(%b::bigint[]) GROUP BY left_id
        """,
        """
        WITH gone AS (
          DELETE FROM updates_duplicate WHERE controller_id = %s AND left_id = ANY(%b::bigint[]) RETURNING left_id
        ) SELECT left_id, count(*) FROM gone GROUP BY left_id
        """,
    ),
    (
        """
        SELECT right_id, count(*) FROM updates_duplicate
        WHERE controller_id = %s AND right_id = ANY(%b::bigint[]) GROUP BY right_id
        """,
        """
        WITH gone AS (
          DELETE FROM updates_duplicate WHERE controller_id = %s AND right_id = ANY(%b::bigint[]) RETURNING right_id
        ) SELECT right_id, count(*) FROM gone GROUP BY right_id
        """,
    ),
)


def plan(context: AccessContext, people: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: all of it goes."""
    ids = records(people)
    with wire.within(context):
        held = [
            Held(what, customer, rows)
            for what, table in _ROWS.items()
            for customer, rows in wire.fetch(_COUNT + table + _OF_EACH, context.controller_id, ids)
        ]
        held += [Held("profiles", *row) for row in wire.fetch(_PROFILES, context.controller_id, ids)]
        held += [Held("update-reviews", row[1], 1) for row in wire.fetch(_NAMED, context.controller_id, ids)]
        for count, _delete in _SIDES:
            held += [Held("duplicates", *row) for row in wire.fetch(count, context.controller_id, ids)]
    return persons.going(people, held)


def erase(context: AccessContext, people: Sequence[Person]) -> Sequence[int]:
    """Forget them; for each person the number of rows that went (GDPR Art. 17). An index in memory lets go of them
    before it is used again.
    """
    ids = records(people)
    with joined(context.scope):
        named = wire.fetch(_NAMED, context.controller_id, ids)
        held = [Held("update-reviews", row[1], 1) for row in named]
        wire.run(_REVIEWS, context.controller_id, sorted({row[0] for row in named}))
        for what, table in _ROWS.items():
            if what == "updates":
                wire.run(_FIELDS, context.controller_id, context.controller_id, ids)
            gone = wire.fetch(_DELETE + table + _GONE, context.controller_id, ids)
            held += [Held(what, customer, rows) for customer, rows in gone]
        wire.run(_CHANGES, context.controller_id, sorted({row[0] for row in named if not row[2]}))
        for _count, delete in _SIDES:
            held += [Held("duplicates", *row) for row in wire.fetch(delete, context.controller_id, ids)]
        held += [Held("profiles", each, 1) for each in forget(context, ids, now=clock.now())]
        return persons.gone(context, "updates.erased", people, held)
