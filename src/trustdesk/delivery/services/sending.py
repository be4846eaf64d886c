"""Messages put into the outbox, inside the caller's transaction: they leave when it commits, or never."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from trustdesk.clearance.api import purpose as purpose_of
from trustdesk.decision.api import ABOUT
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import NOT_URGENT, Happening, NewMessage, State
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.delivery.services import rows
from trustdesk.delivery.services.senders import sender_of
from trustdesk.delivery.services.templates import template_of
from trustdesk.delivery.services.waking import wake
from trustdesk.delivery.wording import filled
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import sealed_values
from trustdesk.register.contracts import ValueKind
from trustdesk.seal.api import derive, mac
from trustdesk.vault.api import Sealer

_LONGEST_WAIT = timedelta(days=3)
_POINTS = {Channel.EMAIL: ValueKind.EMAIL, Channel.SMS: ValueKind.PHONE}
_EARLIER = "SELECT id FROM delivery_message WHERE controller_id = %s AND key_digest = %s"
_INSERT = """
INSERT INTO delivery_message
  (controller_id, id, channel, customer_id, value_id, purpose, purpose_kind, about, urgent, template, language, sealed,
   key_digest, state, reason, status, attempt, next_at, not_after, queued_at, changed_at, operator_id, mandate_id,
   access_purpose, campaign_id, former)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'queued', '', '', 0, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


def send_mail(context: AccessContext, *, message: NewMessage, now: datetime) -> int:
    """Put a mail into the outbox; its id. It leaves after the caller's transaction commits, if the gate permits it
    then.

    The address stays sealed until the moment of sending; the text is sealed with it. What the law demands to be sent is
    decided at the gate like everything else. The key of a message that is in the outbox already gives that message's
    id.

    Needs `customer:contact` and `customer:open` (a contact ends the period of GDPR Art. 14(3)(b)). NotFoundError for a
    customer, value, purpose or template that is not there; BadInputError where parameters are missing or strange, or
    where nobody has said yet as whom the company writes.
    """
    if not sender_of(context).mail_address:
        raise _no_sender()
    return _send(context, Channel.EMAIL, message, now)


def send_sms(context: AccessContext, *, message: NewMessage, now: datetime) -> int:
    """Put an SMS into the outbox; its id. As `send_mail`, with one of the customer's phone numbers."""
    if not sender_of(context).sms_name:
        raise _no_sender()
    return _send(context, Channel.SMS, message, now)


def _no_sender() -> BadInputError:
    return BadInputError(
        _("Nobody has said yet as whom this company writes."), place="sender", mend=_("Set it in the console.")
    )


def _send(context: AccessContext, channel: Channel, message: NewMessage, now: datetime) -> int:
    context.check_operation("customer:contact")
    context.check_operation("customer:open")
    _check_about(message.about)
    digest = key_digest(context, channel, message.key)
    with scoped(context.scope):
        earlier = _earlier(context, digest)
        if earlier is not None:
            return earlier
        subject, text = filled(template_of(context, channel, message.template, message.language), message.parameters)
        kind = purpose_of(context, message.purpose).kind
        urgent = kind not in NOT_URGENT
        found = sealed_values(context, message.customer_id, [message.value_id], former=message.former)
        if not found or found[0].kind is not _POINTS[channel]:
            raise NotFoundError(
                _("The customer has no such contact point."), place="value", mend=_("Open the card again.")
            )
        identifier = new_id()
        with Sealer(context) as sealer:
            said = json.dumps([subject, text], ensure_ascii=False)
            box = sealer.seal(message.customer_id, SERVICE, message_place(identifier), said)
        values: list[Any] = [
            context.controller_id,
            identifier,
            channel,
            message.customer_id,
            message.value_id,
            message.purpose,
            kind,
        ]
        values += [json.dumps(dict(message.about)), urgent, message.template, message.language, box, digest]
        values += [now, message.not_after or now + _LONGEST_WAIT, now, now]
        values += [context.operator_id, context.mandate_id, context.purpose, message.campaign_id, message.former]
        if not _insert(values):
            raise ConflictError(
                _("A message with this key was sent at this moment."), place="key", mend=_("Try again.")
            )
        _noted(context, channel, identifier, message, urgent=urgent, now=now)
    return identifier


def _check_about(about: Mapping[str, object]) -> None:
    strange = [name for name, said in about.items() if name not in ABOUT or not isinstance(said, ABOUT[name].kind)]
    if strange:
        raise BadInputError(_("The rules know no such fact of the undertaking."), place=", ".join(sorted(strange)))


def _noted(
    context: AccessContext, channel: Channel, identifier: int, message: NewMessage, *, urgent: bool, now: datetime
) -> None:
    because = rows.Because(happening=Happening.QUEUED, operator_id=context.operator_id)
    rows.note(context, identifier, None, State.QUEUED, because, attempt=0, now=now)
    context.journal.deed(
        context,
        "delivery.queued",
        subjects=[message.customer_id],
        detail={
            "message": identifier,
            "channel": channel,
            "purpose": message.purpose,
            "template": message.template,
        },
    )
    transaction.on_commit(lambda: wake(context.controller_id, channel, urgent=urgent), robust=True)


def _insert(values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return bool(cursor.rowcount)


def key_digest(context: AccessContext, use: str, key: str) -> bytes:
    """What is kept of a caller's key: callers put addresses into keys."""
    if not key.strip():
        raise BadInputError(_("A message needs a key by which it is known again."), place="key")
    secret = derive(bytes.fromhex(settings.SECRET_KEY), "trustdesk delivery key")
    return mac(secret, f"{context.controller_id}|{use}|{key}".encode())


def _earlier(context: AccessContext, digest: bytes) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [context.controller_id, digest])
        row = cursor.fetchone()
    return int(row[0]) if row else None
