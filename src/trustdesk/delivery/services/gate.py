"""The gate, asked twice: before an address is opened, and again right before the message is handed over.

The second time under the customer's lock, which is held until the server has answered: a withdrawal, objection or
suppression takes the same lock for itself, so one that has returned was seen here.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Permit
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery.contracts import Sender
from trustdesk.delivery.services.opening import former_point
from trustdesk.delivery.services.rows import Row
from trustdesk.kernel.context import AccessContext

PLACE = "send"


def permit(context: AccessContext, row: Row, sender: Sender, *, place: str, now: datetime) -> Permit:
    """The ticket for this contact, its decision recorded in the running transaction. NotClearedError says why not, also
    where the question can't be answered at all: a purpose or customer that is gone. `place` is PREPARING the first
    time: only the second one counts as an attempt.
    """
    return clearance.permit(
        context,
        customer_id=row.customer_id,
        value_id=None if row.former else row.value_id,
        point=former_point(context, row) if row.former else None,
        channel=row.channel,
        purpose=row.purpose,
        about={**row.about, **done_here(row, sender)},
        place=place,
        now=now,
        campaign_id=row.campaign_id,
        contact_id=row.id,
    )


def done_here(row: Row, sender: Sender) -> Mapping[str, object]:
    """What delivery itself sees to in every message (`wrapping`), so that no caller has to promise it."""
    shown = sender.sms_name if row.channel == Channel.SMS else sender.mail_address and (row.urgent or sender.imprint)
    return {
        "sender_shown": bool(shown),
        "stop_offered": not row.urgent,
        "labeled_advert": row.purpose_kind is PurposeKind.MARKETING,
    }


def contacting(context: AccessContext, row: Row) -> AbstractContextManager[None]:
    """Hold what a withdrawal, objection or suppression of this contact has to wait for. The transport bounds it."""
    return clearance.contacting(context, customer_id=row.customer_id, value_id=row.value_id)
