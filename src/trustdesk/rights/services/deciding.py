"""Deciding for the company: planned, approved and done, or refused for a ground of law."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError
from trustdesk.mandates.api import processor_of, request_context
from trustdesk.rights import content
from trustdesk.rights.contracts import GROUNDS, LAW, Channel, Ground, Happening, Kind, RequestView, State
from trustdesk.rights.fulfilment import Fulfilment, ToFulfil, fulfilments
from trustdesk.rights.models import Request
from trustdesk.rights.selectors import view
from trustdesk.rights.services import letters
from trustdesk.rights.services.closing import close, finish_held
from trustdesk.rights.services.held import hold, move
from trustdesk.rights.states import after


def plan(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """Draw what it would do (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        row = hold(context, request_id)
        after(Kind(row.kind), State(row.state), Happening.PLANNED)  # before anything is asked of others
        means = _means(row)
        if means.plan is None:
            raise _unable(row)
        row.work_id = means.plan(request_context(context), _to_fulfil(context, row), now)
        move(context, row, Happening.PLANNED, now=now)


def approve(context: AccessContext, *, request_id: int, now: datetime) -> RequestView:
    """The company says yes (see `rights.api`)."""
    context.check_operation("request:approve")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row = hold(context, request_id)
        after(Kind(row.kind), State(row.state), Happening.APPROVED)
        means = _means(row)
        one = _to_fulfil(context, row)
        row.approved_at, row.approved_by = now, context.operator_id or None
        row.approved_mandate = context.mandate_id
        row.delegated = processor_of(context) is not None
        move(context, row, Happening.APPROVED, now=now, code="delegated" if row.delegated else "")
        move(context, row, Happening.BEGUN, now=now)
        if means.before:
            letters.write(context, row, letters.Letter(means.before), now=now)
        if means.fulfil(request_context(context), one, now):
            finish_held(context, hold(context, row.id), now=now)
        return view(hold(context, row.id), now=now)


def refuse(context: AccessContext, *, request_id: int, ground: Ground, reason: str, now: datetime) -> None:
    """No, for a ground of law (see `rights.api`)."""
    context.check_operation("request:approve")
    if not reason.strip():
        raise BadInputError(
            _("A refusal needs its reason (GDPR Art. 12(4))."), place="reason", mend=_("Write what the person is told.")
        )
    letters.prepare(context, now=now)
    law, kinds = GROUNDS[ground]
    with scoped(context.scope):
        row = hold(context, request_id)
        if Kind(row.kind) not in kinds:
            raise BadInputError(
                _("This ground does not fit the right that is exercised."),
                place="ground",
                mend=_("Choose another ground."),
            )
        row.refused = ground
        close(row, now=now)
        move(context, row, Happening.REFUSED, now=now, code=ground, detail=reason.strip())
        letters.write(context, row, letters.Letter.REFUSED, now=now, more={"reason": reason.strip(), "law": law})


def _means(row: Request) -> Fulfilment:
    """Who can do it. RefusedError where nobody here can: nothing is promised that is not done."""
    try:
        return fulfilments.get(row.kind)
    except KeyError:
        raise _unable(row) from None


def _unable(row: Request) -> RefusedError:
    return RefusedError(
        _("This installation can't fulfil this right by itself yet."),
        place=LAW[Kind(row.kind)],
        mend=_("Do it by hand, or bring the installation up to date."),
    )


def _to_fulfil(context: AccessContext, row: Request) -> ToFulfil:
    if row.customer_id is None:
        raise ConflictError(
            _("The customer was erased meanwhile."), place="customer", mend=_("There is nothing left to do.")
        )
    told = content.open_told(context, row, what="rights.fulfil")
    return ToFulfil(
        request_id=row.id,
        reference=row.reference,
        kind=Kind(row.kind),
        customer_id=row.customer_id,
        channel=Channel(row.channel),
        language=row.language,
        wish=told.wish,
        work_id=row.work_id,
    )
