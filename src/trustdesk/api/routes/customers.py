"""Customers: found by a query in the body, opened one by one, changed with origin."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from ninja import Query, Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.cursors import cursor, position
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import Limit, Page, PathId, identifier
from trustdesk.api.schemas.customers import (
    AddedValueForm,
    ConfirmationForm,
    CorrectionForm,
    CustomerCard,
    CustomerForm,
    CustomerReceipt,
    Event,
    Findings,
    Found,
    NoteForm,
    NoteReceipt,
    Search,
    Value,
    ValueReceipt,
)
from trustdesk.kernel.clock import now
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import TimelineEntry

router = Router(tags=["customers"])
_ADDRESS = "/api/v1/customers/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


@router.post("/search", response=Findings, operation_id="search_customers")
@reads("customer:search")
def search(request: CallingRequest, form: Search) -> Findings:
    """Find customers by phone, e-mail, birth date, customer number, or words of name, town, address and notes.

    Those shown are opened, in one entry of the log.
    """
    return Findings.of(register.search(request.auth, form.query, limit=form.limit, country=form.country))


@router.get("", response=Page[Found], operation_id="list_customers")
@reads("customer:search")
def customers(
    request: CallingRequest, cursor_text: Annotated[str, Query(alias="cursor")] = "", limit: Limit = 50
) -> Page[Found]:
    """All customers by identifier; each page is one opening."""
    context = request.auth
    after = position(context, "customers", cursor_text)
    hits = register.customers(context, after=after[0] if after else 0, limit=limit)
    following = cursor(context, "customers", [hits[-1].customer_id]) if len(hits) == limit else None
    return Page[Found](items=[Found.of(hit) for hit in hits], next=following)


@router.post("", response={201: CustomerReceipt}, operation_id="create_customer")
@writes("customer:create")
def create(request: CallingRequest, form: CustomerForm) -> Written:
    """Add a customer with the source of every value and the notice given."""
    customer_id = register.create_customer(
        request.auth,
        kind=form.kind,
        values=[value.read() for value in form.values],
        source_id=form.source_id,
        notice=form.notice.read() if form.notice else None,
        now=now(),
        language=form.language,
        country=form.country,
        relationship=form.relationship.read() if form.relationship else None,
        employer_id=form.employer_id,
        collected_at=form.collected_at,
    )
    return Written(201, CustomerReceipt(customer_id=customer_id), _ADDRESS + to_public(customer_id))


@router.get("/{customer_id}", response=CustomerCard, operation_id="open_customer")
@reads("customer:open")
def card(request: CallingRequest, customer_id: PathId) -> CustomerCard:
    """Everything current about one customer. The opening is in the log before the answer leaves."""
    return CustomerCard.of(register.card(request.auth, identifier(customer_id), now=now()))


@router.get("/{customer_id}/history", response=list[Value], operation_id="open_customer_history")
@reads("customer:open")
def history(request: CallingRequest, customer_id: PathId) -> list[Value]:
    """All values ever recorded, the superseded ones too, newest first; one opening."""
    values = register.history(request.auth, identifier(customer_id), now=now())
    return [Value.of(value) for value in values]


@router.get("/{customer_id}/timeline", response=Page[Event], operation_id="read_customer_timeline")
@reads("customer:open")
def timeline(
    request: CallingRequest,
    customer_id: PathId,
    cursor_text: Annotated[str, Query(alias="cursor")] = "",
    limit: Limit = 50,
) -> Page[Event]:
    """What happened to the customer, newest first: instants, kinds and codes; opens nothing."""
    context, customer = request.auth, identifier(customer_id)
    listing = f"timeline|{customer}"
    entries, following = _timeline_part(context, customer, position(context, listing, cursor_text), limit)
    return Page[Event](
        items=[Event.of(entry) for entry in entries], next=cursor(context, listing, following) if following else None
    )


@router.post("/{customer_id}/values", response={201: ValueReceipt}, operation_id="add_value")
@writes("customer:correct")
def add_value(request: CallingRequest, customer_id: PathId, form: AddedValueForm) -> Written:
    """Record one more value with its source. Where the attribute holds one value, the current one is superseded, but
    for one that the customer had rectified (GDPR Art. 16).
    """
    customer = identifier(customer_id)
    value = register.add_value(
        request.auth, customer_id=customer, value=form.read(), source_id=form.source_id, now=now()
    )
    return Written(201, ValueReceipt(customer_id=customer, value_id=value), _ADDRESS + to_public(customer))


@router.post(
    "/{customer_id}/values/{value_id}/confirmations", response={200: ValueReceipt}, operation_id="confirm_value"
)
@writes("customer:confirm")
def confirm(request: CallingRequest, customer_id: PathId, value_id: PathId, form: ConfirmationForm) -> Written:
    """The value was found still true: its freshness starts anew."""
    customer, value = identifier(customer_id), identifier(value_id)
    register.confirm_value(request.auth, customer_id=customer, value_id=value, by=form.by, now=now())
    return Written(200, ValueReceipt(customer_id=customer, value_id=value))


@router.post("/{customer_id}/values/{value_id}/corrections", response={200: ValueReceipt}, operation_id="correct_value")
@writes("customer:correct")
def correct(request: CallingRequest, customer_id: PathId, value_id: PathId, form: CorrectionForm) -> Written:
    """Replace a value by the right one (GDPR Art. 16). The old one stays in the history."""
    customer = identifier(customer_id)
    value = register.correct_value(
        request.auth,
        customer_id=customer,
        value_id=identifier(value_id),
        text=form.text,
        source_id=form.source_id,
        by=form.by,
        now=now(),
    )
    return Written(200, ValueReceipt(customer_id=customer, value_id=value))


@router.post("/{customer_id}/notes", response={201: NoteReceipt}, operation_id="add_note")
@writes("customer:note")
def note(request: CallingRequest, customer_id: PathId, form: NoteForm) -> Written:
    """Write a note on the customer: sealed, and findable by its words."""
    customer = identifier(customer_id)
    note_id = register.add_note(request.auth, customer_id=customer, text=form.text, now=now())
    return Written(201, NoteReceipt(customer_id=customer, note_id=note_id), _ADDRESS + to_public(customer))


def _timeline_part(
    context: AccessContext, customer_id: int, start: Sequence[int], limit: int
) -> tuple[Sequence[TimelineEntry], Sequence[int]]:
    """One part and the position after it. What happened in one instant may stand on both sides of a border, so a
    position is the instant and how many of its entries were shown.
    """
    before, seen = (_EPOCH + _STEP * (start[0] + 1), start[1]) if start else (None, 0)
    entries = register.timeline(context, customer_id, before=before, limit=seen + limit + 1)[seen:]
    shown, rest = entries[:limit], entries[limit:]
    if not rest:
        return shown, ()
    last = (shown[-1].at - _EPOCH) // _STEP
    same = sum(entry.at == shown[-1].at for entry in shown)
    return shown, (last, same + (seen if start and start[0] == last else 0))
