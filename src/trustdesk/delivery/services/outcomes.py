"""What is learnt of a message after it was handed over: by a bounce, a receipt, or somebody who found out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _
from standardwebhooks import Webhook, WebhookVerificationError

from trustdesk.clearance.api import purpose, record_objection
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.delivery import references
from trustdesk.delivery.bounces import UNSUBSCRIBE, Bounce, StopByMail, understand
from trustdesk.delivery.contracts import Happening, Stoppable
from trustdesk.delivery.references import Reference
from trustdesk.delivery.services import rows
from trustdesk.delivery.services.contexts import house
from trustdesk.delivery.services.rows import Because, Row
from trustdesk.delivery.services.wrapping import GATEWAY
from trustdesk.delivery.states import NoSuchStepError
from trustdesk.delivery.transports.faults import code
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import confirm_arrival


class Learnt(StrEnum):
    """What became of something that came back."""

    BOUNCED = "bounced"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    UNSUBSCRIBED = "unsubscribed"
    KNOWN_BEFORE = "known-before"
    NOT_OURS = "not-ours"


_ACTIONS = {"failed": Happening.RETURNED, "delivered": Happening.DELIVERED}
_LEARNT = {Happening.RETURNED: Learnt.BOUNCED, Happening.DELIVERED: Learnt.DELIVERED}
_RECEIPTS = {"message.delivered": Happening.DELIVERED, "message.undeliverable": Happening.RETURNED}


def take_back(raw: bytes, *, now: datetime) -> Learnt:
    """Understand one message to the return mailbox (RFC 3464 notification, or an unsubscription) and act on it.

    A message that names none of ours, or names one with a code that is not ours, is NOT_OURS and changes nothing.
    """
    match understand(raw):
        case StopByMail(reference):
            return Learnt.UNSUBSCRIBED if _stop(reference, by_mail=True, now=now) else Learnt.NOT_OURS
        case Bounce(reference, action, status):
            if action not in _ACTIONS:
                return Learnt.DELAYED
            return _learn(reference, Because(happening=_ACTIONS[action], reason=action, status=status), now=now)
        case None:
            return Learnt.NOT_OURS


def take_receipt(body: bytes, headers: Mapping[str, str], *, now: datetime) -> Learnt:
    """What the SMS gateway reports (docs/reference/sms.md), signed after Standard Webhooks with the secret of the
    settings.

    RefusedError where the signature is missing, wrong or older than five minutes; BadInputError where the report can't
    be read.
    """
    if not settings.TRUSTDESK_SMS_RECEIPT_SECRET:
        raise RefusedError("No secret is set for receipts.", place="sms_receipt_secret")
    try:
        said = Webhook(settings.TRUSTDESK_SMS_RECEIPT_SECRET).verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):
        raise RefusedError("The signature is not the gateway's.", place="webhook-signature") from None
    try:
        happening, name = _RECEIPTS[said["type"]], str(said["data"]["id"])
        reason = str(said["data"].get("reason", ""))
    except (KeyError, TypeError, AttributeError):
        raise BadInputError("The report can't be read.", place="body") from None
    reference = references.read(GATEWAY, name)
    if reference is None:
        return Learnt.NOT_OURS
    return _learn(reference, Because(happening=happening, reason=code(reason)), now=now)


def unsubscribe(text: str, *, now: datetime) -> bool:
    """End messages of this purpose on this channel for whoever got the message; False where the link is none of ours.

    One POST is enough (RFC 8058): no sign-in, no question. Done twice it is done once.
    """
    reference = references.read(UNSUBSCRIBE, text)
    return reference is not None and _stop(reference, by_mail=False, now=now)


def stoppable(text: str, *, now: datetime) -> Stoppable | None:
    """Whose messages a link would end, and which: what the page says before anybody stops anything. None where the
    link is none of ours. Changes nothing.
    """
    reference = references.read(UNSUBSCRIBE, text)
    if reference is None:
        return None
    try:
        context = house(reference.controller_id, now=now)
    except RefusedError:
        return None
    with scoped(context.scope):
        found = rows.fetch(rows.ONE, context.controller_id, reference.message_id)
        if not found:
            return None
        return Stoppable(
            controller_id=reference.controller_id,
            purpose=purpose(context, found[0].purpose).label,
            channel=found[0].channel,
        )


def settle(context: AccessContext, *, message_id: int, arrived: bool, now: datetime) -> None:
    """Somebody found out what became of a message of which nobody knew: it arrived, or it is to be sent again.

    Needs `delivery:manage`. ConflictError where the message is not unknown.
    """
    context.check_operation("delivery:manage")
    happening = Happening.SETTLED_AS_SENT if arrived else Happening.ORDERED_AGAIN
    with scoped(context.scope):
        row = _found(context, message_id)
        because = Because(happening=happening, operator_id=context.operator_id, next_at=None if arrived else now)
        rows.move(context, row, because, now=now)
        context.journal.deed(
            context, f"delivery.{happening}", subjects=[row.customer_id], detail={"message": message_id}
        )


def _found(context: AccessContext, message_id: int) -> Row:
    found = rows.fetch(rows.ONE, context.controller_id, message_id)
    if not found:
        raise NotFoundError(_("There is no such message."), place="message")
    return found[0]


def _learn(reference: Reference, because: Because, *, now: datetime) -> Learnt:
    try:
        context = house(reference.controller_id, now=now)
    except RefusedError:
        return Learnt.NOT_OURS
    with scoped(context.scope):
        found = rows.fetch(rows.ONE, context.controller_id, reference.message_id)
        if not found:
            return Learnt.NOT_OURS  # forgotten with its customer
        try:
            rows.move(context, found[0], because, now=now)
        except NoSuchStepError:
            return Learnt.KNOWN_BEFORE
        if because.happening is Happening.DELIVERED:
            confirm_arrival(context, customer_id=found[0].customer_id, value_id=found[0].value_id, now=now)
    return _LEARNT[because.happening]


def _stop(reference: Reference, *, by_mail: bool, now: datetime) -> bool:
    """An objection to this purpose on this channel (GDPR Art. 21(3)), by whoever holds the message."""
    try:
        context = house(reference.controller_id, now=now)
    except RefusedError:
        return False
    with scoped(context.scope):
        found = rows.fetch(rows.ONE, context.controller_id, reference.message_id)
        if not found:
            return False
        record_objection(
            context,
            customer_id=found[0].customer_id,
            scope=Scope(purpose=found[0].purpose, channel=found[0].channel),
            method=Method.REPLY if by_mail else Method.ONE_CLICK,
            now=now,
        )
    return True
