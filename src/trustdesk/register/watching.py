"""Whoever has to know of contact points (suppression is kept by tokens of them) is told in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import StoredPoint
from trustdesk.register.candidates import ReadValue
from trustdesk.register.contracts import CONTACT_POINTS


def points_of(values: Iterable[tuple[int, int, ReadValue]]) -> list[StoredPoint]:
    """The contact points among (customer, value, what it says)."""
    return [
        StoredPoint(customer_id, value_id, value.attribute.kind.value, value.text)
        for customer_id, value_id, value in values
        if value.attribute.kind in CONTACT_POINTS
    ]


def tell(context: AccessContext, points: Sequence[StoredPoint]) -> None:
    """Call inside the transaction that stores them."""
    if points:
        for _name, watch in registries.points:
            watch.stored(context, points)


def tell_superseded(context: AccessContext, *, customer_id: int, value_id: int) -> None:
    """A value that no longer counts: it is told of every kind, whoever watches knows which ones it kept."""
    for _name, watch in registries.points:
        watch.superseded(context, customer_id=customer_id, value_id=value_id)


def tell_corrected(context: AccessContext, *, customer_id: int, old: int, new: int, now: datetime) -> None:
    """One value took the place of another on somebody's word."""
    for _name, watch in registries.corrections:
        watch.corrected(context, customer_id=customer_id, old=old, new=new, now=now)
