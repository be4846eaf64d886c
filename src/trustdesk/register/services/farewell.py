"""Forgetting one customer: called through the privacy registry."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.periods import months_after
from trustdesk.kernel.registries import Fate, Planned
from trustdesk.register import wire
from trustdesk.register.contracts import RestrictionGround
from trustdesk.register.places import SERVICE
from trustdesk.register.selectors.values import together
from trustdesk.register.services.customers import hold
from trustdesk.vault.api import destroy

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
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s)"
_ROWS: Mapping[str, LiteralString] = {
    "search-tokens": "FROM register_token" + _THEIRS,
    "joint-tokens": "FROM register_joint_token" + _THEIRS,
    "notes": "FROM register_note" + _THEIRS,
    "events": "FROM register_event" + _THEIRS,
}
_COUNT: LiteralString = "SELECT count(*) "
_DELETE: LiteralString = "DELETE "
_GIVEN: LiteralString = "FROM register_disclosure" + _THEIRS + " AND value_id = ANY(%s)"
_JOINED: LiteralString = "FROM register_merge WHERE controller_id = %s AND (customer_id = ANY(%s) OR into_id = ANY(%s))"
_VALUES = "DELETE FROM register_value WHERE controller_id = %s AND customer_id = ANY(%s) AND id = ANY(%s)"
_THERE = "SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"
_KEPT = "SELECT DISTINCT customer_id FROM register_value WHERE controller_id = %s AND customer_id = ANY(%s)"
_APART = "UPDATE register_customer SET merged_into = NULL WHERE controller_id = %s AND id = ANY(%s)"
_EMPLOYED = "UPDATE register_customer SET employer_id = NULL WHERE controller_id = %s AND employer_id = ANY(%s)"
_CUSTOMERS = "DELETE FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"
_RESTRICT = """
UPDATE register_customer SET restricted_at = CASE WHEN restriction_ground = 'law' THEN restricted_at ELSE %s END,
  restriction_ground = %s, language = '', country = '',
  customer_since = NULL, last_sale_date = NULL, product_groups = '{}'
WHERE controller_id = %s AND id = ANY(%s)
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


def _ids(context: AccessContext, customer_id: int) -> list[int]:
    """Who was forgotten already has nothing here."""
    try:
        return together(context, customer_id)
    except NotFoundError:
        return []


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: all that no statutory class keeps goes, the record itself where nothing is kept of it."""
    now = clock.now()
    with wire.within(context):
        ids = _ids(context, customer_id)
        controller = context.controller_id
        for what, rows in _ROWS.items():
            yield Planned(what, wire.fetch(_COUNT + rows, controller, ids)[0][0])
        yield Planned("merges", wire.fetch(_COUNT + _JOINED, controller, ids, ids)[0][0])
        held = _held(context, ids)
        falling = [each.value_id for each in held if each.falls(now)]
        yield Planned("disclosures", wire.fetch(_COUNT + _GIVEN, controller, ids, falling)[0][0])
        yield Planned("values", len(falling))
        kept = [each for each in held if not each.falls(now)]
        yield Planned("records", len(wire.fetch(_THERE, controller, ids)) - len({each.customer_id for each in kept}))
        for each in kept:
            yield Planned("values", 1, Fate.KEPT, each.retention_class, each.until(now), under=each.retention_class)


def erase(context: AccessContext, customer_id: int) -> int:
    """Destroy the service key and delete all that no law keeps; the number of rows deleted (GDPR Art. 17).

    What a statutory retention class keeps stays sealed under its own key, restricted, until that key's day.
    """
    now = clock.now()
    with joined(context.scope):
        ids = hold(context, customer_id, now=now) if _ids(context, customer_id) else []
        deleted = _delete(context, ids, now)
        for each in ids:
            destroy(context, each, SERVICE, now=now)
        context.journal.deed(context, "register.erased", subjects=ids, detail={"rows": deleted})
    return deleted


def _delete(context: AccessContext, ids: list[int], now: datetime) -> int:
    controller = context.controller_id
    falling = [each.value_id for each in _held(context, ids) if each.falls(now)]
    deleted = sum(wire.run(_DELETE + rows, controller, ids) for rows in _ROWS.values())
    deleted += wire.run(_DELETE + _GIVEN, controller, ids, falling)
    deleted += wire.run(_VALUES, controller, ids, falling)
    kept = {row[0] for row in wire.fetch(_KEPT, controller, ids)}
    gone = [each for each in ids if each not in kept]
    deleted += delete_rows(context, ids, gone)
    if kept:
        wire.run(_RESTRICT, now, RestrictionGround.KEPT_BY_LAW.value, controller, sorted(kept))
    return deleted


def delete_rows(context: AccessContext, ids: list[int], gone: list[int]) -> int:
    """Take `ids` apart and delete the rows of those of whom nothing is left."""
    controller = context.controller_id
    deleted = wire.run(_DELETE + _JOINED, controller, ids, ids)
    wire.run(_APART, controller, ids)
    wire.run(_EMPLOYED, controller, gone)
    return deleted + wire.run(_CUSTOMERS, controller, gone)
