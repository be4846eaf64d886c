"""May this customer be contacted; consents, withdrawals and objections from other systems."""

from typing import Annotated

from ninja import Query, Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.clearance import (
    AnswerShown,
    Code,
    CollectionForm,
    CollectionReceipt,
    ConsentForm,
    ConsentReceipt,
    ObjectionForm,
    ObjectionReceipt,
    PurposeShown,
    RecordsForm,
    RecordsReceipt,
    WithdrawalForm,
)
from trustdesk.api.schemas.common import Instant, Line, PathId, identifier
from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.clock import now

router = Router(tags=["clearance"])
_CONSENTS = "/customers/{customer_id}/consents"


@router.get("/purposes", response=list[PurposeShown], operation_id="list_purposes")
@reads("clearance:read")
def purposes(request: CallingRequest) -> list[PurposeShown]:
    """What the company contacts people for, ended ones too. For what is not declared nothing is permitted."""
    instant = now()
    return [PurposeShown.of(each, instant) for each in clearance.purposes(request.auth)]


@router.get("/customers/{customer_id}/clearance", response=AnswerShown, operation_id="explain_clearance")
@reads("clearance:read")
def answer(
    request: CallingRequest,
    customer_id: PathId,
    channel: Annotated[Channel, Query()],
    purpose: Annotated[Code, Query()],
    *,
    at: Annotated[Instant | None, Query()] = None,
    product: Annotated[Line | None, Query()] = None,
) -> AnswerShown:
    """May we contact this customer, on this channel, for this purpose, now or at an instant; with every reason.

    `product` is what is offered, as the customers' `product_groups` name it: who bought of the same may be told of
    similar offers where the law says so. Not said, that can't be decided. It opens nothing. Nothing may be done on it
    later: ask at the moment of contact.
    """
    customer = identifier(customer_id)
    clearance.point_kinds(request.auth, customer)  # whom we can't see is not found, instead of undecided
    return AnswerShown.of(
        clearance.explain(
            request.auth,
            customer_id=customer,
            channel=channel,
            purpose=purpose,
            at=at or now(),
            about={"product": product} if product else {},
        )
    )


@router.get(_CONSENTS, response=list[dict[str, object]], operation_id="read_consents")
@reads("customer:open")
def consents(request: CallingRequest, customer_id: PathId) -> list[dict[str, object]]:
    """The customer's consents as JSON-LD (ISO/IEC TS 27560 in the DPV profile), one record a purpose and channel.

    The words are opened for it, which is in the log. It also needs `clearance:read`.
    """
    return list(clearance.consent_records(request.auth, identifier(customer_id), reason="api"))


@router.post(_CONSENTS, response={201: ConsentReceipt}, operation_id="record_consent")
@writes("consent:record")
def record(request: CallingRequest, customer_id: PathId, form: ConsentForm) -> Written:
    """Add an event of consent. The same event a second time is the first one. What proves nothing is refused."""
    customer = identifier(customer_id)
    event_id = clearance.record_consent(
        request.auth,
        customer_id=customer,
        purpose=form.purpose,
        channel=form.channel,
        state=form.state,
        evidence=form.evidence(),
        at=form.at,
        until=form.until,
        express=form.express,
        now=now(),
    )
    return Written(201, ConsentReceipt(customer_id=customer, event_id=event_id))


@router.post(f"{_CONSENTS}/records", response={201: RecordsReceipt}, operation_id="import_consents")
@writes("consent:record")
def take_over(request: CallingRequest, customer_id: PathId, form: RecordsForm) -> Written:
    """Take consents over from another system, as it was given them: all or none. The same records twice add nothing."""
    customer = identifier(customer_id)
    events = clearance.import_consent_records(
        request.auth,
        customer_id=customer,
        records=form.records,
        source_id=form.source_id,
        document_sha256=bytes.fromhex(form.document_sha256),
        reference=form.reference,
        now=now(),
    )
    return Written(201, RecordsReceipt(customer_id=customer, event_ids=list(events)))


@router.post("/customers/{customer_id}/withdrawals", response={201: ConsentReceipt}, operation_id="withdraw_consent")
@writes("consent:record")
def withdraw(request: CallingRequest, customer_id: PathId, form: WithdrawalForm) -> Written:
    """Take a consent back. When this answers, nothing is handed over for purpose and channel any more."""
    customer = identifier(customer_id)
    event_id = clearance.withdraw(
        request.auth,
        customer_id=customer,
        purpose=form.purpose,
        channel=form.channel,
        method=form.method,
        words=form.words,
        reference=form.reference,
        now=now(),
    )
    return Written(201, ConsentReceipt(customer_id=customer, event_id=event_id))


@router.post("/customers/{customer_id}/objections", response={201: ObjectionReceipt}, operation_id="record_objection")
@writes("consent:record")
def object_(request: CallingRequest, customer_id: PathId, form: ObjectionForm) -> Written:
    """Record an objection (GDPR Art. 21). The customer's numbers and addresses are suppressed with it, at once."""
    customer = identifier(customer_id)
    objection_id = clearance.record_objection(
        request.auth,
        customer_id=customer,
        scope=form.scope(),
        method=form.method,
        at=form.at,
        words=form.words,
        reference=form.reference,
        now=now(),
    )
    return Written(201, ObjectionReceipt(customer_id=customer, objection_id=objection_id))


@router.post(
    "/customers/{customer_id}/collections", response={201: CollectionReceipt}, operation_id="record_collection"
)
@writes("consent:record")
def collect(request: CallingRequest, customer_id: PathId, form: CollectionForm) -> Written:
    """Record how a number or address came to the company: with a sale, told of the right to object, refused then."""
    customer, at = identifier(customer_id), now()
    collection_id = clearance.record_collection(
        request.auth, customer_id=customer, collection=form.collection(), at=form.at or at, now=at
    )
    return Written(201, CollectionReceipt(customer_id=customer, collection_id=collection_id))
