"""Handing out and forgetting which calls one customer had: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Planned
from trustdesk.register.api import shown_as_one
from trustdesk.switchboard.contracts import CallState
from trustdesk.switchboard.models import Call, Callback, Wait

# The call stays as a number in the statistics; with whom it was, and what was said in it, is forgotten.
_FORGET = """
UPDATE switchboard_call SET customer_id = NULL, conversation_id = NULL, case_id = NULL, interaction_id = NULL,
  decision_id = NULL, certainty = 'unidentified', matches = array_remove(matches, %(customer)s)
WHERE controller_id = %(controller)s AND customer_id = %(customer)s
"""
# Guesses stand in calls that are going on only.
_UNMATCH = """
UPDATE switchboard_call SET matches = array_remove(matches, %(customer)s)
WHERE controller_id = %(controller)s AND state <> 'ended' AND %(customer)s = ANY(matches)
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Each call with its times, direction, waits and end, and every callback asked for (GDPR Art. 15(1))."""
    own = {"controller_id": context.controller_id}
    with joined(context.scope):
        ids = shown_as_one(context, customer_id)
        rows = list(Call.objects.filter(**own, customer_id__in=ids).order_by("id"))
        inside = {**own, "call_id__in": [row.id for row in rows]}
        waits = list(Wait.objects.filter(**inside).order_by("id"))
        callbacks = list(Callback.objects.filter(**inside).order_by("id"))
    yield from map(_call, rows)
    for wait in waits:
        yield {
            "kind": "call-wait",
            "call": to_public(wait.call_id),
            "queue": wait.queue,
            "queued_at": wait.queued_at,
            "left_at": wait.left_at,
            "ended": wait.ended,
        }
    for asked in callbacks:
        yield {
            "kind": "callback",
            "call": to_public(asked.call_id),
            "queue": asked.queue,
            "asked_at": asked.asked_at,
            "state": asked.state,
            "reason": asked.reason,
            "changed_at": asked.changed_at,
        }


def _call(row: Call) -> Mapping[str, object]:
    return {
        "kind": "call",
        "call": to_public(row.id),
        "conversation": None if row.conversation_id is None else to_public(row.conversation_id),
        "direction": row.direction,
        "state": row.state,
        "queue": row.queue,
        "certainty": row.certainty,
        "began_at": row.began_at,
        "queued_at": row.queued_at,
        "answered_at": row.answered_at,
        "ended_at": row.ended_at,
        "result": row.result,
        "recorded": row.recorded,
        "not_recorded": row.unrecorded,
        "consent": row.consent_key,
    }


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: with whom calls were is forgotten, callbacks go. The calls stay as numbers."""
    own = {"controller_id": context.controller_id}
    with joined(context.scope):
        calls = Call.objects.filter(**own, customer_id=customer_id)
        yield Planned("calls", calls.count())
        callbacks = Callback.objects.filter(**own, call_id__in=calls.values("id"))
        yield Planned("callbacks", callbacks.count())
        going = Call.objects.filter(**own, matches__contains=[customer_id]).exclude(state=CallState.ENDED)
        alike = going.exclude(customer_id=customer_id)
        yield Planned("call-matches", alike.count())


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget with whom the calls were, and every callback that was asked for; the number of rows (GDPR Art. 17)."""
    with joined(context.scope), connection.cursor() as cursor:
        named = {"controller": context.controller_id, "customer": customer_id}
        calls = Call.objects.filter(controller_id=context.controller_id, customer_id=customer_id)
        ids = list(calls.order_by("id").values_list("id", flat=True))
        callbacks, _each = Callback.objects.filter(controller_id=context.controller_id, call_id__in=ids).delete()
        cursor.execute(_FORGET, named)
        cursor.execute(_UNMATCH, named)
        return len(ids) + int(callbacks) + int(cursor.rowcount)
