"""The facts of one person for one question, read in one round trip."""

from dataclasses import dataclass
from datetime import datetime

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import POINT_OF_CHANNEL, Point, Purpose
from trustdesk.clearance.selectors.setup import Setup
from trustdesk.clearance.tokens import TokenMaker, every
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import ask
from trustdesk.kernel.context import AccessContext

_FACTS = "SELECT * FROM clearance_facts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question about one person, before anything is known of them. `customer_id` 0 is a stranger."""

    customer_id: int
    value_id: int | None
    point: Point | None
    channel: Channel
    purpose: Purpose
    at: datetime
    contact: bool


@dataclass(slots=True)
class Known:
    """A row of `clearance_facts`, in its order (see sql/facts.sql)."""

    setup_version: int | None
    customer_kind: str | None
    merged_into: int | None
    country: str | None
    point_countries: list[str] | None
    restricted: bool | None
    bought: bool | None
    product_groups: list[str] | None
    said: str | None
    said_at: datetime | None
    said_until: datetime | None
    said_express: bool | None
    said_of_age: bool | None
    said_event: int | None
    said_customer: int | None
    presumed_at: datetime | None
    requested: bool
    objected: bool
    points: int
    suppressed: bool
    listed: list[int] | None
    from_sale: bool | None
    told: bool | None
    refused: bool | None
    asked: bool | None


def read(context: AccessContext, asked: Asked, setup: Setup) -> Known | None:
    """What is known; None where the scope opens nothing any more."""
    kind = POINT_OF_CHANNEL[asked.channel]
    purpose = asked.purpose
    rows = ask(
        context.scope,
        _FACTS,
        asked.customer_id,
        purpose.purpose_id,
        purpose.kind.value,
        asked.channel.value,
        kind.value,
        asked.value_id,
        _typed(context, asked.point) if asked.point else None,
        setup.loads(kind),
        asked.at,
        asked.contact,
    )
    return Known(*rows[0]) if rows else None


def _typed(context: AccessContext, point: Point) -> bytes:
    """Tokens of a number typed by hand, under which it may be suppressed or listed."""
    with wire.within(context):
        return b"".join(every(TokenMaker(context).stored(point.kind, point.text, country=point.country)))
