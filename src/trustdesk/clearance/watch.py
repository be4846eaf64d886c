"""Told of every contact point that the register stores: its tokens are kept, nothing else of it."""

from collections.abc import Iterator, Sequence

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import PointKind
from trustdesk.clearance.tokens import TokenMaker
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import GonePoint, StoredPoint
from trustdesk.vault.api import phone_country

_INSERT = """
INSERT INTO clearance_point (controller_id, customer_id, value_id, version, level, kind, country, token, hashed, domain)
SELECT %b, fresh.* FROM unnest(%b::bigint[], %b::bigint[], %b::smallint[], %b::smallint[], %b::text[], %b::text[],
  %b::bytea[], %b::bytea[], %b::bytea[]) AS fresh
"""
_DELETE = """
DELETE FROM clearance_point AS held USING unnest(%b::bigint[], %b::bigint[]) AS gone (customer_id, value_id)
WHERE held.controller_id = %b AND held.customer_id = gone.customer_id AND held.value_id = gone.value_id
"""


class TokenWatch:
    """Registered in `kernel.registries.points`."""

    name = "clearance.points"

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None:
        maker = TokenMaker(context)
        rows = [row for point in points for row in _rows(maker, point)]
        if rows:
            wire.run(_INSERT, [context.controller_id, *(list(column) for column in zip(*rows, strict=True))])

    def superseded(self, context: AccessContext, points: Sequence[GonePoint]) -> None:
        customers, values = [point.customer_id for point in points], [point.value_id for point in points]
        wire.run(_DELETE, [customers, values, context.controller_id])


def _rows(maker: TokenMaker, point: StoredPoint) -> Iterator[tuple[object, ...]]:
    kind = PointKind(point.kind)
    country = (phone_country(point.text) or None) if kind is PointKind.PHONE else None
    for made in maker.stored(kind, point.text):
        yield point.customer_id, point.value_id, made.version, made.level, kind.value, country, *made[2:]
