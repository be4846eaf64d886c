"""Rows of calls and agents as the floor has them: taken on its own thread, written in another."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection

from trustdesk.switchboard.contracts import CallState
from trustdesk.switchboard.running.people import Agent, Call

Image = Mapping[str, Any]
CALLS, AGENTS = "switchboard_call", "switchboard_agent"


def image_of(call: Call) -> dict[str, Any]:
    """The row of a call, taken on the floor's own thread."""
    return {
        "controller_id": call.controller,
        "id": call.id,
        "direction": call.direction,
        "state": call.state,
        "line": call.line,
        "queue": call.queue,
        "language": call.language,
        "country": call.country,
        "sector": call.sector,
        "mode": call.mode,
        "notice_version": call.notice_version,
        "conversation_id": call.conversation,
        "interaction_id": call.interaction,
        "case_id": call.case,
        "consent_key": call.consent_key,
        "certainty": call.certainty,
        "matches": [] if call.state is CallState.ENDED else list(call.matches),
        "customer_id": call.customer,
        "decision_id": call.decision,
        "callback_id": call.callback,
        "operator_id": call.spoke,
        "offered_to": call.offered,
        "began_at": call.began_at,
        "queued_at": call.queued_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "answer_by": call.answer_by,
        "alarm": call.alarm,
        "recorded": call.recorded,
        "paused": call.paused,
        "held": call.held,
        "unrecorded": call.unrecorded,
        "result": call.result,
        "heard": call.heard,
    }


def image_of_agent(agent: Agent) -> dict[str, Any]:
    """The row of an agent, taken on the floor's own thread."""
    return {
        "controller_id": agent.controller,
        "operator_id": agent.operator,
        "mandate_id": agent.mandate,
        "purpose": agent.purpose,
        "state": agent.state,
        "reason": agent.reason,
        "since": agent.since,
        "call_id": agent.call,
        "queue": agent.queue,
        "attachment": agent.attachment,
        "reachable": agent.reachable,
        "wrap_up_until": agent.wrap_up_until,
    }


def put(table: str, images: Sequence[Image], *keys: str) -> None:
    """Each as it is now, whether there was one or not; in one statement, inside the scope."""
    if not images:
        return
    statement = _statement(table, tuple(images[0]), keys, len(images))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for image in images for value in image.values()])


@cache
def _statement(table: str, columns: Sequence[str], keys: Sequence[str], rows: int) -> str:
    """Built once: the busiest statement of the exchange, and Django would compile it for each call anew."""
    row = f"({', '.join(['%s'] * len(columns))})"
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns if name not in keys)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608 - our own names
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )
