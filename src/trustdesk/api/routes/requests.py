"""Requests of data subjects from other systems of the company, by the field names of OpenDSR."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.requests import (
    CancellationReceipt,
    Discovery,
    RequestForm,
    RequestReceipt,
    RequestStatus,
    SubjectRequestId,
)
from trustdesk.kernel.clock import now
from trustdesk.rights import api as rights

router = Router(tags=["requests"])
_ONE = "/opendsr_requests/{subject_request_id}"


@router.get("/discovery", response=Discovery, operation_id="discover_opendsr")
@reads("request:take")
def discovery(request: CallingRequest) -> Discovery:  # noqa: ARG001  # every route takes one
    """Which identities and rights this side understands."""
    return Discovery.own()


@router.post("/opendsr_requests", response={201: RequestReceipt}, operation_id="create_opendsr_request")
@writes("request:take")
def create(request: CallingRequest, form: RequestForm) -> Written:
    """Hand over a request. Nothing is done before it is certain who asked: what is handed over here proves nothing.

    The same `subject_request_id` a second time is the first one.
    """
    at, new = now(), form.read()
    identities = [each.read() for each in form.subject_identities]
    rights.receive_from_system(
        request.auth, new=new, identities=identities, callbacks=form.status_callback_urls, now=at
    )
    view = rights.by_external(request.auth, external_id=new.external_id, now=at)
    receipt = RequestReceipt.of(request.auth.controller_id, view, at)
    return Written(201, receipt, f"/api/v1/opendsr_requests/{new.external_id}")


@router.get(_ONE, response=RequestStatus, operation_id="read_opendsr_request")
@reads("request:take")
def status(request: CallingRequest, subject_request_id: SubjectRequestId) -> RequestStatus:
    """Where it stands; opens nothing."""
    view = rights.by_external(request.auth, external_id=subject_request_id.lower(), now=now())
    return RequestStatus.of(request.auth.controller_id, view)


@router.delete(_ONE, response={202: CancellationReceipt}, operation_id="cancel_opendsr_request")
@writes("request:work")
def cancel(request: CallingRequest, subject_request_id: SubjectRequestId) -> Written:
    """The person does not want it any more. A conflict where it is approved already."""
    at, external_id = now(), subject_request_id.lower()
    view = rights.by_external(request.auth, external_id=external_id, now=at)
    rights.withdraw(request.auth, request_id=view.request_id, now=at)
    receipt = CancellationReceipt(
        controller_id=str(request.auth.controller_id), subject_request_id=external_id, received_time=at
    )
    return Written(202, receipt)
