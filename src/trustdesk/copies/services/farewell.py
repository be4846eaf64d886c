"""Handing out one customer's copies, and forgetting those of many: called through the privacy registry."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap

from django.db import connection

from trustdesk.copies.models import Copy
from trustdesk.copies.services.ordering import forget_file
from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one

_COUNTS = """
SELECT 'copies', customer_id, count(*) FROM copies_copy
WHERE controller_id = %s AND customer_id = ANY(%s) GROUP BY customer_id
"""


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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: every copy goes, with its key and its file."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, [context.controller_id, records(persons)])
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Destroy keys and files of all copies, those being made too, and forget that they were; for each person how many
    (GDPR Art. 17).

    A job that is making one finds no row at its end, and destroys what it made.
    """
    now = clock.now()
    with joined(context.scope):
        own = {"controller_id": context.controller_id}
        rows = Copy.objects.select_for_update().filter(**own, customer_id__in=records(persons))
        found = list(rows.order_by("id"))
        for row in found:
            forget_file(context, row, now=now)
        if found:
            Copy.objects.filter(**own, id__in=[row.id for row in found]).delete()
        counts = Counter(row.customer_id for row in found)
        return gone(context, "copy.erased", persons, [Held("copies", *one) for one in counts.items()])
