"""A recording ends: in order, by a fault, or with the process that made it."""

import os
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError, SealBrokenError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.recordings import places
from trustdesk.recordings.contracts import Because, Gap, State
from trustdesk.recordings.models import Recording
from trustdesk.recordings.services.reading import keys_of, reader_of
from trustdesk.recordings.services.removing import remove
from trustdesk.sipedge.api import SealedReader

_MOST = 200


class _End(NamedTuple):
    """What the log says of an end."""

    state: State
    chunks: int
    head: str
    milliseconds: int
    gaps: Sequence[Gap]
    reason: str


def finish(
    context: AccessContext,
    *,
    recording_id: int,
    chunks: int,
    head: str,
    milliseconds: int,
    gaps: Sequence[Gap] = (),
    reason: str = "",
    now: datetime,
) -> None:
    """Close a recording as the edge told it (see `recordings.api`)."""
    with scoped(context.scope):
        row = _locked(context, recording_id)
        if row.state != State.OPEN:
            if (row.chunks, row.head) == (chunks, head):
                return  # told twice, as after a reconnect
            raise ConflictError(_("This recording is closed already."), place="recording")
        if not chunks:
            remove(context, row, Because.EMPTY, now=now)
            return
        end = _End(State.FAILED if reason else State.WHOLE, chunks, head, milliseconds, gaps, reason)
        _close(context, row, end, now=now)


def recover(*, alive: Collection[int] = (), now: datetime, older_than: timedelta = timedelta(seconds=30)) -> int:
    """Close what no call makes any more (see `recordings.api`)."""
    closed = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:  # no living mandate: nobody gets at the keys
            continue
        closed += _recover(context, alive, before=now - older_than, now=now)
    return closed


def _recover(context: AccessContext, alive: Collection[int], *, before: datetime, now: datetime) -> int:
    with scoped(context.scope):
        rows = list(
            Recording.objects.filter(controller_id=context.controller_id, state=State.OPEN, began_at__lt=before)
            .exclude(id__in=alive)
            .order_by("id")[:_MOST]
        )
    for row in rows:
        _recover_one(context, row, now=now)
    return len(rows)


def _recover_one(context: AccessContext, row: Recording, *, now: datetime) -> None:
    """The file says how far it came. A last frame that was cut is cut off: what is left is what the log then names."""
    keys = keys_of(context, [row], what="recording.recover", fields=["audio"])
    reader = None
    try:
        reader = reader_of(row, keys[0][1]) if keys else None
        with scoped(context.scope):
            held = _locked(context, row.id)
            if held.state != State.OPEN:
                return
            if reader is None or not reader.chunks_count:
                remove(context, held, Because.EMPTY, now=now)
                return
            end = _End(State.LOST, reader.chunks_count, reader.head, reader.milliseconds, gaps_of(reader), "lost")
            if reader.torn:  # before the log says so: a crash between leaves nothing that it does not say
                os.truncate(places.path_of(row.controller_id, row.id), reader.octets)
            _close(context, held, end, now=now)
    except (SealBrokenError, NotFoundError):
        _unreadable(context, row, now=now)
    finally:
        if reader is not None:
            reader.close()


def _unreadable(context: AccessContext, row: Recording, *, now: datetime) -> None:
    """What nobody can read is not thrown away: somebody has to look at it."""
    with scoped(context.scope):
        held = Recording.objects.select_for_update().filter(controller_id=row.controller_id, id=row.id).first()
        if held is not None and held.state == State.OPEN:
            _close(context, held, _End(State.LOST, 0, "", 0, (), "unreadable"), now=now)


def gaps_of(reader: SealedReader) -> list[Gap]:
    """Pauses and mutings as the file itself says them."""
    return [Gap(str(gap.why), gap.start_ms, gap.end_ms) for gap in reader.gaps]


def _close(context: AccessContext, row: Recording, end: _End, *, now: datetime) -> None:
    row.state, row.chunks, row.head = end.state, end.chunks, end.head
    row.milliseconds, row.reason = end.milliseconds, end.reason
    row.gaps = [[gap.why, gap.start_ms, gap.end_ms] for gap in end.gaps]
    row.ended_at = now
    row.save(update_fields=["state", "chunks", "head", "milliseconds", "reason", "gaps", "ended_at"])
    context.journal.deed(
        context,
        "recording.ended",
        # The conversation's too: there it is found by whoever verifies, whose recording it may be by then.
        subjects=sorted({row.customer_id or row.conversation_id, row.conversation_id}),
        detail={
            "recording": row.id,
            "conversation": row.conversation_id,
            "state": end.state,
            "chunks": end.chunks,
            "head": end.head,
            "milliseconds": end.milliseconds,
            "gaps": row.gaps,
            "reason": end.reason,
        },
    )


def _locked(context: AccessContext, recording_id: int) -> Recording:
    row = Recording.objects.select_for_update().filter(controller_id=context.controller_id, id=recording_id).first()
    if row is None:
        raise NotFoundError(_("There is no such recording; it may have been deleted."), place="recording")
    return row
