"""Which contact points prove who asks for something, which don't, and why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.delivery import api as delivery
from trustdesk.design.freshness import since
from trustdesk.design.readable import readable, value_name
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import POINT_RESTS, Card, CardValue, ValueKind

_CARRIERS = frozenset({ValueKind.EMAIL, ValueKind.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A contact point of whoever it may be. `why_not` is empty where it proves who asks; `written_to`: the company
    writes there, so that a code can be sent.
    """

    value_id: int
    name: str
    text: str
    recorded: str
    phone: bool
    written_to: bool
    why_not: str


def point_rows(context: AccessContext, card: Card | None, *, now: datetime) -> Sequence[PointRow]:
    """Those on the card of whoever it may be, the proving ones first."""
    if card is None:
        return ()
    stood = [point.value_id for point in register.proving_points(context, card.customer_id, now=now)]
    shared = clearance.shared_points(context, customer_id=card.customer_id, value_ids=stood)
    proving = set(stood) - set(shared)
    ways = _ways(context)
    rows = [
        PointRow(
            value_id=value.value_id,
            name=value_name(value),
            text=readable(value),
            recorded=since(value.recorded_at, now),
            phone=value.kind is ValueKind.PHONE,
            written_to=value.kind in ways,
            why_not="" if value.value_id in proving else _why_not(value, shared, now),
        )
        for value in card.contact_points
    ]
    return sorted(rows, key=lambda row: bool(row.why_not))


def _ways(context: AccessContext) -> frozenset[ValueKind]:
    """By which the company writes: what nobody has set up is no way."""
    sender = delivery.sender_of(context)
    ways = {ValueKind.EMAIL: sender.mail_address, ValueKind.PHONE: sender.sms_name}
    return frozenset(kind for kind, name in ways.items() if name)


def _why_not(value: CardValue, shared: Collection[int], now: datetime) -> str:
    if value.kind not in _CARRIERS:
        return _("nothing can be sent there that comes back at once")
    if value.shared_line:
        return _("several people answer there")
    if value.restricted:
        return _("it is contested")
    if value.value_id in shared:
        return _("another customer has it too")
    if now - value.recorded_at < POINT_RESTS:
        return _("it is on file for less than thirty days")
    return _("two records became one lately")
