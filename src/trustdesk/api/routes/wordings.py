"""What messages say: a company's own wordings. The newest of a channel, code and language counts."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.wordings import WordingForm, WordingReceipt, WordingShown
from trustdesk.delivery import api as delivery
from trustdesk.kernel.clock import now

router = Router(tags=["wordings"])


@router.get("/wordings", response=list[WordingShown], operation_id="list_wordings")
@reads("delivery:read")
def wordings(request: CallingRequest) -> list[WordingShown]:
    """The company's own that are in force, by channel, code and language."""
    return [WordingShown.of(one) for one in delivery.templates(request.auth)]


@router.post("/wordings", response={201: WordingReceipt}, operation_id="publish_wording")
@writes("delivery:manage")
def publish(request: CallingRequest, form: WordingForm) -> Written:
    """Publish a wording: messages queued from now on say this. Under a code of the product's, with its parameters."""
    wording_id = delivery.publish_template(request.auth, template=form.read(), now=now())
    return Written(201, WordingReceipt(wording_id=wording_id))
