"""Handing out and forgetting the recordings of one customer: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Fate, Planned
from trustdesk.recordings.contracts import Because
from trustdesk.recordings.models import Copy, Listening, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services.holding import HELD_CLASS
from trustdesk.recordings.services.removing import remove

SERVICE = "service"
_LAWS = {HELD_CLASS: "GDPR Art. 17(3)(e)"}


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every recording: when, how long, on which rules, until when it is kept; the sound itself is handed out as a copy
    (GDPR Art. 15(3)).
    """
    own = {"controller_id": context.controller_id, "customer_id__in": together(context, [customer_id]).ids}
    with joined(context.scope):
        rows = list(Recording.objects.filter(**own).order_by("id"))
        copies = list(Copy.objects.filter(**own).order_by("id"))
    for row in rows:
        yield {
            "kind": "recording",
            "recording": to_public(row.id),
            "conversation": to_public(row.conversation_id),
            "call": to_public(row.call_id),
            "role": row.role,
            "queue": row.queue,
            "state": row.state,
            "mode": row.mode,
            "began_at": row.began_at,
            "ended_at": row.ended_at,
            "milliseconds": row.milliseconds,
            "gaps": row.gaps,
            "notice_version": row.notice_version,
            "heard_at": row.heard_at,
            "consent_key": row.consent_key,
            "rules": list(row.rule_ids),
            "keep_until": row.keep_until,
            "retention": row.retention_class,
            "copy_days": row.copy_days,
        }
    for copy in copies:
        yield {
            "kind": "recording-copy",
            "conversation": to_public(copy.conversation_id),
            "sent_at": copy.sent_at,
            "expires_at": copy.expires_at,
        }


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: recordings that nothing keeps go, with links and copies; the others stay."""
    with joined(context.scope):
        own = {"controller_id": context.controller_id, "customer_id__in": together(context, [customer_id]).ids}
        rows = Recording.objects.filter(**own)
        yield Planned("recordings", rows.filter(filed_class=SERVICE).count())
        yield Planned("recording-copies", Copy.objects.filter(**own).count())
        yield Planned("listenings", Listening.objects.filter(**own).count())
        for row in rows.exclude(filed_class=SERVICE).order_by("id"):
            until = None if row.filed_class == HELD_CLASS else row.keep_until.date()
            law = _LAWS.get(row.filed_class, row.filed_class)
            yield Planned("recordings", 1, Fate.KEPT, law, until, under=row.filed_class)


def erase(context: AccessContext, customer_id: int) -> int:
    """Destroy keys and files of what no law and no legal hold keeps (GDPR Art. 17(1), (3)(b), (e)); the number of rows.

    What a statute keeps is under a key of its own and goes on its own day; what is held, when the hold is released.
    """
    now = clock.now()
    with joined(context.scope):
        own = {"controller_id": context.controller_id, "customer_id__in": together(context, [customer_id]).ids}
        rows = Recording.objects.select_for_update().filter(**own, filed_class=SERVICE)
        found = list(rows.order_by("id"))
        for row in found:
            remove(context, row, Because.ERASED, now=now)
        copies, _each = Copy.objects.filter(**own).delete()
        listenings, _each = Listening.objects.filter(**own).delete()
    return len(found) + copies + listenings
