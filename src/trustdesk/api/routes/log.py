"""The log: who looked at a customer, how far it is proven, and the export that anybody can verify offline."""

import tempfile
from pathlib import Path
from typing import Annotated

from django.conf import settings
from django.http import HttpResponseBase
from ninja import Query, Router

from trustdesk.api.access import CallingRequest, reads
from trustdesk.api.cursors import cursor, position
from trustdesk.api.schemas.common import Limit, Page, PathId, identifier
from trustdesk.api.schemas.log import Entry, Verification
from trustdesk.audit import api as audit
from trustdesk.design.files import hand_over
from trustdesk.kernel.context import AccessContext

router = Router(tags=["log"])
CursorText = Annotated[str, Query(alias="cursor")]


@router.get("/customers/{customer_id}/openings", response=Page[Entry], operation_id="read_customer_log")
@reads("log:read")
def openings(
    request: CallingRequest, customer_id: PathId, cursor_text: CursorText = "", limit: Limit = 50
) -> Page[Entry]:
    """Who has looked at this customer, and who changed what, newest first. Asking is itself in the log."""
    return _part(request.auth, identifier(customer_id), cursor_text, limit)


@router.get("/log/entries", response=Page[Entry], operation_id="read_log")
@reads("log:read")
def entries(request: CallingRequest, cursor_text: CursorText = "", limit: Limit = 50) -> Page[Entry]:
    """Everything done with the controller's customers, newest first."""
    return _part(request.auth, None, cursor_text, limit)


@router.get("/log/verification", response=Verification, operation_id="read_verification")
@reads("log:read")
def verification(request: CallingRequest) -> Verification:
    """How far the log is numbered, signed, handed out and checked."""
    return Verification.of(audit.verification_state(request.auth))


@router.get(
    "/log/export",
    operation_id="export_log",
    openapi_extra={
        "responses": {
            200: {
                "description": "For `trustdesk verify`, or verifier.py alone. Its bodies are sealed.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            },
            409: {
                "description": "Nothing is signed yet.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        }
    },
)
@reads("log:export")
def export(request: CallingRequest) -> HttpResponseBase:
    """The whole log with its checkpoints, to be verified offline by somebody who does not trust us."""
    with tempfile.TemporaryDirectory(prefix="export-", dir=settings.TRUSTDESK_HOME.data) as folder:
        summary = audit.export(request.auth, out=Path(folder) / "log.trustdesk")
        return hand_over(summary.path, name="log.trustdesk", media_type="application/octet-stream")


def _part(context: AccessContext, subject: int | None, cursor_text: str, limit: int) -> Page[Entry]:
    listing = f"log|{subject or ''}"
    start = position(context, listing, cursor_text)
    found = audit.entries(context, subject=subject, before=start[0] if start else None, limit=limit)
    following = cursor(context, listing, [found[-1].id]) if len(found) == limit else None
    return Page[Entry](items=[Entry.of(entry) for entry in found], next=following)
