"""Access contexts: the only place where they are made."""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from trustdesk.accounts.api import CUSTOMER_OPERATIONS, FEED_OPERATIONS, REQUEST_OPERATIONS, ROLES, is_active
from trustdesk.audit.api import installation_deed, journal
from trustdesk.isolation.api import scoped, sign_scope
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError, TrustdeskError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.mandates import scopes
from trustdesk.mandates.contracts import PURPOSES, Choice
from trustdesk.mandates.models import ApiToken, Controller, Mandate, Processor, Seat
from trustdesk.mandates.selectors import controller_view

REQUEST = timedelta(minutes=10)
CHUNK = timedelta(minutes=15)
TOKEN_PREFIX = "tdk"  # noqa: S105  # what a leaked token is recognised by
_TOKEN_PARTS = 4
_REQUESTS = frozenset({"request:take", "request:work", "request:approve"})
_CORRECTIONS = frozenset({"customer:correct", "feed:work", "update:undo"})


class TokenRefusedError(TrustdeskError):
    """The token opens nothing; it is not said which of the reasons it is (RFC 6750 section 3.1, invalid_token)."""

    code = "invalid-token"
    status = 401


def choices(operator_id: int, session_id: str, *, now: datetime) -> list[Choice]:
    """The companies, mandates and purposes the operator may choose now, by company name."""
    with scoped(scopes.choosing(operator_id, session_id, now=now)):
        held = [(seat, mandate) for seat, mandate in _living(operator_id, now=now)]
    companies = Controller.objects.in_bulk({seat.controller_id for seat, _mandate in held})
    processors = dict(Processor.objects.values_list("id", "name"))
    found = [
        Choice(
            controller=controller_view(companies[seat.controller_id]),
            mandate_id=mandate.id,
            processor_name=processors.get(mandate.processor_id) if mandate.processor_id else None,
            role=seat.role,
            purposes=tuple(purpose for purpose in seat.purposes if purpose in mandate.purposes),
            operations=_operations(seat, mandate),
        )
        for seat, mandate in held
    ]
    return sorted(found, key=lambda choice: (choice.controller.name, choice.mandate_id))


def enter(
    operator_id: int, session_id: str, *, controller_id: int, mandate_id: int, purpose: str, now: datetime
) -> AccessContext:
    """The context of one request, for at most ten minutes. Asked anew for every request, so an end is felt at once.

    RefusedError, logged, where the operator is disabled, holds no living seat there, the mandate is not alive, or the
    purpose is not one of both seat and mandate.
    """
    found: tuple[Seat, Mandate] | None = None
    if is_active(operator_id):
        with scoped(scopes.choosing(operator_id, session_id, now=now)):
            found = next(iter(_living(operator_id, now=now, under=(controller_id, mandate_id))), None)
    if found is None or purpose not in found[0].purposes or purpose not in found[1].purposes:
        installation_deed(
            operator_id, "mandate.refused", {"controller": controller_id, "mandate": mandate_id, "purpose": purpose}
        )
        raise RefusedError(
            _("You have no seat for this company and purpose."),
            place="mandate",
            mend=_("Choose another company or purpose, or ask your supervisor for a seat."),
        )
    seat, mandate = found
    return _context(
        mandate,
        operator_id=operator_id,
        session_id=session_id,
        purpose=purpose,
        operations=_operations(seat, mandate),
        expires_at=_earliest(now + REQUEST, seat.ends_at, mandate.ends_at),
    )


def choose(
    operator_id: int, session_id: str, *, controller_id: int, mandate_id: int, purpose: str, now: datetime
) -> AccessContext:
    """As `enter`, with a deed in the controller's log: the operator sat down at this company's desk."""
    context = enter(
        operator_id, session_id, controller_id=controller_id, mandate_id=mandate_id, purpose=purpose, now=now
    )
    with scoped(context.scope):
        context.journal.deed(context, "mandate.entered", detail={"purpose": purpose})
    return context


