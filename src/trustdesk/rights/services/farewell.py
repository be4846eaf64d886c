"""Handing out and forgetting one customer's requests: called through the privacy registry."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Planned
from trustdesk.register.api import shown_as_one
from trustdesk.rights import content, places
from trustdesk.rights.contracts import Happening, State
from trustdesk.rights.models import Code, Event, Request
from trustdesk.rights.services.held import note
from trustdesk.vault.api import destroy

if TYPE_CHECKING:
    from django.db.models import QuerySet


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every request that is proved to be the customer's, with its words; of those that merely name them, that there is
    one: what somebody else wrote is not theirs (GDPR Art. 15(1), (4)).
    """
    with scoped(context.scope):
        rows = list(_rows(context, customer_id).order_by("received_at", "id"))
        opened = {row.id: _opened(context, row) for row in rows if row.identity_at is not None}
        numbers = {row.id: row.reference for row in rows}
        codes = Code.objects.filter(controller_id=context.controller_id, request_id__in=list(numbers))
        sent = list(codes.order_by("sent_at", "id"))
    for row in rows:
        words, history = opened.get(row.id, (None, []))
        yield {**_told(row), "words": words}
        yield from history
    for code in sent:
        yield {
            "kind": "request-code",
            "reference": numbers[code.request_id],
            "sent_at": code.sent_at,
            "expires_at": code.expires_at,
            "used_at": code.used_at,
        }


def _opened(context: AccessContext, row: Request) -> tuple[str | None, list[Mapping[str, object]]]:
    """The person's words, and the history with what was said in it."""
    events = list(Event.objects.filter(controller_id=row.controller_id, request_id=row.id).order_by("id"))
    told, details = content.open_with(context, row, events, what="rights.export")
    return told.words, [
        {
            "kind": "request-event",
            "reference": row.reference,
            "at": event.at,
            "what": event.happening,
            "before": event.before,
            "after": event.after,
            "code": event.code,
            "text": detail,
        }
        for event, detail in zip(events, details, strict=True)
    ]


def _told(row: Request) -> Mapping[str, object]:
    return {
        "kind": "request",
        "reference": row.reference,
        "right": row.kind,
        "channel": row.channel,
        "language": row.language,
        "state": row.state,
        "received_at": row.received_at,
        "due_date": row.due_date,
        "suspended_since": row.suspended_since,
        "suspended_days": row.suspended_days,
        "extended_at": row.extended_at,
        "identified_by": row.identity,
        "identified_at": row.identity_at,
        "approved_at": row.approved_at,
        "closed_at": row.closed_at,
        "refused": row.refused,
        "keep_until": row.keep_until,
    }


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: whose they were is forgotten, and what was said in them."""
    with scoped(context.scope):
        rows = _rows(context, customer_id)
        codes = Code.objects.filter(controller_id=context.controller_id, request_id__in=rows.values("id"))
        yield Planned("requests", rows.count())
        yield Planned("codes", codes.count())


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget whose the customer's requests were and what they said; how many rows (GDPR Art. 17). That there was a
    request, when, and how it ended, stays under its reference for the years of keeping (Art. 17(3)(b), (e)): it names
    nobody.
    """
    now = clock.now()
    with scoped(context.scope):
        rows = list(_rows(context, customer_id).select_for_update().order_by("id"))
        codes = Code.objects.filter(controller_id=context.controller_id, request_id__in=[row.id for row in rows])
        gone, _each = codes.delete()
        for row in rows:
            destroy(context, row.id, places.PROOF, now=now)
            note(context, row, Happening.MINIMISED, State(row.state), now=now)
            row.customer_id, row.external_id, row.forgotten_at = None, "", now
            row.save(update_fields=["customer_id", "external_id", "forgotten_at"])
    return len(rows) + gone


def _rows(context: AccessContext, customer_id: int) -> "QuerySet[Request]":
    return Request.objects.filter(
        controller_id=context.controller_id, customer_id__in=shown_as_one(context, customer_id)
    )
