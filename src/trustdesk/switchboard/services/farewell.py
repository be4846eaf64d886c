"""Handing out and forgetting which calls one customer had: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.switchboard.models import Call, Callback

# The call stays as a number in the statistics; with whom it was, and what was said in it, is forgotten.
_FORGET = """
UPDATE switchboard_call SET customer_id = NULL, conversation_id = NULL, case_id = NULL, interaction_id = NULL,
  decision_id = NULL, certainty = 'unidentified', matches = array_remove(matches, %(customer)s)
WHERE controller_id = %(controller)s AND customer_id = %(customer)s
"""
_UNMATCH = """
UPDATE switchboard_call SET matches = array_remove(matches, %(customer)s)
WHERE controller_id = %(controller)s AND %(customer)s = ANY(matches)
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Each call with its time, direction and end (GDPR Art. 15(1))."""
    with scoped(context.scope):
        rows = list(Call.objects.filter(controller_id=context.controller_id, customer_id=customer_id).order_by("id"))
    for row in rows:
        yield {
            "kind": "call",
            "direction": row.direction,
            "queue": row.queue,
            "began_at": row.began_at,
            "answered_at": row.answered_at,
            "ended_at": row.ended_at,
            "result": row.result,
            "recorded": row.recorded,
        }


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget with whom the calls were, and every callback that was asked for; the number of rows (GDPR Art. 17)."""
    with scoped(context.scope), connection.cursor() as cursor:
        named = {"controller": context.controller_id, "customer": customer_id}
        calls = Call.objects.filter(controller_id=context.controller_id, customer_id=customer_id)
        ids = list(calls.order_by("id").values_list("id", flat=True))
        callbacks, _each = Callback.objects.filter(controller_id=context.controller_id, call_id__in=ids).delete()
        cursor.execute(_FORGET, named)
        cursor.execute(_UNMATCH, named)
        return len(ids) + int(callbacks) + int(cursor.rowcount)
