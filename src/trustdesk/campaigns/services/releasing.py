"""The next attempt at a person: begun in one transaction with its message, or not at all. Of a call, the number that it
will have is begun with it.

Nothing is decided here and nothing opened: the message is decided by delivery at the gate, twice, and the second time
under the customer's lock; a call by the switchboard, when it is dialled.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import connection

from trustdesk.campaigns.contracts import SAME_PERSON, Outcome, TargetState
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services import settling
from trustdesk.campaigns.services.persons import shown_as
from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NewMessage
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller

MINUTE = timedelta(minutes=1)
_LOOK_AGAIN = timedelta(days=1)
_WAITS_AT_MOST = timedelta(days=1)  # in the outbox; then it is tried again, or not
_FEWEST_AT_ONCE = 25
Begin = Callable[[AccessContext, Campaign, Target, int, datetime], None]
"""Begins an attempt at a target, who is shown as that customer, inside the running transaction."""
_BUDGET = """
SELECT count(*) FILTER (WHERE a.at > %(since)s), count(*) FILTER (WHERE a.outcome = '')
FROM campaigns_attempt a
WHERE a.controller_id = %(controller)s AND a.campaign_id = %(campaign)s AND (a.at > %(since)s OR a.outcome = '')
"""


def room(context: AccessContext, row: Campaign, *, now: datetime) -> int:
    """How many attempts may begin now: a minute's worth in any minute, whatever was started anew in between; and never
    far ahead of delivery, so that little is under way when somebody pauses.
    """
    with scoped(context.scope), connection.cursor() as cursor:
        named: Mapping[str, int | datetime] = {
            "controller": context.controller_id,
            "campaign": row.id,
            "since": now - MINUTE,
        }
        cursor.execute(_BUDGET, named)
        lately, under_way = cursor.fetchone() or (0, 0)
    return max(0, min(row.pace - lately, max(row.pace, _FEWEST_AT_ONCE) - under_way))


def due(context: AccessContext, row: Campaign, *, limit: int, now: datetime) -> list[Target]:
    """Whose turn it is, the longest waiting first."""
    with scoped(context.scope):
        waiting = Target.objects.filter(
            controller_id=context.controller_id, campaign_id=row.id, state=TargetState.WAITING, next_at__lte=now
        )
        return list(waiting.order_by("next_at", "customer_id")[:limit])


def release(
    context: AccessContext, row: Campaign, target: Target, *, now: datetime, begin: Begin | None = None
) -> bool:
    """Begin one attempt, a message where `begin` says nothing else; False where it is not yet the hour at the person's
    place, or another target is this person.

    Killed at any point, either the attempt and its message are there or neither is; the key of the message is campaign,
    person and number, so that no attempt can become two messages.
    """
    with scoped(context.scope):
        shown = shown_as(context, target)
        if not shown.leads:
            settling.stop(target, reason=SAME_PERSON, now=now)
            return False
        try:
            later = _later(context, row, target, now=now)
            if later is None:
                (begin or _message)(context, row, target, shown.customer_id, now)
        except NotFoundError as gone:
            if gone.place not in {"customer", "value"}:
                raise
            return _gone(context, row, target, now=now)
        if later is not None:
            settling.wait(target, until=later, now=now)
    return later is None


def _later(context: AccessContext, row: Campaign, target: Target, *, now: datetime) -> datetime | None:
    """When the person's hours begin; None where they are now, or nobody can say: the gate refuses then."""
    hours = clearance.contact_hours(
        context,
        customer_id=target.customer_id,
        value_id=target.value_id,
        channel=Channel(row.channel),
        purpose=row.purpose,
        campaign_id=row.id,
        now=now,
    )
    if hours.inside is not False:
        return None
    return hours.opens_at or now + _LOOK_AGAIN


def _message(context: AccessContext, row: Campaign, target: Target, person: int, now: datetime) -> None:
    number = target.number + 1
    channel = Channel(row.channel)
    named = delivery.template_of(context, channel, row.template, row.language).parameters
    message = NewMessage(
        customer_id=person,
        value_id=target.value_id,
        purpose=row.purpose,
        template=row.template,
        language=row.language,
        parameters={"company": controller(context.controller_id).name} if named else {},
        key=f"campaign:{to_public(row.id)}:{to_public(target.customer_id)}:{number}",
        about=row.about,
        not_after=now + _WAITS_AT_MOST,
        campaign_id=row.id,
    )
    send = delivery.send_mail if channel is Channel.EMAIL else delivery.send_sms
    message_id = send(context, message=message, now=now)
    _attempt(context, target, number, message_id, now)
    settling.in_hand(target, number=number, now=now)


def _gone(context: AccessContext, row: Campaign, target: Target, *, now: datetime) -> bool:
    """The person or the address is not there any more: an attempt that failed before it began."""
    _attempt(context, target, target.number + 1, None, now)
    settling.in_hand(target, number=target.number + 1, now=now)
    ended = settling.Ended(outcome=Outcome.FAILED, reason="address-gone")
    settling.settle(context, row, customer_id=target.customer_id, number=target.number + 1, ended=ended, now=now)
    return True


def _attempt(context: AccessContext, target: Target, number: int, message_id: int | None, now: datetime) -> None:
    Attempt.objects.create(
        controller_id=context.controller_id,
        campaign_id=target.campaign_id,
        customer_id=target.customer_id,
        number=number,
        at=now,
        message_id=message_id,
    )
