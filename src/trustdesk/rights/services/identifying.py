"""Finding out who asks, in proportion to what is asked for (GDPR Art. 12(6), 11(2))."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.api import shared_points
from trustdesk.identity.api import visiting
from trustdesk.identity.contracts import Visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError
from trustdesk.mandates.api import request_context
from trustdesk.register.api import proving_points
from trustdesk.register.contracts import ProvingPoint, ValueKind
from trustdesk.rights.contracts import ProofKind
from trustdesk.rights.models import Request
from trustdesk.rights.rows import no_request
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import hold
from trustdesk.rights.services.proof import ask, prove, unprove


def ask_identity(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """Ask the person who they are (see `rights.api`)."""
    context.check_operation("request:take")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        ask(context, hold(context, request_id), now=now)


def proving(context: AccessContext, *, request_id: int, now: datetime) -> Sequence[tuple[int, str]]:
    """The contact points that prove who asks (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        row = hold(context, request_id)
        return [(point.value_id, point.kind.value) for point in points_of(context, row, now=now)]


def identify(
    context: AccessContext, *, request_id: int, kind: ProofKind, value_id: int | None = None, now: datetime
) -> None:
    """Somebody here vouches for who asks (see `rights.api`)."""
    context.check_operation("request:work" if kind is ProofKind.DOCUMENT else "request:take")
    if kind not in {ProofKind.CALLED_BACK, ProofKind.DOCUMENT} or not context.operator_id:
        raise BadInputError(
            _("No person can vouch for that."),
            place="kind",
            mend=_("Call back a number on file, or see a document."),
        )
    with scoped(context.scope):
        row = hold(context, request_id)
        check_supposed(row)
        if kind is ProofKind.CALLED_BACK:
            check_point(context, row, value_id, ValueKind.PHONE, now=now)
        prove(context, row, kind, now=now)


def identify_in_visit(visit: Visit, *, request_id: int, now: datetime) -> None:
    """The customer confirms in the portal that a request is theirs (see `rights.api`)."""
    context = visiting(visit, now=now)
    with scoped(context.scope):
        row = own_of(context, visit, request_id)
        if not any(point.value_id == visit.value_id for point in proving_points(context, visit.customer_id, now=now)):
            raise proves_nothing()
        prove(context, row, ProofKind.PORTAL, now=now)


def doubt(context: AccessContext, *, request_id: int, reason: str, now: datetime) -> None:
    """The proof is not believed any more (see `rights.api`)."""
    context.check_operation("request:work")
    if not reason.strip():
        raise BadInputError(_("A doubt needs a reason."), place="reason", mend=_("Say why in a few words."))
    with scoped(context.scope):
        unprove(context, hold(context, request_id), reason=reason.strip(), now=now)


def own_of(context: AccessContext, visit: Visit, request_id: int) -> Request:
    """The request, locked; NotFoundError where it does not name the customer of the visit."""
    row = hold(context, request_id)
    if row.customer_id != visit.customer_id:
        raise no_request()
    return row


def points_of(context: AccessContext, row: Request, *, now: datetime) -> Sequence[ProvingPoint]:
    """Those of the supposed customer that prove who asks and that no other customer has: whoever shares a telephone
    could pass for the other. Inside the scope.
    """
    if row.customer_id is None:
        return ()
    house = request_context(context)
    points = proving_points(house, row.customer_id, now=now)
    shared = shared_points(house, customer_id=row.customer_id, value_ids=[point.value_id for point in points])
    return [point for point in points if point.value_id not in shared]


def check_point(
    context: AccessContext, row: Request, value_id: int | None, kind: ValueKind | None, *, now: datetime
) -> ProvingPoint:
    """The contact point. RefusedError where it proves nothing of whose request this may be."""
    for point in points_of(context, row, now=now):
        if point.value_id == value_id and kind in {None, point.kind}:
            return point
    raise proves_nothing()


def check_supposed(row: Request) -> int:
    """Whose it may be. ConflictError where it is not known whose request it may be."""
    if row.customer_id is None:
        raise ConflictError(
            _("It is not known whose request it may be."), place="customer", mend=_("Find the customer first.")
        )
    return row.customer_id


def proves_nothing() -> RefusedError:
    return RefusedError(
        _("This contact point proves nothing: it is shared, contested, or on file for less than thirty days."),
        place="contact point",
        mend=_("Take one that has stood for longer, or have a document shown."),
    )
