"""Handing out which calls one customer had, and forgetting which many had: called through the privacy registry."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from typing import Any

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one
from trustdesk.switchboard.models import Call, Callback, Wait

_COUNTS = """
SELECT 'calls', customer_id, count(*) FROM switchboard_call
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
UNION ALL
SELECT 'callbacks', c.customer_id, count(*) FROM switchboard_call c
JOIN switchboard_callback b ON b.controller_id = c.controller_id AND b.call_id = c.id
WHERE c.controller_id = %(controller)s AND c.customer_id = ANY(%(records)s) GROUP BY c.customer_id
"""
# Guesses stand in calls that are going on only: how many those are has nothing to do with the size of the register.
_GUESSES = """
SELECT customer_id, matches FROM switchboard_call
WHERE controller_id = %(controller)s AND state <> 'ended' AND matches && %(records)s::bigint[]
"""
_HELD = """
SELECT id, customer_id, matches FROM switchboard_call
WHERE controller_id = %(controller)s AND id = ANY(ARRAY(
  SELECT id FROM switchboard_call WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s)
  UNION
  SELECT id FROM switchboard_call
  WHERE controller_id = %(controller)s AND state <> 'ended' AND matches && %(records)s::bigint[]
)) ORDER BY id FOR UPDATE
"""
_CALLBACKS = """
DELETE FROM switchboard_callback WHERE controller_id = %(controller)s AND call_id = ANY(%(calls)s) RETURNING call_id
"""
# The call stays as a number in the statistics; with whom it was, and what was said in it, is forgotten.
_FORGET = """
UPDATE switchboard_call SET customer_id = NULL, conversation_id = NULL, case_id = NULL, interaction_id = NULL,
  decision_id = NULL, certainty = 'unidentified'
WHERE controller_id = %(controller)s AND id = ANY(%(calls)s)
"""
_UNMATCH = """
UPDATE switchboard_call SET matches = ARRAY(
  SELECT one FROM unnest(matches) WITH ORDINALITY AS guess (one, place)
  WHERE NOT one = ANY(%(records)s) ORDER BY place
)
WHERE controller_id = %(controller)s AND id = ANY(%(calls)s)
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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: with whom calls were is forgotten, callbacks go. The calls stay as numbers."""
    named: dict[str, Any] = {"controller": context.controller_id, "records": records(persons)}
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, named)
        held = list(starmap(Held, cursor.fetchall()))
        cursor.execute(_GUESSES, named)
        return going(persons, held + _guessed(persons, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget with whom the calls were, and every callback that was asked for; rows for each person (GDPR Art. 17)."""
    theirs = records(persons)
    own: dict[str, Any] = {"controller": context.controller_id, "records": theirs}
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_HELD, own)
        rows = cursor.fetchall()
        known = set(theirs)
        caller = {call: customer for call, customer, _matches in rows if customer in known}
        held = [Held("calls", *one) for one in Counter(caller.values()).items()]
        held += _guessed(persons, [(customer, matches) for _call, customer, matches in rows])
        if caller:
            cursor.execute(_CALLBACKS, {**own, "calls": list(caller)})
            asked = Counter(caller[call] for (call,) in cursor.fetchall())
            held += [Held("callbacks", *one) for one in asked.items()]
            cursor.execute(_FORGET, {**own, "calls": list(caller)})
        guessed = [call for call, _customer, matches in rows if matches]
        if guessed:
            cursor.execute(_UNMATCH, {**own, "calls": guessed})
        return gone(context, "switchboard.erased", persons, held)


def _guessed(persons: Sequence[Person], calls: Sequence[tuple[int | None, Sequence[int]]]) -> list[Held]:
    """Calls that may be of a person, and are not known to be: each once for each whom it may be of."""
    shown = {record: person[0] for person in persons for record in person}
    return [
        Held("call-matches", person, 1)
        for customer, matches in calls
        for person in {shown[guess] for guess in matches if guess in shown} - {shown.get(customer or 0)}
    ]
