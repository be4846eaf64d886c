"""Handing out and forgetting the recordings of one customer: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.recordings.contracts import Because
from trustdesk.recordings.models import Copy, Listening, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services.removing import remove

SERVICE = "service"


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every recording: when, how long, on which rules, until when it is kept; the sound itself is handed out as a copy
    (GDPR Art. 15(3)).
    """
    own = {"controller_id": context.controller_id, "customer_id__in": together(context, [customer_id]).ids}
    with scoped(context.scope):
        rows = list(Recording.objects.filter(**own).order_by("id"))
        copies = list(Copy.objects.filter(**own).order_by("id"))
    for row in rows:
        yield {
            "kind": "recording",
            "recording": to_public(row.id),
            "conversation": to_public(row.conversation_id),
            "role": row.role,
            "began_at": row.began_at,
            "milliseconds": row.milliseconds,
            "notice_version": row.notice_version,
            "heard_at": row.heard_at,
            "consent_key": row.consent_key,
            "rules": list(row.rule_ids),
            "keep_until": row.keep_until,
            "copy_days": row.copy_days,
        }
    for copy in copies:
        yield {"kind": "copy", "conversation": to_public(copy.conversation_id), "sent_at": copy.sent_at}


def erase(context: AccessContext, customer_id: int) -> int:
    """Destroy keys and files of what no law and no legal hold keeps (GDPR Art. 17(1), (3)(b), (e)); how many.

    What a statute keeps is under a key of its own and goes on its own day; what is held, when the hold is released.
    """
    now = clock.now()
    with scoped(context.scope):
        own = {"controller_id": context.controller_id, "customer_id__in": together(context, [customer_id]).ids}
        rows = Recording.objects.select_for_update().filter(**own, filed_class=SERVICE)
        found = list(rows.order_by("id"))
        for row in found:
            remove(context, row, Because.ERASED, now=now)
        Copy.objects.filter(**own).delete()
        Listening.objects.filter(**own).delete()
    return len(found)
