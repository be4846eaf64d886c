"""The letter with the link: to a contact point that has long been on file, through `delivery` and its gate.

The link names a copy and opens a page that says what it is. What is in it is handed to nobody on its strength: whoever
follows it proves anew who they are (`handing`).
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.copies import selectors
from trustdesk.copies.contracts import CopyView, State
from trustdesk.copies.models import Copy
from trustdesk.delivery.api import send_mail, send_sms
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.api import RIGHTS, ensure_purposes
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.mandates.api import controller, customer_context
from trustdesk.register.api import proving_points
from trustdesk.register.contracts import ProvingPoint, ValueKind

NOT_SENT = "not-sent"
_TOKEN = re.compile(r"([0-9A-Za-z]{13})-([0-9A-Za-z_-]{43})\Z")
_WAYS = {ValueKind.EMAIL: send_mail, ValueKind.PHONE: send_sms}


def send(context: AccessContext, *, copy_id: int, now: datetime) -> int:
    """Send the link to a copy that is ready (see `copies.api`)."""
    context.check_operation("copy:make")
    ensure_purposes(context.controller_id, now=now)
    house = customer_context(context.controller_id, visit=f"copy-{to_public(copy_id)}", now=now)
    with scoped(context.scope):
        row = selectors.found(context, copy_id)
    if row.state != State.READY or row.expires_at is None or row.expires_at <= now:
        raise ConflictError(
            _("This copy is not ready to be sent."), place="copy", mend=_("Wait until it is made, or make a new one.")
        )
    point = next((one for one in proving_points(house, row.customer_id, now=now) if one.kind in _WAYS), None)
    if point is None:
        raise ConflictError(
            _("No address of this customer has stood unchanged for thirty days."),
            place="contact point",
            mend=_("Find out in another way who asks, and hand the copy over yourself."),
        )
    secret = secrets.token_urlsafe(32)
    with scoped(house.scope):
        message_id = _WAYS[point.kind](house, message=_letter(row, point, secret, now), now=now)
    with scoped(context.scope):
        row = selectors.found(context, copy_id, held=True)
        if row.state != State.READY:
            raise ConflictError(_("This copy was ended meanwhile."), place="copy")
        row.link_digest, row.message_id, row.sent_at, row.reason = _digest(secret), message_id, now, ""
        row.save(update_fields=["link_digest", "message_id", "sent_at", "reason"])
        detail: dict[str, object] = {"copy": row.id, "message": message_id}
        context.journal.deed(context, "copy.sent", subjects=[row.customer_id], detail=detail)
    return message_id


def send_if_ordered(context: AccessContext, *, copy_id: int, now: datetime) -> None:
    """Where the letter was ordered with the copy; what keeps it from going stands in the row."""
    with scoped(context.scope):
        row = Copy.objects.filter(controller_id=context.controller_id, id=copy_id, state=State.READY).first()
    if row is None or not row.to_send:
        return
    try:
        send(context, copy_id=copy_id, now=now)
    except (ConflictError, RefusedError):
        with scoped(context.scope):
            Copy.objects.filter(controller_id=context.controller_id, id=copy_id).update(reason=NOT_SENT)


def by_link(controller_id: int, *, token: str, now: datetime) -> CopyView:
    """What a link names (see `copies.api`)."""
    match = _TOKEN.match(token)
    try:
        copy_id = from_public(match[1]) if match else 0
    except ValueError:
        copy_id = 0
    context = customer_context(controller_id, visit=f"copy-{to_public(copy_id)}", now=now)
    with scoped(context.scope):
        rows = Copy.objects.filter(
            controller_id=controller_id, id=copy_id, state=State.READY, expires_at__gt=now, link_digest__isnull=False
        )
        row = rows.first()
    if match is None or row is None or not hmac.compare_digest(bytes(row.link_digest or b""), _digest(match[2])):
        raise NotFoundError(
            _("This link opens nothing."),
            place="link",
            mend=_("Its days may be over, or a newer one was sent. Ask us for a new copy."),
        )
    return selectors.view(row)


def _letter(row: Copy, point: ProvingPoint, secret: str, now: datetime) -> NewMessage:
    company = controller(row.controller_id)
    until = row.expires_at or now
    return NewMessage(
        customer_id=row.customer_id,
        value_id=point.value_id,
        purpose=RIGHTS,
        template="data-copy",
        language=row.language,
        parameters={
            "company": company.name,
            "link": f"{settings.TRUSTDESK_ADDRESS}/my/{company.id}/data-copies/{to_public(row.id)}-{secret}/",
            "days": str(max(1, (until - now).days)),
        },
        key=f"data-copy|{to_public(row.id)}|{hashlib.sha256(secret.encode()).hexdigest()[:16]}",
        not_after=until,
    )


def _digest(secret: str) -> bytes:
    """Of 256 random bits a plain digest is as good as a slow one: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
