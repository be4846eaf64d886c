"""Two customers shown as one, and apart again: nothing is moved, so undoing it is exact."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import PathId, identifier
from trustdesk.api.schemas.merges import MergeForm, MergeReceipt, MergeShown, MergeUndone
from trustdesk.kernel.clock import now
from trustdesk.register import api as register

router = Router(tags=["merges"])


@router.get("/customers/{customer_id}/merges", response=list[MergeShown], operation_id="read_customer_merges")
@reads("customer:open")
def merges(request: CallingRequest, customer_id: PathId) -> list[MergeShown]:
    """With whom the customer is or was shown as one, newest first."""
    return [MergeShown.of(record) for record in register.merge_history(request.auth, identifier(customer_id))]


@router.post("/customers/{customer_id}/merges", response={201: MergeReceipt}, operation_id="merge_customers")
@writes("customer:merge")
def merge(request: CallingRequest, customer_id: PathId, form: MergeForm) -> Written:
    """Show another customer as one with this one. Neither may be restricted, and the admission gates are asked."""
    into = identifier(customer_id)
    merge_id = register.merge(request.auth, into=into, customer_id=form.customer_id, reason=form.reason, now=now())
    return Written(201, MergeReceipt(customer_id=into, merge_id=merge_id))


@router.delete("/merges/{merge_id}", response={200: MergeUndone}, operation_id="undo_merge")
@writes("customer:merge")
def undo(request: CallingRequest, merge_id: PathId) -> Written:
    """Undo a merge: both stand as before. It stays in the list of merges, undone."""
    merge = identifier(merge_id)
    register.unmerge(request.auth, merge_id=merge, now=now())
    return Written(200, MergeUndone(merge_id=merge))
