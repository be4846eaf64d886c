"""Disclosures: what was given to whom, entered and read (GDPR Art. 15(1)(c), 19, 30)."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import PathId, identifier
from trustdesk.api.schemas.ledger import DisclosureForm, DisclosureReceipt, DisclosureShown
from trustdesk.kernel.clock import now
from trustdesk.register import api as register

router = Router(tags=["disclosures"])
_ADDRESS = "/{customer_id}/disclosures"


@router.get(_ADDRESS, response=list[DisclosureShown], operation_id="read_customer_disclosures")
@reads("customer:open")
def disclosures(request: CallingRequest, customer_id: PathId) -> list[DisclosureShown]:
    """Which value went to whom, when and why, newest first."""
    return [DisclosureShown.of(entry) for entry in register.disclosures(request.auth, identifier(customer_id))]


@router.post(_ADDRESS, response={201: DisclosureReceipt}, operation_id="record_disclosure")
@writes("customer:open")
def record(request: CallingRequest, customer_id: PathId, form: DisclosureForm) -> Written:
    """Enter that values were given to an organisation. The first disclosure ends the Art. 14 period (Art. 14(3)(c))."""
    customer = identifier(customer_id)
    entries = register.record_disclosure(
        request.auth,
        customer_id=customer,
        value_ids=form.value_ids,
        recipient=form.recipient,
        purpose=form.purpose,
        legal_basis=form.legal_basis,
        now=now(),
    )
    return Written(201, DisclosureReceipt(customer_id=customer, disclosure_ids=list(entries)))
