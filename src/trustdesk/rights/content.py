"""Opening what persons wrote: one entry of the log for each look."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.rights import places, wishes
from trustdesk.rights.contracts import Told
from trustdesk.rights.models import Event, Request
from trustdesk.vault.api import SealedBox, Sealer, open_many


def open_told(context: AccessContext, row: Request, *, what: str) -> Told:
    """What the person wrote."""
    return open_with(context, row, (), what=what)[0]


def open_with(
    context: AccessContext, row: Request, events: Sequence[Event], *, what: str
) -> tuple[Told, list[str | None]]:
    """What the person wrote, and the details of these lines of its history."""
    boxes = [SealedBox(row.id, places.PROOF, places.request_place(row.id), bytes(row.sealed))]
    boxes += [
        SealedBox(row.id, places.PROOF, places.event_place(event.id), bytes(event.sealed))
        for event in events
        if event.sealed is not None
    ]
    subjects = [row.id] if row.customer_id is None else [row.id, row.customer_id]
    texts = open_many(context, opening=Opening(what, subjects, ["request"]), boxes=boxes)
    rest = iter(texts[1:])
    return wishes.unpacked(texts[0]), [None if event.sealed is None else next(rest) for event in events]


def seal(context: AccessContext, request_id: int, told: Told) -> bytes:
    with Sealer(context) as sealer:
        return sealer.seal(request_id, places.PROOF, places.request_place(request_id), wishes.packed(told))
