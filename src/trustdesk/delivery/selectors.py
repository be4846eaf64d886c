"""How the outbox stands. Nothing here writes, and nothing is opened: no address and no text is needed for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import CallView, Count, MessageView, Standing, State, Try, Turn
from trustdesk.delivery.models import Call, Endpoint, Message
from trustdesk.delivery.models import Try as TryRow
from trustdesk.delivery.models import Turn as TurnRow
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

_COUNTS = """
SELECT channel, state, reason, count(*), min(changed_at) FROM delivery_message WHERE controller_id = %(controller)s
GROUP BY channel, state, reason
UNION ALL
SELECT 'webhook', state, reason, count(*), min(changed_at) FROM delivery_call WHERE controller_id = %(controller)s
GROUP BY state, reason
ORDER BY 1, 2, 4 DESC, 3
"""
_STANDING = """
SELECT count(*) FILTER (WHERE state IN ('queued', 'deferred') AND next_at <= %(now)s),
  min(next_at) FILTER (WHERE state IN ('queued', 'deferred') AND next_at <= %(now)s),
  count(*) FILTER (WHERE state = 'unknown'),
  (SELECT count(*) FROM delivery_endpoint
   WHERE controller_id = %(controller)s AND (failing_since IS NOT NULL OR disabled_because IN ('failing', 'gone')))
FROM delivery_message WHERE controller_id = %(controller)s AND state IN ('queued', 'deferred', 'unknown')
"""
MOST = 200


def counts(context: AccessContext) -> Sequence[Count]:
    """How many messages and calls stand where, and why; by channel and state. Needs `delivery:read`."""
    context.check_operation("delivery:read")
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"controller": context.controller_id})
        return [
            Count(channel, State(state), reason, many, at) for channel, state, reason, many, at in cursor.fetchall()
        ]


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """What waits too long and what nobody knows; for the examination and the first page. Counts only."""
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_STANDING, {"controller": context.controller_id, "now": now})
        waiting, oldest, unknown, failing = cursor.fetchone() or (0, None, 0, 0)
    return Standing(waiting=waiting, oldest_due_at=oldest, unknown=unknown, failing_endpoints=failing)


def messages(
    context: AccessContext,
    *,
    state: State | None = None,
    customer_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[MessageView]:
    """The newest messages first: of a state, of a customer, or all; those before the id `before`. Needs
    `delivery:read`.
    """
    context.check_operation("delivery:read")
    with scoped(context.scope):
        found = Message.objects.filter(controller_id=context.controller_id)
        found = found.filter(state=state) if state is not None else found
        found = found.filter(customer_id=customer_id) if customer_id is not None else found
        found = found.filter(id__lt=before) if before is not None else found
        return [_message(row) for row in found.order_by("-id")[: min(limit, MOST)]]


def of_campaign(
    context: AccessContext,
    campaign_id: int,
    *,
    changed_since: datetime | None = None,
    named: Sequence[int] | None = None,
    limit: int = 1_000,
) -> Sequence[MessageView]:
    """Messages of a campaign, all or those named, by the instant they last changed, the earliest first. Needs
    `delivery:read`.
    """
    context.check_operation("delivery:read")
    with scoped(context.scope):
        found = Message.objects.filter(controller_id=context.controller_id, campaign_id=campaign_id)
        found = found.filter(changed_at__gte=changed_since) if changed_since is not None else found
        found = found.filter(id__in=named) if named is not None else found
        return [_message(row) for row in found.order_by("changed_at", "id")[:limit]]


def message(context: AccessContext, message_id: int) -> tuple[MessageView, Sequence[Turn]]:
    """One message and what happened to it, in order. Needs `delivery:read`. NotFoundError where there is none."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        row = Message.objects.filter(controller_id=context.controller_id, id=message_id).first()
        if row is None:
            raise NotFoundError(_("There is no such message."), place="message")
        turns = TurnRow.objects.filter(controller_id=context.controller_id, message_id=message_id).order_by("at", "id")
        return _message(row), [_turn(turn) for turn in turns]


def calls(context: AccessContext, *, endpoint_id: int, limit: int = 50) -> Sequence[tuple[CallView, Sequence[Try]]]:
    """The newest calls of an endpoint, with the attempts at each. Needs `delivery:read`. NotFoundError as ever."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        if not Endpoint.objects.filter(controller_id=context.controller_id, id=endpoint_id).exists():
            raise NotFoundError(_("There is no such endpoint."), place="endpoint")
        found = list(
            Call.objects.filter(controller_id=context.controller_id, endpoint_id=endpoint_id).order_by("-id")[
                : min(limit, MOST)
            ]
        )
        tries: dict[int, list[Try]] = {call.id: [] for call in found}
        attempts = TryRow.objects.filter(controller_id=context.controller_id, call_id__in=tries.keys())
        for attempt in attempts.order_by("id"):
            tries[attempt.call_id].append(Try(attempt.at, attempt.reason, attempt.status, attempt.milliseconds))
    return [(_call(call), tries[call.id]) for call in found]


def calls_of(context: AccessContext, call_ids: Sequence[int]) -> Sequence[CallView]:
    """Those of these calls that there still are. Needs `delivery:read`."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        found = Call.objects.filter(controller_id=context.controller_id, id__in=list(call_ids))
        return [_call(call) for call in found.order_by("id")]


def _message(row: Message) -> MessageView:
    return MessageView(
        message_id=row.id,
        channel=Channel(row.channel),
        customer_id=row.customer_id,
        purpose=row.purpose,
        template=row.template,
        language=row.language,
        urgent=row.urgent,
        state=State(row.state),
        reason=row.reason,
        reply=row.reply,
        status=row.status,
        attempt=row.attempt,
        queued_at=row.queued_at,
        changed_at=row.changed_at,
        next_at=row.next_at,
        handed_at=row.handed_at,
        delivered_at=row.delivered_at,
        decision_id=row.decision_id,
    )


def _turn(row: TurnRow) -> Turn:
    return Turn(
        at=row.at,
        happening=row.happening,
        before=State(row.before) if row.before else None,
        after=State(row.after),
        attempt=row.attempt,
        reason=row.reason,
        reply=row.reply,
        status=row.status,
        operator_id=row.operator_id,
    )


def _call(row: Call) -> CallView:
    return CallView(
        call_id=row.id,
        endpoint_id=row.endpoint_id,
        event=row.event,
        state=State(row.state),
        reason=row.reason,
        attempt=row.attempt,
        occurred_at=row.occurred_at,
        changed_at=row.changed_at,
        next_at=row.next_at,
    )
