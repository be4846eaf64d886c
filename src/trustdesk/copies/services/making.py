"""Making a copy: connected systems asked, everything gathered, masked, written in every form, and sealed as it is
written. Killed at any place it begins anew, with another file and another key; what was begun is destroyed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from trustdesk.clearance.api import purposes
from trustdesk.copies import places
from trustdesk.copies.contracts import Document, Kind, State
from trustdesk.copies.elsewhere import Elsewhere, asked
from trustdesk.copies.forms.pack import packed
from trustdesk.copies.gathering import gathered
from trustdesk.copies.information import information
from trustdesk.copies.models import Copy
from trustdesk.copies.services.contents import members
from trustdesk.copies.services.ordering import forget_file
from trustdesk.copies.services.sending import send_if_ordered
from trustdesk.isolation.api import held_alone, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import controller, system_context
from trustdesk.register.api import shown_as_one
from trustdesk.vault.api import seal_file

TASK, QUEUE = "copies.make", "copies"
WAITS = "waits"
PATIENCE = timedelta(days=1)
"""So long a copy waits for connected systems that do not answer; a month is what the law gives (GDPR Art. 12(3))."""
_A_WHILE = timedelta(minutes=5)
_GATHERED = 0.4


def run(controller_id: int, copy_id: int) -> str:
    """Make an ordered copy to its end; the state it is in. One process at a time: a second one leaves it alone."""
    with held_alone(f"copy {copy_id}") as alone:
        return _run(controller_id, copy_id) if alone else "made by another"


def _run(controller_id: int, copy_id: int) -> str:
    now = clock.now()
    row = _begun(_context(controller_id, 0, now), copy_id, now=now)
    if row is None:
        return "nothing to make"
    context = _context(controller_id, row.ordered_by, now)
    try:
        found = asked(context, row.customer_id, copy_id=copy_id, whole=now - row.ordered_at < PATIENCE, now=now)
        if found.missing and now - row.ordered_at < PATIENCE:
            _wait(context, row, found.next_at or now + _A_WHILE)
            return WAITS
        context = _context(controller_id, row.ordered_by, clock.now())  # other systems may have taken their time
        whole = _make(context, row, found, now=now)
    except BaseException as error:
        _fail(context, row, error.code if isinstance(error, TrustdeskError) else "fault")
        if not isinstance(error, TrustdeskError):
            raise
        return State.FAILED.value
    if not whole:
        return "ended meanwhile"
    send_if_ordered(context, copy_id=copy_id, now=now)
    return State.READY.value


def _context(controller_id: int, operator_id: int, now: datetime) -> AccessContext:
    """The company's own mandate covers every category of data: what its processor may not see is the person's too."""
    return system_context(controller_id, purpose="compliance", now=now, on_behalf_of=operator_id)


def _begun(context: AccessContext, copy_id: int, *, now: datetime) -> Copy | None:
    """The row, with a fresh number for its file; what a killed process left of an earlier one is destroyed."""
    with scoped(context.scope):
        row = Copy.objects.select_for_update().filter(controller_id=context.controller_id, id=copy_id).first()
        if row is None or row.state not in {State.ORDERED, State.MAKING}:
            return None
        forget_file(context, row, now=now)
        row.state, row.progress, row.reason, row.file_id = State.MAKING, 0.0, "", new_id()
        row.save(update_fields=["state", "progress", "reason", "file_id"])
    return row


def _wait(context: AccessContext, row: Copy, until: datetime) -> None:
    """Ordered as before, and made anew when a system that did not answer is to be asked again. What the others handed
    out is asked for again, too: nothing of it is kept.
    """
    with scoped(context.scope):
        rows = Copy.objects.filter(controller_id=context.controller_id, id=row.id, state=State.MAKING)
        if rows.update(state=State.ORDERED, reason=WAITS, file_id=None):
            job = app.configure_task(TASK, queue=QUEUE, schedule_at=until)
            job.defer(controller_id=context.controller_id, copy_id=row.id)


def _make(context: AccessContext, row: Copy, found: Elsewhere, *, now: datetime) -> bool:
    with translation.override(row.language):
        document = _document(context, row, found, now=now)
        _progress(context, row, _GATHERED)
        written, file_id = _Written(), row.file_id or 0
        contents = members(context, row.customer_id, document, told=lambda part: _progress(context, row, part))
        path = places.empty_file(context.controller_id, file_id)
        seal_file(context, file_id=file_id, pieces=written.through(packed(contents, made_at=now)), path=path)
    return _ready(context, row, document, written, now=now)


def _ready(context: AccessContext, row: Copy, document: Document, written: "_Written", *, now: datetime) -> bool:
    """It can be had from now on; not where it was ended, or the person erased, while it was made."""
    with scoped(context.scope):
        rows = Copy.objects.select_for_update().filter(controller_id=context.controller_id, id=row.id)
        ready = rows.filter(state=State.MAKING).first()
        if ready is None:
            forget_file(context, row, now=now)
            return False
        ready.state, ready.progress, ready.masked = State.READY, 1.0, document.masked
        ready.missing, ready.to_follow = list(document.missing), bool(document.missing)
        ready.size, ready.sha256 = written.size, written.sha256.hexdigest()
        ready.made_at, ready.expires_at = now, now + timedelta(days=settings.TRUSTDESK_COPY_DAYS)
        ready.save()
        detail: dict[str, object] = {"copy": row.id, "kind": row.kind, "sha256": ready.sha256}
        context.journal.deed(context, "copy.made", subjects=[row.customer_id], detail=detail)
    return True


@dataclass(slots=True)
class _Written:
    """What the archive comes to, learned while it is written."""

    size: int = 0
    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.size += len(piece)
            self.sha256.update(piece)
            yield piece


def _document(context: AccessContext, row: Copy, found: Elsewhere, *, now: datetime) -> Document:
    company, kind = controller(context.controller_id), Kind(row.kind)
    held = gathered(context, row.customer_id, kind, systems=found.systems, now=now)
    return Document(
        kind=kind,
        language=row.language,
        company=company.name,
        controller_id=company.id,
        zone=ZoneInfo(company.time_zone),
        customers=[to_public(each) for each in shown_as_one(context, row.customer_id)],
        made_at=now,
        topics=information(context, kind, held.parts, missing=found.missing, now=now),
        parts=held.parts,
        purposes={each.code: each.named(row.language) for each in purposes(context)},
        masked=held.masked,
        files=held.files,
        missing=found.missing,
    )


def _progress(context: AccessContext, row: Copy, part: float) -> None:
    with scoped(context.scope):
        Copy.objects.filter(controller_id=context.controller_id, id=row.id, state=State.MAKING).update(progress=part)


def _fail(context: AccessContext, row: Copy, reason: str) -> None:
    with scoped(context.scope):
        forget_file(context, row, now=clock.now())
        Copy.objects.filter(controller_id=context.controller_id, id=row.id, state=State.MAKING).update(
            state=State.FAILED, reason=reason, file_id=None
        )
