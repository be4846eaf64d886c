"""Where an address and a text are opened: by the worker, for one message, under the permit just made."""

import json
from dataclasses import dataclass, field

from trustdesk.clearance.contracts import Permit
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.delivery.services.rows import Row
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import TrustdeskError
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
    asked = (context.controller_id, row.customer_id, row.value_id, row.channel)
    if asked != (permit.controller_id, permit.customer_id, permit.value_id, permit.channel):
        raise ValueError("the permit is for another contact")
    found = sealed_values(context, row.customer_id, [row.value_id])
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
