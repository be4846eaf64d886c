"""A contact point that was replaced is told so: whoever still reads there notices what somebody else has changed."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.delivery.api import send_mail, send_sms, sender_of
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.services.purposes import RIGHTS, ensure_purposes
from trustdesk.identity.services.waking import wake_alerts
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import GonePoint, StoredPoint
from trustdesk.mandates.api import controller, customer_context
from trustdesk.register.api import former_points
from trustdesk.register.contracts import ValueKind

TEMPLATE = "contact-changed"
_WRITTEN_TO = frozenset({ValueKind.EMAIL, ValueKind.PHONE})


class ChangeWatch:
    """Orders the alert in the transaction of the change, wherever that was made."""

    name = "identity.change"

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None:
        """A new contact point is told nothing: whoever gave it knows."""

    def superseded(self, context: AccessContext, points: Sequence[GonePoint]) -> None:
        told = [(point.customer_id, point.value_id) for point in points if point.kind in _WRITTEN_TO]
        if told:
            wake_alerts(context.controller_id, told)


def alert(controller_id: int, customer_id: int, value_id: int, *, now: datetime) -> bool:
    """Tell an e-mail address or a number that had stood for thirty days that it was replaced; whether it was told.

    Once, however often it is ordered. Nothing where the company does not write that way, or nobody may write there.
    """
    ensure_purposes(controller_id, now=now)
    context = customer_context(controller_id, visit=f"alert-{to_public(value_id)}", now=now)
    company = controller(controller_id)
    with scoped(context.scope):
        sender = sender_of(context)
        ways = {ValueKind.EMAIL: sender.mail_address and send_mail, ValueKind.PHONE: sender.sms_name and send_sms}
        try:
            former = former_points(context, customer_id, now=now)
            send = next((ways[point.kind] for point in former if point.value_id == value_id), None)
            if not send:
                return False
            message = NewMessage(
                customer_id=customer_id,
                value_id=value_id,
                purpose=RIGHTS,
                template=TEMPLATE,
                language=company.languages[0],
                parameters={"company": company.name},
                key=f"{TEMPLATE}|{to_public(value_id)}",
                former=True,
            )
            send(context, message=message, now=now)
        except NotFoundError:
            return False  # erased meanwhile, or restricted
    return True
