"""What a call tells in clear: only what its recipient may be told at this moment, each value entered in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.clearance.api import disclose, may_disclose
from trustdesk.clearance.contracts import NotClearedError
from trustdesk.delivery.models import Call, Endpoint
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register.api import sealed_values
from trustdesk.vault.api import open_many

_IDENTIFIER = "pd:UID"


@dataclass(frozen=True, slots=True)
class Told:
    """One value that goes along."""

    attribute: str
    text: str = field(repr=False)


def told(context: AccessContext, call: Call, endpoint: Endpoint, *, now: datetime) -> Sequence[Told]:
    """Inside the scope. Values whose category the recipient may not be told stay behind; where it may not even be told
    that there is somebody (an identifier is personal data too, GDPR Art. 4(1)), NotClearedError.
    """
    if call.customer_id is None:
        return []
    asked = may_disclose(
        context, recipient_id=endpoint.recipient_id, purpose=endpoint.purpose, categories=[_IDENTIFIER], now=now
    )
    if not asked.permitted:
        raise NotClearedError(asked, "This recipient may not be told of customers.", place="delivery.endpoint")
    found = [value for value in sealed_values(context, call.customer_id, call.value_ids) if value.box is not None]
    permitted = [
        value
        for value in found
        if may_disclose(
            context,
            recipient_id=endpoint.recipient_id,
            purpose=endpoint.purpose,
            categories=[value.category],
            now=now,
        ).permitted
    ]
    if not permitted:
        return []
    disclose(
        context,
        recipient_id=endpoint.recipient_id,
        purpose=endpoint.purpose,
        customer_id=call.customer_id,
        value_ids=[value.value_id for value in permitted],
        now=now,
    )
    boxes = [value.box for value in permitted if value.box is not None]
    opening = Opening(
        "delivery.webhook",
        sorted({call.customer_id, *(box.customer_id for box in boxes)}),
        sorted({value.attribute for value in permitted}),
    )
    texts = open_many(context, opening=opening, boxes=boxes)
    return [Told(value.attribute, text) for value, text in zip(permitted, texts, strict=True) if text is not None]
