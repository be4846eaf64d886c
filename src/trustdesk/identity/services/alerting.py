"""A contact point that was replaced is told so: whoever still reads there notices what somebody else has changed.

One letter an address. Of somebody who is shown as one with another record it may be on file twice: as long as it stands
in one of them it was not replaced, and what a feed changed is told there by `updates`. When the last goes, it is told.
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.delivery.api import send_mail, send_sms, sender_of
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.services.purposes import RIGHTS, ensure_purposes
from trustdesk.identity.services.waking import wake_alerts
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import GonePoint, StoredPoint
from trustdesk.mandates.api import controller, customer_context
from trustdesk.register.api import former_points, proving_points, sealed_values
from trustdesk.register.contracts import ProvingPoint, ValueKind
from trustdesk.vault.api import open_many

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

    Once, however often it is ordered. Nothing where the company does not write that way, or nobody may write there, or
    the same address or number still stands for them or was replaced later.
    """
    ensure_purposes(controller_id, now=now)
    context = customer_context(controller_id, visit=f"alert-{to_public(value_id)}", now=now)
    company = controller(controller_id)
    with scoped(context.scope):
        sender = sender_of(context)
        ways = {ValueKind.EMAIL: sender.mail_address and send_mail, ValueKind.PHONE: sender.sms_name and send_sms}
        try:
            former = former_points(context, customer_id, now=now)
            place = next((place for place, point in enumerate(former) if point.value_id == value_id), None)
            if place is None:
                return False
            send = ways[former[place].kind]
            others = [*former[place + 1 :], *proving_points(context, customer_id, now=now)]
            if not send or _among(context, former[place], others):
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


def _among(context: AccessContext, point: ProvingPoint, others: Sequence[ProvingPoint]) -> bool:
    """Whether one of the others says the same. Opened only where there are others of its kind."""
    ids = [point.value_id, *(other.value_id for other in others if other.kind is point.kind)]
    if len(ids) == 1:
        return False
    held = sealed_values(context, point.customer_id, ids, former=True)
    found = [(value.value_id, value.box) for value in held if value.box is not None]
    if not found:
        return False  # restricted meanwhile
    opening = Opening("identity.alert", sorted({box.customer_id for _id, box in found}), [held[0].attribute])
    texts = open_many(context, opening=opening, boxes=[box for _id, box in found])
    said = {number: (text or "").casefold() for (number, _box), text in zip(found, texts, strict=True)}
    return said.get(point.value_id, "") in {said[number] for number in ids[1:] if said.get(number)}
