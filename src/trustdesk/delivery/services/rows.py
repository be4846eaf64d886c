"""The one way in which a message or a call changes its state: checked against the table, with its line of history."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection

from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery.contracts import Happening, State
from trustdesk.delivery.states import MESSAGE, after
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id

_COLUMNS: LiteralString = """
SELECT id, channel, customer_id, value_id, purpose, about, template, language, sealed, state, attempt, queued_at,
  not_after, operator_id, mandate_id, access_purpose, urgent, reason, purpose_kind, campaign_id, former
FROM delivery_message WHERE controller_id = %s
"""
DUE: LiteralString = (
    _COLUMNS + " AND channel = %s AND state IN ('queued', 'deferred') AND next_at <= %s"
    " ORDER BY urgent DESC, next_at, id LIMIT %s"
)
ONE: LiteralString = _COLUMNS + " AND id = %s"
IN_STATE: LiteralString = _COLUMNS + " AND channel = %s AND state = %s ORDER BY id LIMIT %s"
# The state and the attempt are asked again: whoever was overtaken changes nothing and is told so.
_MOVE = """
UPDATE delivery_message SET state = %s, reason = %s, reply = %s, status = %s, attempt = %s, next_at = %s,
  changed_at = %s, decision_id = coalesce(%s, decision_id), handed_at = coalesce(%s, handed_at),
  delivered_at = coalesce(%s, delivered_at)
WHERE controller_id = %s AND id = %s AND state = %s AND attempt = %s
"""
_TURN = """
INSERT INTO delivery_turn
  (controller_id, message_id, id, at, happening, before, after, attempt, reason, reply, status, operator_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message as the worker needs it."""

    id: int
    channel: Channel
    customer_id: int
    value_id: int
    purpose: str
    about: dict[str, Any]
    template: str
    language: str
    sealed: bytes = field(repr=False)
    state: State
    attempt: int
    queued_at: datetime
    not_after: datetime
    operator_id: int
    mandate_id: int
    access_purpose: str
    urgent: bool
    reason: str
    purpose_kind: PurposeKind
    campaign_id: int | None
    former: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why a message moves, and what goes with it. Codes and numbers only."""

    happening: Happening
    reason: str = ""
    reply: int | None = None
    status: str = ""
    next_at: datetime | None = None
    decision_id: int | None = None
    operator_id: int | None = None


class OvertakenError(ConflictError):
    """Somebody else moved this message meanwhile."""

    code = "overtaken"


def fetch(statement: LiteralString, *parameters: int | str | datetime) -> list[Row]:
    """Rows of one of the statements above, inside the scope."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return [_row(found) for found in cursor.fetchall()]


def move(context: AccessContext, row: Row, because: Because, *, now: datetime) -> Row:
    """The message in its next state, inside the scope. NoSuchStepError, OvertakenError: nothing has changed."""
    state = after(MESSAGE, row.state, because.happening)
    begun = because.happening is Happening.PERMITTED
    attempt = row.attempt + 1 if begun else row.attempt
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                state,
                because.reason,
                because.reply,
                because.status,
                attempt,
                because.next_at,
                now,
                because.decision_id,
                now if state is State.HANDING else None,
                now if because.happening is Happening.DELIVERED else None,
                context.controller_id,
                row.id,
                row.state,
                row.attempt,
            ],
        )
        if cursor.rowcount != 1:
            raise OvertakenError("Somebody else moved this message meanwhile.", place="delivery.message")
    note(context, row.id, row.state, state, because, attempt=attempt, now=now)
    return replace(row, state=state, attempt=attempt)


def note(
    context: AccessContext,
    message_id: int,
    before: State | None,
    after_it: State,
    because: Because,
    *,
    attempt: int,
    now: datetime,
) -> None:
    """One line of history, inside the scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TURN,
            [
                context.controller_id,
                message_id,
                new_id(),
                now,
                because.happening,
                before or "",
                after_it,
                attempt,
                because.reason,
                because.reply,
                because.status,
                because.operator_id,
            ],
        )


def _row(found: tuple[Any, ...]) -> Row:
    about = found[5] if isinstance(found[5], dict) else json.loads(found[5])
    return Row(
        id=found[0],
        channel=Channel(found[1]),
        customer_id=found[2],
        value_id=found[3],
        purpose=found[4],
        about=about,
        template=found[6],
        language=found[7],
        sealed=bytes(found[8]),
        state=State(found[9]),
        attempt=found[10],
        queued_at=found[11],
        not_after=found[12],
        operator_id=found[13],
        mandate_id=found[14],
        access_purpose=found[15],
        urgent=found[16],
        reason=found[17],
        purpose_kind=PurposeKind(found[18]),
        campaign_id=found[19],
        former=found[20],
    )
