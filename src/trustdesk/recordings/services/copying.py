"""Copies for the caller (GDPR Art. 15(3)): what somebody hears or downloads who has proved to be the customer.

By the reference, during a visit; or by a link that an officer sent. Both rest on a contact point on file, and so only
on one that has stood unchanged for thirty days: whoever could change it yesterday is not let in by it today. What is
answered never says whether a reference exists. The agent's voice is part of the copy, a third party's is not.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext as _

from trustdesk.conversations.api import by_reference, line
from trustdesk.delivery.api import send_mail, send_sms
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.api import RIGHTS, VISIT_LIVES, ensure_purposes
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import from_public, new_id, to_public
from trustdesk.mandates.api import controller, customer_context
from trustdesk.recordings.contracts import LINK_LIVES, THIRD, CopyView, Listening
from trustdesk.recordings.models import Copy, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services import listening
from trustdesk.recordings.services.restricting import check_sending
from trustdesk.register.api import proves, proving_points
from trustdesk.register.contracts import ValueKind

_TOKEN = re.compile(r"([0-9A-Za-z]{13})-([0-9A-Za-z_-]{43})\Z")
_WAYS = {ValueKind.EMAIL: send_mail, ValueKind.PHONE: send_sms}


def own_copy(
    context: AccessContext, *, customer_id: int, value_id: int, digits: str, asker: str, now: datetime
) -> Listening:
    """The customer's own recordings behind a reference (see `recordings.api`)."""
    if not proves(context, customer_id=customer_id, value_id=value_id, now=now):
        raise RefusedError(
            _("The address by which you came in is on file for less than thirty days."),
            place="contact point",
            mend=_("Come in by one that we have known for longer, or ask us for the copy."),
        )
    conversation_id = by_reference(context, digits=digits, asker=asker, now=now)
    rows = _of(context, conversation_id, customer_id) if conversation_id is not None else []
    if conversation_id is not None and not rows:
        # Another's reference is a miss as well: else it would be known by never being stopped.
        by_reference(context, digits="", asker=asker, now=now)
    return _begin(context, rows, customer_id, now=now)


def copy_days(context: AccessContext, *, customer_id: int) -> int | None:
    """Within how many days the customer can have a copy (see `recordings.api`)."""
    context.check_operation("customer:open")
    own = together(context, [customer_id]).ids
    with scoped(context.scope):
        rows = Recording.objects.filter(controller_id=context.controller_id, customer_id__in=own)
        shortest: int | None = rows.aggregate(days=Min("copy_days"))["days"]
    return shortest


def send_copy(context: AccessContext, *, conversation_id: int, now: datetime) -> int:
    """Send the customer a link to a copy (see `recordings.api`)."""
    context.check_operation("recording:export")
    customer_id = _customer(context, conversation_id)
    check_sending(context, customer_id)
    copy_id, secret = new_id(), secrets.token_urlsafe(32)
    ensure_purposes(context.controller_id, now=now)
    house = customer_context(context.controller_id, visit=f"copy-{to_public(copy_id)}", now=now)
    point = next(iter(proving_points(house, customer_id, now=now)), None)
    if point is None:
        raise ConflictError(
            _("No address of this customer has stood unchanged for thirty days."),
            place="contact point",
            mend=_("Find out in another way who asks, and take the recording out for them."),
        )
    company = controller(context.controller_id)
    message = NewMessage(
        customer_id=customer_id,
        value_id=point.value_id,
        purpose=RIGHTS,
        template="recording-copy",
        language=_language(context, conversation_id) or company.languages[0],
        parameters={
            "company": company.name,
            "link": f"{settings.TRUSTDESK_ADDRESS}/my/{company.id}/copy/{to_public(copy_id)}-{secret}/",
            "days": str(LINK_LIVES.days),
        },
        key=f"recording-copy|{to_public(copy_id)}",
        not_after=now + LINK_LIVES,
    )
    with scoped(house.scope):
        message_id = _WAYS[point.kind](house, message=message, now=now)
        Copy.objects.create(
            controller_id=context.controller_id,
            id=copy_id,
            conversation_id=conversation_id,
            customer_id=customer_id,
            digest=_digest(secret),
            message_id=message_id,
            sent_at=now,
            sent_by=context.operator_id,
            expires_at=now + LINK_LIVES,
        )
        context.journal.deed(
            context,
            "recording.copy-sent",
            subjects=[customer_id],
            detail={"conversation": conversation_id, "copy": copy_id, "message": message_id},
        )
    return message_id


def copy_by_link(controller_id: int, *, token: str, now: datetime) -> tuple[AccessContext, CopyView]:
    """What a link opens, and the context of who holds it (see `recordings.api`)."""
    match = _TOKEN.match(token)
    try:
        copy_id = from_public(match[1]) if match else 0
    except ValueError:
        copy_id = 0
    context = customer_context(controller_id, visit=f"copy-{to_public(copy_id)}", now=now)
    with scoped(context.scope):
        row = Copy.objects.filter(controller_id=controller_id, id=copy_id, expires_at__gt=now).first()
    if match is None or row is None or not hmac.compare_digest(bytes(row.digest), _digest(match[2])):
        raise NotFoundError(
            _("This link opens nothing."),
            place="link",
            mend=_("A link to a copy works for seven days. Ask us for a new one."),
        )
    return context, CopyView(
        copy_id=row.id,
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        expires_at=row.expires_at,
    )


def play_copy(context: AccessContext, *, copy: CopyView, now: datetime) -> Listening:
    """The recordings behind a link that was sent (see `recordings.api`)."""
    rows = _of(context, copy.conversation_id, copy.customer_id)
    return _begin(context, rows, copy.customer_id, now=now)


def _begin(context: AccessContext, rows: Sequence[Recording], customer_id: int, *, now: datetime) -> Listening:
    return listening.begin(context, rows, purpose=listening.COPY, lives=VISIT_LIVES, customer_id=customer_id, now=now)


def _of(context: AccessContext, conversation_id: int, customer_id: int) -> list[Recording]:
    return listening.own_of(context, listening.rows_of(context, conversation_id), customer_id)


def _customer(context: AccessContext, conversation_id: int) -> int:
    rows = listening.rows_of(context, conversation_id)
    known = {row.customer_id for row in rows if row.customer_id is not None and row.role != THIRD}
    if not rows:
        raise listening.nothing()
    if len(known) != 1:
        raise ConflictError(
            _("It is not known whose conversation this was."),
            place="customer",
            mend=_("Identify the customer in the conversation first."),
        )
    return known.pop()


def _language(context: AccessContext, conversation_id: int) -> str:
    """In which it was held; nothing where the conversation is forgotten and its recording kept."""
    try:
        return line(context, conversation_id).language
    except NotFoundError:
        return ""


def _digest(secret: str) -> bytes:
    """Of 256 random bits a plain digest is as good as a slow one: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
