"""Handing out the recordings of one customer, and forgetting those of many: called through the privacy registry."""

from collections.abc import Iterator, Mapping, Sequence
from typing import LiteralString

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Lines, owners, summed
from trustdesk.kernel.registries import Fate, Person, Planned
from trustdesk.recordings.contracts import Because
from trustdesk.recordings.models import Copy, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services.holding import HELD_CLASS
from trustdesk.recordings.services.removing import remove

SERVICE = "service"
_LAWS = {HELD_CLASS: "GDPR Art. 17(3)(e)"}
_GOING = """
SELECT customer_id, count(*) FROM recordings_recording
WHERE controller_id = %s AND customer_id = ANY(%s::bigint[]) AND filed_class = 'service' GROUP BY customer_id
"""
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])"
_BESIDE: Mapping[str, LiteralString] = {
    "recording-copies": "FROM recordings_copy" + _THEIRS,
    "listenings": "FROM recordings_listening" + _THEIRS,
}
_OF_EACH: LiteralString = " GROUP BY customer_id"
_COUNT: LiteralString = "SELECT customer_id, count(*) "
_DELETE: LiteralString = "WITH gone AS (DELETE "
_GONE: LiteralString = " RETURNING customer_id) SELECT customer_id, count(*) FROM gone GROUP BY customer_id"


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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: recordings that nothing keeps go, with links and copies; the others stay."""
    lines, whose = Lines(persons), owners(persons)
    with joined(context.scope):
        lines.going("recordings", _ask(_GOING, context, whose))
        for what, rows in _BESIDE.items():
            lines.going(what, _ask(_COUNT + rows + _OF_EACH, context, whose))
        own = {"controller_id": context.controller_id, "customer_id__in": list(whose)}
        kept = list(Recording.objects.filter(**own).exclude(filed_class=SERVICE).order_by("id"))
    for row in kept:
        until = None if row.filed_class == HELD_CLASS else row.keep_until.date()
        law = _LAWS.get(row.filed_class, row.filed_class)
        line = Planned("recordings", 1, Fate.KEPT, law, until, under=row.filed_class)
        lines.each[whose[row.customer_id or 0]].append(line)
    return lines.each


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Destroy keys and files of what no law and no legal hold keeps (GDPR Art. 17(1), (3)(b), (e)); for each person the
    number of rows.

    What a statute keeps is under a key of its own and goes on its own day; what is held, when the hold is released.
    """
    now, whose = clock.now(), owners(persons)
    with joined(context.scope):
        own = {"controller_id": context.controller_id, "customer_id__in": list(whose), "filed_class": SERVICE}
        found = list(Recording.objects.select_for_update().filter(**own).order_by("id"))
        for row in found:
            remove(context, row, Because.ERASED, now=now)
        gone = [(row.customer_id or 0, 1) for row in found]
        for rows in _BESIDE.values():
            gone += _ask(_DELETE + rows + _GONE, context, whose)
    return summed(persons, gone)


def _ask(statement: str, context: AccessContext, whose: Mapping[int, int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [context.controller_id, list(whose)])
        return list(cursor.fetchall())
