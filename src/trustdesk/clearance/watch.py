"""Told of every contact point that the register stores: its tokens are kept, nothing else of it."""

from collections.abc import Iterator, Sequence

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import PointKind
from trustdesk.clearance.tokens import TokenMaker
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import StoredPoint
from trustdesk.vault.api import phone_country

_INSERT = """
INSERT INTO clearance_point (controller_id, customer_id, value_id, version, level, kind, country, token, hashed, domain)
SELECT %b, fresh.* FROM unnest(%b::bigint[], %b::bigint[], %b::smallint[], %b::smallint[], %b::text[], %b::text[],
  %b::bytea[], %b::bytea[], %b::bytea[]) AS fresh
"""
_DELETE = "DELETE FROM clearance_point WHERE controller_id = %s AND customer_id = %s AND value_id = %s"


class TokenWatch:
    """Registered in `kernel.registries.points`."""

    name = "clearance.points"

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None:
        maker = TokenMaker(context)
        rows = [row for point in points for row in _rows(maker, point)]
        if rows:
            wire.run(_INSERT, [context.controller_id, *(list(column) for column in zip(*rows, strict=True))])

    def superseded(self, context: AccessContext, *, customer_id: int, value_id: int) -> None:
        wire.run(_DELETE, [context.controller_id, customer_id, value_id])


def _rows(maker: TokenMaker, point: StoredPoint) -> Iterator[tuple[object, ...]]:
    kind = PointKind(point.kind)
    country = (phone_country(point.text) or None) if kind is PointKind.PHONE else None
    for made in maker.stored(kind, point.text):
        yield point.customer_id, point.value_id, made.version, made.level, kind.value, country, *made[2:]
