"""A recording's file beside what the log says of it. Nothing is opened: the chain goes over boxes as they lie there."""

from datetime import datetime

from trustdesk.audit.api import entries
from trustdesk.audit.contracts import EntryView
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.recordings import places
from trustdesk.recordings.contracts import Integrity, RecordingView, State, Verified
from trustdesk.recordings.selectors import recording
from trustdesk.sipedge.api import SealedReader

_PAGE = 200
_PAGES = 20


class _Closed:
    """No key: finding frames needs none."""

    def open(self, box: bytes, *, bound: bytes) -> bytes:  # noqa: ARG002 - the form of a key
        raise RuntimeError("verifying opens no chunk")


def verify(context: AccessContext, *, recording_id: int, now: datetime) -> Verified:
    """Whether a recording is the one the log speaks of (see `recordings.api`)."""
    del now
    context.check_operation("log:read")
    view = recording(context, recording_id)
    entry = _ended(context, view)
    detail = (entry.detail if entry else None) or {}
    integrity, chunks, head = _measured(context.controller_id, view)
    return Verified(
        recording_id=recording_id,
        integrity=integrity,
        chunks=chunks,
        head=head,
        logged_chunks=view.chunks,
        logged_head=view.head,
        entry_id=entry.id if entry else None,
        log_index=entry.index if entry else None,
        same_in_log=(detail.get("chunks"), detail.get("head")) == (view.chunks, view.head),
    )


def _measured(controller_id: int, view: RecordingView) -> tuple[Integrity, int, str]:
    bound = places.bound_of(controller_id, view.recording_id)
    try:
        with SealedReader(places.path_of(controller_id, view.recording_id), key=_Closed(), bound=bound) as reader:
            return _compared(reader, view), reader.chunks_count, reader.head
    except OSError:
        return Integrity.MISSING, 0, ""
    except SealBrokenError:
        return Integrity.ALTERED, 0, ""


def _compared(reader: SealedReader, view: RecordingView) -> Integrity:
    if view.state is State.OPEN:
        return Integrity.OPEN
    if reader.agrees(chunks=view.chunks, head=view.head):
        return Integrity.SOUND
    if reader.chunks_count < view.chunks:
        return Integrity.CUT
    longer = reader.chunks_count > view.chunks or reader.torn
    return Integrity.LONGER if longer and reader.head_at(view.chunks) == view.head else Integrity.ALTERED


def _ended(context: AccessContext, view: RecordingView) -> EntryView | None:
    """The log's entry of its end, under the subject it had then."""
    for subject in (view.conversation_id, view.customer_id):
        before = None
        for _page in range(_PAGES if subject is not None else 0):
            found = entries(context, subject=subject, before=before, limit=_PAGE)
            for entry in found:
                if entry.what == "recording.ended" and (entry.detail or {}).get("recording") == view.recording_id:
                    return entry
            if len(found) < _PAGE:
                break
            before = found[-1].id
    return None
