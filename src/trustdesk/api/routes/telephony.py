"""How a company is called: numbers, queues, call notices. Phones, trunks and the network are the installation's."""

from ninja import Router

from trustdesk.announcements import api as announcements
from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.telephony import (
    CallNoticeForm,
    CallNoticeReceipt,
    CallNoticeShown,
    NumberForm,
    NumberShown,
    QueueForm,
    QueueShown,
    SetReceipt,
)
from trustdesk.kernel.clock import now
from trustdesk.telephony import api as telephony

router = Router(tags=["calls"])


@router.get("/numbers", response=list[NumberShown], operation_id="list_numbers")
@reads("telephony:read")
def numbers(request: CallingRequest) -> list[NumberShown]:
    """The company's numbers, and whether their calls are recorded now."""
    context, at = request.auth, now()
    return [NumberShown.of(one, telephony.recording_terms(context, one, now=at)) for one in telephony.numbers(context)]


@router.post("/numbers", response={201: SetReceipt}, operation_id="set_number")
@writes("telephony:manage")
def set_number(request: CallingRequest, form: NumberForm) -> Written:
    """Set how a number is answered, whole. The trunk of its calls out stays as it is: trunks are the installation's."""
    context = request.auth
    wanted = telephony.normal(form.number, country=form.country)
    trunk = next((one.trunk for one in telephony.numbers(context) if one.e164 == wanted), None)
    telephony.save_number(context, new=form.read(trunk=trunk), now=now())
    return Written(201, SetReceipt())


@router.get("/queues", response=list[QueueShown], operation_id="list_queues")
@reads("telephony:read")
def queues(request: CallingRequest) -> list[QueueShown]:
    """The company's queues, and which are open now."""
    at = now()
    return [QueueShown.of(one, is_open=telephony.open_now(one, at)) for one in telephony.queues(request.auth)]


@router.post("/queues", response={201: SetReceipt}, operation_id="set_queue")
@writes("telephony:manage")
def set_queue(request: CallingRequest, form: QueueForm) -> Written:
    """Set a queue, whole."""
    telephony.save_queue(request.auth, new=form.read(), now=now())
    return Written(201, SetReceipt())


@router.get("/call-notices", response=list[CallNoticeShown], operation_id="list_call_notices")
@reads("telephony:read")
def call_notices(request: CallingRequest) -> list[CallNoticeShown]:
    """The versions that are played now, by code and language."""
    return [CallNoticeShown.of(one) for one in announcements.notices(request.auth)]


@router.post("/call-notices", response={201: CallNoticeReceipt}, operation_id="save_call_notice")
@writes("telephony:manage")
def save_call_notice(request: CallingRequest, form: CallNoticeForm) -> Written:
    """Save a new version and render it: it is played from now on. Own recordings are uploaded in the console."""
    version_id = announcements.save_notice(request.auth, new=form.read(), now=now())
    return Written(201, CallNoticeReceipt(version_id=version_id))
