"""Forgetting customers, many at once: called through the privacy registry."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.periods import months_after
from trustdesk.kernel.persons import Lines, owners, records, summed
from trustdesk.kernel.registries import Fate, Person, Planned
from trustdesk.register import wire
from trustdesk.register.contracts import RestrictionGround
from trustdesk.register.places import SERVICE
from trustdesk.register.services.customers import hold_all
from trustdesk.vault.api import destroy_many

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")  # ISO 8601, whole units of the calendar
# The relationship has ended with the erasure at the latest: from then the years of a statute count.
_HELD = """
SELECT v.customer_id, v.id, a.retention_class, a.retention_period,
  CASE WHEN c.restriction_ground = 'law' THEN c.restricted_at END
FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = v.customer_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s)
"""
# In an order that the foreign keys allow. Values that a law keeps stay, and the customer's row with them.
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])"
_ROWS: Mapping[str, LiteralString] = {
    "search-tokens": "FROM register_token" + _THEIRS,
    "joint-tokens": "FROM register_joint_token" + _THEIRS,
    "notes": "FROM register_note" + _THEIRS,
    "events": "FROM register_event" + _THEIRS,
    "questions": "FROM register_question" + _THEIRS,
}
_GIVEN: LiteralString = "FROM register_disclosure" + _THEIRS + " AND value_id <> ALL(%s::bigint[])"
_VALUES: LiteralString = "FROM register_value" + _THEIRS + " AND id <> ALL(%s::bigint[])"
# Each side by its own index: with an OR a plan that is kept for any arrays may read all merges of the company.
_MERGES: LiteralString = """
FROM register_merge WHERE controller_id = %s AND id = ANY(ARRAY(
  SELECT id FROM register_merge WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])
  UNION SELECT id FROM register_merge WHERE controller_id = %s AND into_id = ANY(%s::bigint[])
))
"""
_OF_EACH: LiteralString = " GROUP BY customer_id"
_COUNT: LiteralString = "SELECT customer_id, count(*) "
_DELETE: LiteralString = "WITH gone AS (DELETE "
_GONE: LiteralString = " RETURNING customer_id) SELECT customer_id, count(*) FROM gone GROUP BY customer_id"
_JOINED: LiteralString = "SELECT customer_id, into_id " + _MERGES
_PART: LiteralString = "DELETE " + _MERGES + " RETURNING customer_id, into_id"
_THERE = "SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s::bigint[])"
_KEPT = """
SELECT DISTINCT customer_id FROM register_value WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])
"""
_APART = """
UPDATE register_customer SET merged_into = NULL
WHERE controller_id = %s AND id = ANY(%s::bigint[]) AND merged_into IS NOT NULL
"""
_EMPLOYED = """
UPDATE register_customer SET employer_id = NULL WHERE controller_id = %s AND employer_id = ANY(%s::bigint[])
"""
_CUSTOMERS = "DELETE FROM register_customer WHERE controller_id = %s AND id = ANY(%s::bigint[])"
_RESTRICT = """
UPDATE register_customer SET restricted_at = CASE WHEN restriction_ground = 'law' THEN restricted_at ELSE %s END,
  restriction_ground = %s, updated_at = %s, language = '', country = '',
  customer_since = NULL, last_sale_date = NULL, product_groups = '{}'
WHERE controller_id = %s AND id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """A value, and for how long a statute keeps it once the relationship is over."""

    customer_id: int
    value_id: int
    retention_class: str
    period: str
    ended_at: datetime | None

    def until(self, now: datetime) -> date | None:
        """The first day on which nothing keeps it; None where the period names none."""
        found = _PERIOD.fullmatch(self.period)
        if found is None:
            return None
        years, months, days = (int(part or 0) for part in found.groups())
        return months_after((self.ended_at or now).date(), years * 12 + months) + timedelta(days=days)

    def falls(self, now: datetime) -> bool:
        """Whether an erasure takes it: nothing but the service keeps it, or its statute's day has come."""
        if self.retention_class == SERVICE:
            return True
        until = self.until(now)
        return self.ended_at is not None and until is not None and until <= now.date()


