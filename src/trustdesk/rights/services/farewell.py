"""Handing out one customer's requests, and forgetting whose those of many were: called through the registry."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import TYPE_CHECKING

from django.db import connection

from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register.api import shown_as_one
from trustdesk.rights import content, places
from trustdesk.rights.contracts import REQUEST, REQUESTS, Happening, State
from trustdesk.rights.models import Code, Event, Request
from trustdesk.rights.services.held import line
from trustdesk.vault.api import destroy

if TYPE_CHECKING:
    from django.db.models import QuerySet

# A code is theirs to whom it was sent, whomever its request names since.
_COUNTS = """
SELECT 'requests', customer_id, count(*) FROM rights_request
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
UNION ALL
SELECT 'codes', customer_id, count(*) FROM rights_code
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
"""
_CODES = """
WITH gone AS (
  DELETE FROM rights_code WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) RETURNING customer_id
)
SELECT 'codes', customer_id, count(*) FROM gone GROUP BY customer_id
"""


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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: whose they were is forgotten, and what was said in them."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"controller": context.controller_id, "records": records(persons)})
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget whose the persons' requests were and what they said; rows for each person (GDPR Art. 17). That there was a
    request, when, and how it ended, stays under its reference for the years of keeping (Art. 17(3)(b), (e)): it names
    nobody.
    """
    now = clock.now()
    own = {"controller_id": context.controller_id}
    with joined(context.scope), connection.cursor() as cursor:
        theirs = Request.objects.select_for_update().filter(**own, customer_id__in=records(persons))
        rows = list(theirs.order_by("id"))
        held = [Held("requests", *one) for one in Counter(row.customer_id or 0 for row in rows).items()]
        cursor.execute(_CODES, {"controller": context.controller_id, "records": records(persons)})
        held += starmap(Held, cursor.fetchall())
        if rows:
            _minimise(context, rows, now)
        return gone(context, "rights.minimised", persons, held)


def _minimise(context: AccessContext, rows: Sequence[Request], now: datetime) -> None:
    """The key of each request dies with its words; the row stays and names nobody."""
    for row in rows:
        destroy(context, row.id, places.PROOF, now=now)
    lines = [line(context, row, Happening.MINIMISED, State(row.state), now=now) for row in rows]
    Event.objects.bulk_create(lines)
    ids = [row.id for row in rows]
    held = Request.objects.filter(controller_id=context.controller_id, id__in=ids)
    held.update(customer_id=None, external_id="", forgotten_at=now)
    announce(context, *(Thing(REQUEST, each) for each in ids), Thing(REQUESTS, 0))


def _rows(context: AccessContext, customer_id: int) -> "QuerySet[Request]":
    return Request.objects.filter(
        controller_id=context.controller_id, customer_id__in=shown_as_one(context, customer_id)
    )
