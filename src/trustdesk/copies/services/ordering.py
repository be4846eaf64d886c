"""Ordering a copy, and ending one: row, job and log in one transaction."""

from datetime import datetime

from django.conf import settings

from trustdesk.copies import places, selectors, tasks
from trustdesk.copies.contracts import CopyView, Kind, State
from trustdesk.copies.models import Copy
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.register.api import card, shown_as_one
from trustdesk.vault.api import destroy_file

_LIVING = [State.ORDERED, State.MAKING]


def make(
    context: AccessContext, *, customer_id: int, kind: Kind, language: str, to_send: bool, now: datetime
) -> CopyView:
    """Order a copy (see `copies.api`)."""
    context.check_operation("copy:make")
    shown = card(context, customer_id, now=now)  # NotFoundError for a stranger; that it was opened is in the log
    company = controller(context.controller_id)
    spoken = language or shown.language.partition("-")[0]
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        own = {"controller_id": context.controller_id, "kind": kind}
        waiting = Copy.objects.filter(**own, customer_id__in=ids, state__in=_LIVING).order_by("id").first()
        if waiting is not None:
            return selectors.view(waiting)
        row = Copy.objects.create(
            **own,
            id=new_id(),
            customer_id=shown.customer_id,
            language=spoken if spoken in dict(settings.LANGUAGES) else company.languages[0],
            to_send=to_send,
            ordered_at=now,
            ordered_by=context.operator_id,
        )
        context.journal.deed(context, "copy.ordered", subjects=ids, detail={"copy": row.id, "kind": kind.value})
        tasks.make.defer(controller_id=context.controller_id, copy_id=row.id)
    return selectors.view(row)


def end(context: AccessContext, *, copy_id: int, now: datetime) -> None:
    """End a copy before its time (see `copies.api`)."""
    context.check_operation("copy:make")
    with scoped(context.scope):
        row = selectors.found(context, copy_id, held=True)
        if row.state != State.DESTROYED:
            destroy(context, row, now=now)
        row.to_follow = False
        row.save(update_fields=["to_follow"])


def destroy_expired(context: AccessContext, *, now: datetime) -> int:
    """Destroy the copies whose days are over (see `copies.api`)."""
    with scoped(context.scope):
        rows = Copy.objects.select_for_update(skip_locked=True).filter(
            controller_id=context.controller_id, state=State.READY, expires_at__lte=now
        )
        over = list(rows.order_by("expires_at", "id"))
        for row in over:
            destroy(context, row, now=now)
    return len(over)


def sweep(context: AccessContext, *, now: datetime) -> int:
    """Destroy files that belong to no copy: what a job left that was killed after its copy had been ended."""
    swept = 0
    for path in places.files_of(context.controller_id):
        with scoped(context.scope):
            file_id = int(path.stem)
            if not Copy.objects.filter(controller_id=context.controller_id, file_id=file_id).exists():
                destroy_file(context, file_id, now=now)
                places.delete(context.controller_id, file_id)
                swept += 1
    return swept


def destroy(context: AccessContext, row: Copy, *, now: datetime) -> None:
    """Key first, then the file; the row stays and says that there was a copy. Inside the scope."""
    forget_file(context, row, now=now)
    row.state, row.link_digest = State.DESTROYED, None
    row.save(update_fields=["state", "file_id", "link_digest"])
    context.journal.deed(context, "copy.destroyed", subjects=[row.customer_id], detail={"copy": row.id})


def forget_file(context: AccessContext, row: Copy, *, now: datetime) -> None:
    """Key and file of a copy, also of a half one that a killed job left. Inside the scope."""
    if row.file_id is not None:
        destroy_file(context, row.file_id, now=now)
        places.delete(context.controller_id, row.file_id)
        row.file_id = None
