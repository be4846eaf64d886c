"""Consents that people ask for on a form of the company's own, confirmed by mail (double opt-in)."""

from ninja import Router

from trustdesk.api.access import CallingRequest, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.consents import ConsentFormGiven, ConsentFormReceipt
from trustdesk.identity import api as identity
from trustdesk.kernel.clock import now

router = Router(tags=["consents"])


@router.post("/forms", response={202: ConsentFormReceipt}, operation_id="send_consent_form")
@writes("consent:record")
def form(request: CallingRequest, form: ConsentFormGiven) -> Written:
    """Hand over what somebody entered into a form: that mail about a purpose may come to an address. Where exactly one
    customer has the address, a mail asks for the confirmation; the consent counts when its link is confirmed. The
    answer is the same for every address and says nothing of what is on file. The token needs `clearance:read` too.
    """
    given = identity.ConsentForm(**form.model_dump())
    return Written(202, ConsentFormReceipt(form_id=identity.ask_by_form(request.auth, form=given, now=now())))