def system_context(
    controller_id: int, *, purpose: str, now: datetime, on_behalf_of: int, mandate_id: int | None = None
) -> AccessContext:
    """The context of a job's chunk, for at most fifteen minutes.

    `on_behalf_of` is the operator whose act it carries out (0: the machine's own command line). Without `mandate_id`
    it stands on the controller's own mandate; with it, on that mandate, and ends when that ends. RefusedError where
    the mandate is not alive or does not cover the purpose.
    """
    with scoped(scopes.administering(controller_id, on_behalf_of, now=now)):
        rows = Mandate.objects.filter(_alive(now), controller_id=controller_id)
        rows = rows.filter(id=mandate_id) if mandate_id is not None else rows.filter(processor=None)
        mandate = rows.order_by("starts_at", "id").first()
    if mandate is None or purpose not in mandate.purposes:
        raise RefusedError(
            _("No living mandate of this company covers this purpose."),
            place="mandate",
            mend=_("Begin a mandate that covers it, or stop the job."),
        )
    return _context(
        mandate,
        operator_id=on_behalf_of,
        session_id="system",
        purpose=purpose,
        operations=frozenset(mandate.operations),
        expires_at=_earliest(now + CHUNK, mandate.ends_at),
    )


def customer_context(controller_id: int, *, visit: str, now: datetime) -> AccessContext:
    """The context of customers' own acts on their own data, for at most ten minutes: under the company's own mandate,
    for compliance (GDPR Art. 12(2)), with the few operations such acts need. `visit` names the visit in the log.

    RefusedError where the company has no living mandate of its own.
    """
    context = system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0)
    expires_at = _earliest(now + REQUEST, context.expires_at)
    return replace(
        context,
        session_id=f"visit:{visit}",
        operations=context.operations & CUSTOMER_OPERATIONS,
        expires_at=expires_at,
        scope=sign_scope(
            controller_id=controller_id,
            operator_id=0,
            mandate_id=context.mandate_id,
            session_id=f"visit:{visit}",
            expires_at=expires_at,
        ),
    )


def feed_context(controller_id: int, *, now: datetime) -> AccessContext:
    """The context in which the house takes what a feed delivers, for at most fifteen minutes: under the company's own
    mandate, for its records, with the few operations that this needs. RefusedError where it has no such mandate.
    """
    context = system_context(controller_id, purpose="records", now=now, on_behalf_of=0)
    return replace(context, operations=context.operations & FEED_OPERATIONS)


def reviewing_context(context: AccessContext) -> AccessContext:
    """The same context, scope and name in the log, with what the house does on its own once somebody has decided whose
    a change is. Needs `update:review`.
    """
    context.check_operation("update:review")
    return replace(context, operations=context.operations | FEED_OPERATIONS)


def request_context(context: AccessContext) -> AccessContext:
    """The same context, scope and name in the log, with what the house does on its own in the course of a request of a
    data subject: writing to the person, and doing what was approved. RefusedError for who may do nothing with requests.
    """
    if not context.operations & _REQUESTS:
        context.check_operation("request:take")
    return replace(context, operations=context.operations | REQUEST_OPERATIONS)


def correction_context(context: AccessContext) -> AccessContext:
    """The same context, scope and name in the log, with what the house does on its own once a value was corrected:
    those who hold the old one are told (GDPR Art. 19). Needs `customer:correct`, `feed:work` or `update:undo`.
    """
    if not context.operations & _CORRECTIONS:
        context.check_operation("customer:correct")
    return replace(context, operations=context.operations | REQUEST_OPERATIONS)


def processor_of(context: AccessContext) -> int | None:
    """Under whose mandate the context stands: a processor (GDPR Art. 28), or None, the company's own staff."""
    with scoped(context.scope):
        rows = Mandate.objects.filter(controller_id=context.controller_id, id=context.mandate_id)
        found: int | None = rows.values_list("processor_id", flat=True).get()
    return found


