"""Art. 15 and 20: a copy made by `copies`, and sent there with its link; the request is done when that letter is, of a
copy in which nothing is missing.
"""

from datetime import datetime

from trustdesk.copies import api as copies
from trustdesk.copies.contracts import Kind as CopyKind
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import request_context
from trustdesk.rights.contracts import Kind, State
from trustdesk.rights.fulfilment import Fulfilment, ToFulfil
from trustdesk.rights.models import Request
from trustdesk.rights.services.closing import finish_held
from trustdesk.rights.services.held import hold

_KINDS = {Kind.ACCESS: CopyKind.ACCESS, Kind.PORTABILITY: CopyKind.PORTABILITY}


def fulfil(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Order the copy; the letter with its link goes as soon as it is ready."""
    copies.make(context, customer_id=one.customer_id, kind=_KINDS[one.kind], language=one.language, send=True, now=now)
    return False


COPY = Fulfilment(fulfil)


def follow(context: AccessContext, *, now: datetime) -> int:
    """Finish the requests whose copy was sent since they were approved; how many. Inside the scope."""
    done = 0
    rows = Request.objects.filter(
        controller_id=context.controller_id, kind__in=list(_KINDS), state=State.RUNNING, customer_id__isnull=False
    )
    for row in list(rows.order_by("id")):
        found = copies.of_customer(request_context(context), row.customer_id or 0)
        since = row.approved_at or now
        if any(
            one.kind is _KINDS[Kind(row.kind)] and one.sent_at is not None and one.sent_at >= since and not one.missing
            for one in found
        ):
            finish_held(context, hold(context, row.id), now=now, code="copy")
            done += 1
    return done
