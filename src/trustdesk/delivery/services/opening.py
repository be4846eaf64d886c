"""Where an address and a text are opened: by the worker, for one message, under the permit just made."""

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import POINT_OF_CHANNEL, Permit, Point
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.delivery.services.rows import Row
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.register.api import sealed_values
from trustdesk.register.contracts import ValueKind
from trustdesk.vault.api import SealedBox, open_many

_REACHES = {Channel.EMAIL: ValueKind.EMAIL, Channel.SMS: ValueKind.PHONE}


@dataclass(frozen=True, slots=True)
class Opened:
    """What is needed to send one message. Lives as long as the attempt."""

    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class CantOpenError(TrustdeskError):
    """There is no such address any more, or what the message says is forgotten. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__("The message can't be opened.", place="delivery.message")
        self.code = code


def open_message(context: AccessContext, row: Row, permit: Permit) -> Opened:
    """Address and text, in one entry of the log. ValueError without a permit for exactly this contact."""
    asked = (context.controller_id, row.customer_id, None if row.former else row.value_id, row.channel)
    if asked != (permit.controller_id, permit.customer_id, permit.value_id, permit.channel):
        raise ValueError("the permit is for another contact")
    found = sealed_values(context, row.customer_id, [row.value_id], former=row.former)
    if not found or found[0].kind is not _REACHES[row.channel] or found[0].box is None:
        raise CantOpenError("address-gone")
    point = found[0].box
    content = SealedBox(row.customer_id, SERVICE, message_place(row.id), row.sealed)
    opening = Opening("delivery.message", sorted({row.customer_id, point.customer_id}), [found[0].attribute, "message"])
    address, said = open_many(context, opening=opening, boxes=[point, content])
    if address is None or said is None:
        raise CantOpenError("forgotten")
    subject, text = json.loads(said)
    return Opened(address, subject, text)


def former_point(context: AccessContext, row: Row) -> Point:
    """The contact point that was replaced, as it has to be asked about: nothing else is kept of it any more. Opened for
    the question, in an entry of its own. NotFoundError where it is gone.
    """
    found = sealed_values(context, row.customer_id, [row.value_id], former=True)
    box = found[0].box if found else None
    texts: list[str | None] = []
    if box is not None:
        subjects = sorted({row.customer_id, box.customer_id})
        texts = open_many(context, opening=Opening("delivery.former", subjects, [found[0].attribute]), boxes=[box])
    if not texts or texts[0] is None:
        raise NotFoundError(_("There is no such value."), place="value", mend=_("Open the card again."))
    return Point(POINT_OF_CHANNEL[row.channel], texts[0])
