"""Restriction to storage: set and lifted, for a customer or for one value (GDPR Art. 18)."""

from ninja import Router

from trustdesk.api.access import CallingRequest, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import PathId, identifier
from trustdesk.api.schemas.customers import CustomerReceipt, ValueReceipt
from trustdesk.api.schemas.restrictions import RestrictionForm
from trustdesk.kernel.clock import now
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround

router = Router(tags=["restrictions"])
_CUSTOMER = "/{customer_id}/restriction"
_VALUE = "/{customer_id}/values/{value_id}/restriction"


@router.post(_CUSTOMER, response={200: CustomerReceipt}, operation_id="restrict_customer")
@writes("customer:lock")
def restrict(request: CallingRequest, customer_id: PathId, form: RestrictionForm) -> Written:
    """Restrict the customer to storage: from now on no agent sees what is recorded. Merged customers are with it."""
    customer = identifier(customer_id)
    register.lock(request.auth, customer_id=customer, ground=RestrictionGround(form.ground), now=now())
    return Written(200, CustomerReceipt(customer_id=customer))


@router.delete(_CUSTOMER, response={200: CustomerReceipt}, operation_id="release_customer")
@writes("customer:lock")
def release(request: CallingRequest, customer_id: PathId) -> Written:
    """Lift the restriction; tell the customer before (GDPR Art. 18(3)). What a law keeps after erasure stays closed."""
    customer = identifier(customer_id)
    register.unlock(request.auth, customer_id=customer, now=now())
    return Written(200, CustomerReceipt(customer_id=customer))


@router.post(_VALUE, response={200: ValueReceipt}, operation_id="restrict_value")
@writes("customer:lock")
def restrict_value(request: CallingRequest, customer_id: PathId, value_id: PathId, form: RestrictionForm) -> Written:
    """Restrict one value to storage: its accuracy is contested, say. The others are shown as before."""
    customer, value = identifier(customer_id), identifier(value_id)
    ground = RestrictionGround(form.ground)
    register.lock(request.auth, customer_id=customer, value_id=value, ground=ground, now=now())
    return Written(200, ValueReceipt(customer_id=customer, value_id=value))


@router.delete(_VALUE, response={200: ValueReceipt}, operation_id="release_value")
@writes("customer:lock")
def release_value(request: CallingRequest, customer_id: PathId, value_id: PathId) -> Written:
    """Lift the restriction of one value."""
    customer, value = identifier(customer_id), identifier(value_id)
    register.unlock(request.auth, customer_id=customer, value_id=value, now=now())
    return Written(200, ValueReceipt(customer_id=customer, value_id=value))
