"""How a customer stands to the company: informed (GDPR Art. 13, 14), in a relationship with it, or no more."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from ninja import Query, Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.cursors import cursor, position
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import Instant, Limit, Page, PathId, identifier
from trustdesk.api.schemas.customers import CustomerReceipt, NoticeForm
from trustdesk.api.schemas.standing import NoticeDueShown, StandingForm
from trustdesk.kernel.clock import now
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register

router = Router(tags=["standing"])
_ADDRESS = "/api/v1/customers/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)
# Nobody's clock runs longer than a month (Art. 14(3)(a)): so all that run are shown.
_A_MONTH = timedelta(days=32)


@router.get("/notices/due", response=Page[NoticeDueShown], operation_id="list_notices_due")
@reads("inventory:read")
def due(
    request: CallingRequest,
    before: Instant | None = None,
    cursor_text: Annotated[str, Query(alias="cursor")] = "",
    limit: Limit = 50,
) -> Page[NoticeDueShown]:
    """Whom the Art. 14 information must reach before the instant (by default: all whose clock runs), the most urgent
    first. Opens nothing.
    """
    context = request.auth
    start = position(context, "notices-due", cursor_text)
    found = register.notices_due(
        context,
        before=before or now() + _A_MONTH,
        after=(_EPOCH + _STEP * start[0], start[1]) if start else None,
        limit=limit,
    )
    following = None
    if len(found) == limit:
        last = found[-1]
        following = cursor(context, "notices-due", [(last.due_at - _EPOCH) // _STEP, last.customer_id])
    return Page[NoticeDueShown](items=[NoticeDueShown.of(one) for one in found], next=following)


@router.post("/customers/{customer_id}/notices", response={201: CustomerReceipt}, operation_id="record_notice")
@writes("customer:correct")
def notice(request: CallingRequest, customer_id: PathId, form: NoticeForm) -> Written:
    """Record that the customer was given the information of GDPR Art. 13 or 14, in which version: the clock stops."""
    customer = identifier(customer_id)
    register.give_notice(request.auth, customer_id=customer, notice=form.read(), now=now())
    return Written(201, CustomerReceipt(customer_id=customer), _ADDRESS + to_public(customer))


@router.post("/customers/{customer_id}/relationship", response={200: CustomerReceipt}, operation_id="set_relationship")
@writes("customer:correct")
def stand(request: CallingRequest, customer_id: PathId, form: StandingForm) -> Written:
    """Start a relationship or change it: what is sent replaces what was there; a language not sent stays."""
    customer = identifier(customer_id)
    register.set_relationship(
        request.auth, customer_id=customer, relationship=form.read(), language=form.language, now=now()
    )
    return Written(200, CustomerReceipt(customer_id=customer))


@router.delete(
    "/customers/{customer_id}/relationship", response={200: CustomerReceipt}, operation_id="end_relationship"
)
@writes("customer:correct")
def part(request: CallingRequest, customer_id: PathId) -> Written:
    """End a relationship: no customer from now on, of no product group. When the last sale was stays known."""
    customer = identifier(customer_id)
    register.end_relationship(request.auth, customer_id=customer, now=now())
    return Written(200, CustomerReceipt(customer_id=customer))
