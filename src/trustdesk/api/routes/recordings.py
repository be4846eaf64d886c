"""Recordings: which there are, and their sound, for whom it may be taken out."""

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router

from trustdesk.api.access import CallingRequest, reads
from trustdesk.api.cursors import cursor, position
from trustdesk.api.routes.log import CursorText
from trustdesk.api.schemas.common import Limit, Page, PathId, identifier
from trustdesk.api.schemas.recordings import RecordedCall, RecordingShown
from trustdesk.design.sounding import handed
from trustdesk.kernel.clock import now
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import VCON_MEDIA_TYPE, Outside

router = Router(tags=["recordings"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("/recordings", response=Page[RecordingShown], operation_id="list_recordings")
@reads("recording:read")
def listed(request: CallingRequest, cursor_text: CursorText = "", limit: Limit = 50) -> Page[RecordingShown]:
    """Every leg that was recorded and still exists, the newest first. Nothing is opened."""
    start = position(request.auth, "recordings", cursor_text)
    found = recordings.newest(request.auth, before=start[0] if start else None, limit=limit)
    following = cursor(request.auth, "recordings", [found[-1].recording_id]) if len(found) == limit else None
    return Page[RecordingShown](items=[RecordingShown.of(one) for one in found], next=following)


@router.get("/conversations/{conversation_id}/recordings", response=list[RecordedCall], operation_id="read_recordings")
@reads("recording:read")
def of_conversation(request: CallingRequest, conversation_id: PathId) -> list[RecordedCall]:
    """A conversation's recordings, call by call. Nothing is opened. 404 where nothing of it was recorded."""
    found = recordings.of_conversation(request.auth, identifier(conversation_id))
    if not found:
        raise NotFoundError(_("There is no recording of this conversation."), place="conversation_id")
    return [RecordedCall.of(call) for call in found]


@router.get(
    "/conversations/{conversation_id}/recordings/{call_id}/wav",
    operation_id="download_recording",
    openapi_extra={
        "responses": {
            200: {
                "description": "8 kHz, 16 bit, two channels: whoever called on the left, the company on the right.",
                "content": {"audio/wav": _BINARY},
            }
        }
    },
)
@reads("recording:export")
def wav(  # noqa: PLR0917 - ninja calls it by the names of the address
    request: CallingRequest,
    conversation_id: PathId,
    call_id: PathId,
    purpose: str,
    recipient: str = "",
    told_for: str = "",
) -> HttpResponseBase:
    """One call as a WAV file. `purpose` is what it is taken out for: request, complaint, dispute, quality, authority or
    security. Where it leaves the house, `recipient` names who gets it and `told_for` the declared purpose of that.
    """
    heard = recordings.export_wav(
        request.auth,
        conversation_id=identifier(conversation_id),
        call_id=identifier(call_id),
        purpose=purpose,
        outside=_outside(recipient, told_for),
        now=now(),
    )
    return handed(heard, name=f"call-{to_public(identifier(call_id))}.wav", download=True)


@router.get(
    "/conversations/{conversation_id}/vcon",
    operation_id="download_vcon",
    openapi_extra={
        "responses": {
            200: {
                "description": "A signed vCon (draft-ietf-vcon-vcon-core) with its audio inside.",
                "content": {VCON_MEDIA_TYPE: _BINARY},
            }
        }
    },
)
@reads("recording:export")
def vcon(
    request: CallingRequest, conversation_id: PathId, purpose: str, recipient: str = "", told_for: str = ""
) -> HttpResponseBase:
    """All recorded calls of a conversation as one signed vCon; parameters as for the WAV file."""
    thread = identifier(conversation_id)
    text = recordings.export_vcon(
        request.auth,
        conversation_id=thread,
        purpose=purpose,
        outside=_outside(recipient, told_for),
        now=now(),
    )
    answer = HttpResponse(text, content_type=VCON_MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="conversation-{to_public(thread)}.vcon"'
    return answer


def _outside(recipient: str, told_for: str) -> Outside | None:
    return Outside(identifier(recipient), told_for) if recipient else None
