"""Codes to a contact point on file. Six digits can be guessed: so a code lives for minutes and five tries, and a
customer gets three an hour, whoever asks for them.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.identity.contracts import ProofRefusedError
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ThrottledError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import confirm_arrival
from trustdesk.rights.contracts import CODE_DIGITS, CODE_LIVES, Happening, ProofKind
from trustdesk.rights.models import Code, Request
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import hold, move
from trustdesk.rights.services.identifying import check_point, check_supposed
from trustdesk.rights.services.proof import prove, stop
from trustdesk.seal.api import derive, mac

MOST_TRIES = 5
MOST_AN_HOUR = 3
_HOUR = timedelta(hours=1)


def send_code(context: AccessContext, *, request_id: int, value_id: int, now: datetime) -> int:
    """Send a code (see `rights.api`)."""
    context.check_operation("request:take")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row = hold(context, request_id)
        customer_id = check_supposed(row)
        point = check_point(context, row, value_id, None, now=now)
        _check_pace(context, customer_id, now)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        Code.objects.filter(controller_id=context.controller_id, request_id=row.id, used_at=None).update(
            expires_at=now  # the newest alone is good
        )
        code_id = new_id()
        Code.objects.create(
            controller_id=context.controller_id,
            id=code_id,
            request_id=row.id,
            customer_id=customer_id,
            value_id=value_id,
            digest=_digest(context, code_id, code),
            sent_at=now,
            expires_at=now + CODE_LIVES,
        )
        more = {"code": code, "minutes": str(int(CODE_LIVES.total_seconds() // 60))}
        message_id = letters.send(context, row, letters.Letter.CODE, point, now=now, more=more)
        stop(row, now=now)
        move(context, row, Happening.CODE_SENT, now=now, code=point.kind.value)
    return message_id


def check_code(context: AccessContext, *, request_id: int, code: str, now: datetime) -> None:
    """The person says the code (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        row = hold(context, request_id)
        fits = _tried(context, row, "".join(code.split()), now)
        if fits:
            prove(context, row, ProofKind.CODE, now=now)
        else:
            move(context, row, Happening.CODE_WRONG, now=now)
    if not fits:  # raised outside: the try is committed also where it fails
        raise ProofRefusedError(
            _("That is not the code that is good now."), place="code", mend=_("Try again, or have a new one sent.")
        )


def _tried(context: AccessContext, row: Request, code: str, now: datetime) -> bool:
    living = Code.objects.select_for_update().filter(
        controller_id=context.controller_id, request_id=row.id, used_at=None, expires_at__gt=now
    )
    held = living.order_by("-id").first()
    if held is None:
        return False
    held.tries += 1
    if held.tries >= MOST_TRIES:
        held.expires_at = now
    fits = held.customer_id == row.customer_id and hmac.compare_digest(
        bytes(held.digest), _digest(context, held.id, code)
    )
    if fits:
        check_point(context, row, held.value_id, None, now=now)  # it may have been changed since
        held.used_at = now
        confirm_arrival(context, customer_id=held.customer_id, value_id=held.value_id, now=now)
    held.save(update_fields=["tries", "expires_at", "used_at"])
    return fits


def _check_pace(context: AccessContext, customer_id: int, now: datetime) -> None:
    recent = Code.objects.filter(
        controller_id=context.controller_id, customer_id=customer_id, sent_at__gt=now - _HOUR
    ).order_by("-sent_at")
    held = list(recent[:MOST_AN_HOUR])
    if len(held) == MOST_AN_HOUR:
        wait = held[-1].sent_at + _HOUR - now
        raise ThrottledError(
            _("Too many codes were sent to this customer."),
            place="code",
            mend=_("Wait, or find out in another way who asks."),
            wait_seconds=max(1, int(wait.total_seconds())),
        )


def _digest(context: AccessContext, code_id: int, code: str) -> bytes:
    secret = derive(bytes.fromhex(settings.SECRET_KEY), "trustdesk rights code")
    return mac(secret, f"{context.controller_id}|{code_id}|{code}".encode())
