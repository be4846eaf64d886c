"""Whoever has to know what came, went or was put right is told of it in the same transaction, of many at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Correction, GonePoint, Known, StoredPoint
from trustdesk.register.candidates import ReadValue
from trustdesk.register.contracts import CONTACT_POINTS, MATCHED, ValueKind

Text = tuple[str, ValueKind, str, bool]
"""Attribute, kind and text of what is current, and whether it is a line of several people."""


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


def tell_superseded(context: AccessContext, values: Iterable[tuple[int, int, ValueKind]]) -> None:
    """Values that count no more, each with its customer, its number and its kind."""
    points = [GonePoint(customer, number, kind.value) for customer, number, kind in values if kind in CONTACT_POINTS]
    if points:
        for _name, watch in registries.points:
            watch.superseded(context, points)


def tell_corrected(context: AccessContext, corrections: Sequence[Correction], *, now: datetime) -> None:
    """Values that took the place of others on somebody's word."""
    if corrections:
        for _name, watch in registries.corrections:
            watch.corrected(context, corrections, now=now)


def tell_known(context: AccessContext, records: Iterable[tuple[int, str, Iterable[Text]]]) -> None:
    """All that is current of records whose tokens are made: each with the country in which it is read."""
    watches = [watch for _name, watch in registries.identities]
    if not watches:
        return
    told = [
        Known(
            customer_id,
            country,
            [(code, kind.value, text, shared) for code, kind, text, shared in texts if kind in MATCHED],
        )
        for customer_id, country, texts in records
    ]
    if told:
        for watch in watches:
            watch.known(context, told)
