"""What would be due had no feed known: looked up in what stood before the feed spoke. Opens nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import CardValue, ConfirmedBy, SourceKind
from trustdesk.register.fresh import Rules, is_stale
from trustdesk.register.selectors import catalog as catalog_of

# From each value back through what it took the place of, all of one customer: a handful of rows by their key.
_LINES = """
WITH RECURSIVE line AS (
  SELECT v.id AS head, 0 AS depth, v.customer_id, v.id, v.attribute_id, v.source_id, v.recorded_at, v.confirmed_at,
    v.confirmed_by
  FROM register_value v
  WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND v.id = ANY(%s)
  UNION ALL
  SELECT line.head, line.depth + 1, old.customer_id, old.id, old.attribute_id, old.source_id, old.recorded_at,
    old.confirmed_at, old.confirmed_by
  FROM line JOIN register_value old
    ON old.controller_id = %s AND old.customer_id = line.customer_id AND old.superseded_by = line.id
  WHERE line.depth < 20
)
SELECT line.head, line.id, line.attribute_id, line.source_id, s.kind, line.recorded_at, line.confirmed_at,
  line.confirmed_by
FROM line JOIN register_source s ON s.controller_id = %s AND s.id = line.source_id
ORDER BY line.head, line.depth
"""
_CONFIRMED = """
SELECT value_id, at, detail FROM register_event
WHERE controller_id = %s AND customer_id = ANY(%s) AND kind = 'confirmed' AND value_id = ANY(%s)
"""


def by_feed(value: CardValue) -> bool:
    """A feed was the last to speak of it."""
    if value.confirmed_by is None:
        return value.source_kind is SourceKind.FEED
    return value.confirmed_by is ConfirmedBy.FEED


def due_without_feeds(
    context: AccessContext, values: Sequence[CardValue], rules: Rules, *, now: datetime
) -> list[CardValue]:
    """Those of the values that are fresh by a feed's word and would be due without it. Inside the scope.

    A feed that changed a value is taken away with its value: then the one before it would stand. Where nobody but
    feeds ever spoke of it there would be nothing to ask about.
    """
    asked = [value for value in values if not value.stale and by_feed(value)]
    if not asked:
        return []
    controller, owners = context.controller_id, sorted({value.customer_id for value in asked})
    lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    heads = [value.value_id for value in asked]
    for row in wire.fetch(_LINES, controller, owners, heads, controller, controller):
        lines[row[0]].append(row[1:])
    numbers = [row[0] for line in lines.values() for row in line]
    said: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for value_id, at, by in wire.fetch(_CONFIRMED, controller, owners, numbers):
        said[value_id].append((at, by))
    fresh_days = {number: held.fresh_days for number, held in catalog_of.by_id(context).items()}
    return [value for value in asked if _due(lines[value.value_id], said, rules, fresh_days, now)]


def _due(
    line: Sequence[tuple[Any, ...]],
    said: Mapping[int, Sequence[tuple[datetime, str]]],
    rules: Rules,
    fresh_days: Mapping[int, int],
    now: datetime,
) -> bool:
    """Whether the newest value that somebody else than a feed spoke of is due by what they said."""
    for number, attribute_id, source_id, source_kind, recorded_at, confirmed_at, confirmed_by in line:
        words = [(at, by) for at, by in said.get(number, ()) if by != ConfirmedBy.FEED.value]
        if confirmed_at is not None and confirmed_by != ConfirmedBy.FEED.value:
            words.append((confirmed_at, confirmed_by))
        at, by = max(words, default=(recorded_at, None))
        if words or source_kind != SourceKind.FEED.value:
            days = rules.days(attribute_id, fresh_days[attribute_id], by=by, source_id=source_id)
            return is_stale(at, days, now)
    return False
