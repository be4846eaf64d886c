"""Handing out and forgetting one customer's copies: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from trustdesk.copies.models import Copy
from trustdesk.copies.services.ordering import forget_file
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Planned
from trustdesk.register.api import shown_as_one


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Which copies were made, sent and fetched, and when (GDPR Art. 15(1))."""
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        rows = list(Copy.objects.filter(controller_id=context.controller_id, customer_id__in=ids).order_by("id"))
    for row in rows:
        yield {
            "kind": "data-copy",
            "copy": to_public(row.id),
            "copy_of": row.kind,
            "language": row.language,
            "state": row.state,
            "reason": row.reason,
            "ordered_at": row.ordered_at,
            "made_at": row.made_at,
            "expires_at": row.expires_at,
            "size": row.size,
            "sha256": row.sha256,
            "blacked_out": row.masked,
            "sent_at": row.sent_at,
            "missing": list(row.missing),
            "downloads": row.downloads,
            "downloaded_at": row.downloaded_at,
        }


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: every copy goes, with its key and its file."""
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        yield Planned("copies", Copy.objects.filter(controller_id=context.controller_id, customer_id__in=ids).count())


def erase(context: AccessContext, customer_id: int) -> int:
    """Destroy keys and files of all copies, those being made too, and forget that they were; how many (GDPR Art. 17).

    A job that is making one finds no row at its end, and destroys what it made.
    """
    now = clock.now()
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        rows = Copy.objects.select_for_update().filter(controller_id=context.controller_id, customer_id__in=ids)
        found = list(rows.order_by("id"))
        for row in found:
            forget_file(context, row, now=now)
        rows.delete()
        context.journal.deed(context, "copy.erased", subjects=ids, detail={"copies": [row.id for row in found]})
    return len(found)
