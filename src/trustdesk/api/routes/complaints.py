"""Complaint files with their clocks."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import Limit, PathId, identifier
from trustdesk.api.schemas.conversations import ComplaintReceipt, ComplaintShown, ReplyForm, WholeComplaint
from trustdesk.conversations import api as conversing
from trustdesk.kernel.clock import now

router = Router(tags=["complaints"])


@router.get("/complaints", response=list[ComplaintShown], operation_id="list_complaints")
@reads("conversation:read")
def complaints(request: CallingRequest, limit: Limit = 50) -> list[ComplaintShown]:
    """Those that wait for a reply first, the next due first of all; then the answered ones. Opens nothing."""
    return [ComplaintShown.of(line) for line in conversing.complaints(request.auth, limit=limit)]


@router.get("/complaints/{complaint_id}", response=WholeComplaint, operation_id="read_complaint")
@reads("conversation:read")
def complaint(request: CallingRequest, complaint_id: PathId) -> WholeComplaint:
    """One file with its minutes and its reply: one logged opening."""
    return WholeComplaint.of(conversing.complaint(request.auth, identifier(complaint_id)))


@router.post("/complaints/{complaint_id}/reply", response={200: ComplaintReceipt}, operation_id="reply_to_complaint")
@writes("complaint:handle")
def reply(request: CallingRequest, complaint_id: PathId, form: ReplyForm) -> Written:
    """Record the reply as it was sent: the clock stands, the years of keeping begin."""
    identified = identifier(complaint_id)
    conversing.reply(request.auth, complaint_id=identified, new=form.read(), now=now())
    return Written(200, ComplaintReceipt(complaint_id=identified))