def context_for_token(secret: str, *, purpose: str, now: datetime) -> AccessContext:
    """The context of one call of another system, for at most ten minutes.

    TokenRefusedError, the same for every reason, where the token opens nothing; RefusedError for a foreign purpose.

    A token dies with its end, its mandate's end, its revocation, and with the operator responsible for it.
    """
    controller_id, token_id, key = _token_parts(secret)
    with scoped(scopes.administering(controller_id, None, now=now)):
        row = ApiToken.objects.filter(_alive(now), controller_id=controller_id, id=token_id, revoked_at=None).first()
        mandates = Mandate.objects.filter(_alive(now), controller_id=controller_id)
        mandate = mandates.filter(id=row.mandate_id).first() if row is not None else None
    if row is None or mandate is None or not hmac.compare_digest(bytes(row.digest), token_digest(key)):
        raise _token_refused()
    if not is_active(row.responsible_operator_id):
        raise _token_refused()
    if purpose not in row.purposes or purpose not in mandate.purposes or purpose not in PURPOSES:
        raise RefusedError(
            _("The token is not for this purpose."), place="purpose", mend=", ".join(sorted(row.purposes))
        )
    return _context(
        mandate,
        operator_id=row.responsible_operator_id,
        session_id=f"token:{to_public(row.id)}",
        purpose=purpose,
        operations=frozenset(row.operations) & frozenset(mandate.operations),
        expires_at=_earliest(now + REQUEST, row.ends_at, mandate.ends_at),
    )


def token_digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _token_parts(secret: str) -> tuple[int, int, str]:
    parts = secret.split("_", _TOKEN_PARTS - 1)
    if len(parts) != _TOKEN_PARTS or parts[0] != TOKEN_PREFIX or not parts[1].isdecimal():
        raise _token_refused()
    try:
        controller_id, token_id = int(parts[1]), from_public(parts[2])
    except ValueError:
        raise _token_refused() from None
    if not 0 < controller_id < 2**31:
        raise _token_refused()
    return controller_id, token_id, parts[3]


def _token_refused() -> TokenRefusedError:
    return TokenRefusedError(_("The token opens nothing."), place="token", mend=_("Ask for a new token."))


def _living(operator_id: int, *, now: datetime, under: tuple[int, int] | None = None) -> list[tuple[Seat, Mandate]]:
    seats = Seat.objects.filter(_alive(now), operator_id=operator_id)
    if under is not None:
        seats = seats.filter(controller_id=under[0], mandate_id=under[1])
    held = list(seats.order_by("controller_id", "id"))
    mandates = {
        (mandate.controller_id, mandate.id): mandate
        for mandate in Mandate.objects.filter(_alive(now), id__in={seat.mandate_id for seat in held})
    }
    pairs = ((seat, mandates.get((seat.controller_id, seat.mandate_id))) for seat in held)
    return [(seat, mandate) for seat, mandate in pairs if mandate is not None]


def _alive(now: datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))


def _operations(seat: Seat, mandate: Mandate) -> frozenset[str]:
    return ROLES.get(seat.role, frozenset()) & frozenset(mandate.operations)


def _earliest(first: datetime, *others: datetime | None) -> datetime:
    return min([first, *(other for other in others if other is not None)])


def _context(
    mandate: Mandate,
    *,
    operator_id: int,
    session_id: str,
    purpose: str,
    operations: frozenset[str],
    expires_at: datetime,
) -> AccessContext:
    scope = sign_scope(
        controller_id=mandate.controller_id,
        operator_id=operator_id,
        mandate_id=mandate.id,
        session_id=session_id,
        expires_at=expires_at,
    )
    return AccessContext(
        operator_id=operator_id,
        session_id=session_id,
        controller_id=mandate.controller_id,
        mandate_id=mandate.id,
        purpose=purpose,
        categories=frozenset(mandate.categories),
        operations=operations,
        expires_at=expires_at,
        scope=scope,
        journal=journal(),
    )