def _held(context: AccessContext, ids: list[int]) -> list[_Held]:
    return [_Held(*row) for row in wire.fetch(_HELD, context.controller_id, ids)]


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: all that no statutory class keeps goes, the record itself where nothing is kept of it."""
    now, ids, lines = clock.now(), records(persons), Lines(persons)
    with wire.within(context):
        controller = context.controller_id
        for what, rows in _ROWS.items():
            lines.going(what, wire.fetch(_COUNT + rows + _OF_EACH, controller, ids))
        lines.going("merges", _of_each_person(persons, wire.fetch(_JOINED, *_both_sides(controller, ids))))
        held = _held(context, ids)
        kept = [each for each in held if not each.falls(now)]
        keeping = [each.value_id for each in kept]
        lines.going("disclosures", wire.fetch(_COUNT + _GIVEN + _OF_EACH, controller, ids, keeping))
        lines.going("values", Counter(each.customer_id for each in held if each.falls(now)).items())
        staying = {each.customer_id for each in kept}
        there = [row[0] for row in wire.fetch(_THERE, controller, ids)]
        lines.going("records", [(each, 1) for each in there if each not in staying])
    whose = owners(persons)
    for each in kept:
        line = Planned("values", 1, Fate.KEPT, each.retention_class, each.until(now), under=each.retention_class)
        lines.each[whose[each.customer_id]].append(line)
    return lines.each


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Destroy the service keys and delete all that no law keeps; for each person the number of rows deleted (GDPR
    Art. 17).

    What a statutory retention class keeps stays sealed under its own key, restricted, until that key's day.
    """
    now = clock.now()
    with joined(context.scope):
        there = hold_all(context, records(persons))
        if not there:
            return [0] * len(persons)
        deleted = _delete(context, there, now)
        merges = _part(context, there)
        _drop(context, there, deleted, now)
        destroy_many(context, [(each, SERVICE) for each in there], now=now)
        rows = deleted.total() + len(merges)
        context.journal.deed(context, "register.erased", subjects=there, detail={"rows": rows})
    return summed(persons, [*deleted.items(), *_of_each_person(persons, merges)])


def delete_rows(context: AccessContext, ids: list[int]) -> None:
    """Take customers of whom nothing is left apart, and delete their rows."""
    _part(context, ids)
    _delete_customers(context, ids)


def _both_sides(controller_id: int, ids: list[int]) -> tuple[object, ...]:
    return controller_id, controller_id, ids, controller_id, ids


def _of_each_person(persons: Sequence[Person], merges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """How many of the merges are each person's, at the record shown: one between two persons is of both."""
    whose = owners(persons)
    found: Counter[int] = Counter()
    for merge in merges:
        found.update({persons[whose[each]][0] for each in merge if each in whose})
    return list(found.items())


def _delete(context: AccessContext, ids: list[int], now: datetime) -> Counter[int]:
    """All that hangs on the customers and is not kept; rows by record."""
    controller, deleted = context.controller_id, Counter[int]()
    keeping = [each.value_id for each in _held(context, ids) if not each.falls(now)]
    for rows in _ROWS.values():
        deleted.update(dict(wire.fetch(_DELETE + rows + _GONE, controller, ids)))
    for rows in (_GIVEN, _VALUES):
        deleted.update(dict(wire.fetch(_DELETE + rows + _GONE, controller, ids, keeping)))
    return deleted


def _part(context: AccessContext, ids: list[int]) -> list[tuple[int, int]]:
    """Nobody is shown as anybody else any more; the merges that went."""
    merges = [(row[0], row[1]) for row in wire.fetch(_PART, *_both_sides(context.controller_id, ids))]
    wire.run(_APART, context.controller_id, ids)
    return merges


def _drop(context: AccessContext, ids: list[int], deleted: Counter[int], now: datetime) -> None:
    """The rows of those of whom nothing is kept; the others' are restricted and say nothing any more."""
    kept = {row[0] for row in wire.fetch(_KEPT, context.controller_id, ids)}
    gone = [each for each in ids if each not in kept]
    _delete_customers(context, gone)
    deleted.update(gone)
    if kept:
        ground = RestrictionGround.KEPT_BY_LAW.value
        wire.run(_RESTRICT, now, ground, now, context.controller_id, sorted(kept))


def _delete_customers(context: AccessContext, gone: list[int]) -> None:
    wire.run(_EMPLOYED, context.controller_id, gone)
    wire.run(_CUSTOMERS, context.controller_id, gone)
