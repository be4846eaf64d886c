"""Handing out in which campaigns one customer was, and forgetting in which many were: called through the registry."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap

from django.db import connection

from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one

# Attempts are found by their targets: no index leads to them by the customer.
_COUNTS = """
SELECT 'campaign-targets', customer_id, count(*) FROM campaigns_target
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
UNION ALL
SELECT 'campaign-attempts', t.customer_id, count(*) FROM campaigns_target t
JOIN campaigns_attempt a
  ON a.controller_id = t.controller_id AND a.campaign_id = t.campaign_id AND a.customer_id = t.customer_id
WHERE t.controller_id = %(controller)s AND t.customer_id = ANY(%(records)s) GROUP BY t.customer_id
"""
_DELETE = """
WITH held AS MATERIALIZED (
  SELECT campaign_id, customer_id FROM campaigns_target
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s)
  ORDER BY campaign_id, customer_id FOR UPDATE
), attempts AS (
  DELETE FROM campaigns_attempt a USING held
  WHERE a.controller_id = %(controller)s AND a.campaign_id = held.campaign_id AND a.customer_id = held.customer_id
  RETURNING a.customer_id
), targets AS (
  DELETE FROM campaigns_target t USING held
  WHERE t.controller_id = %(controller)s AND t.campaign_id = held.campaign_id AND t.customer_id = held.customer_id
  RETURNING t.customer_id
)
SELECT 'campaign-attempts', customer_id, count(*) FROM attempts GROUP BY customer_id
UNION ALL
SELECT 'campaign-targets', customer_id, count(*) FROM targets GROUP BY customer_id
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Each campaign with where the person stands in it, and each attempt (GDPR Art. 15(1)(a))."""
    with joined(context.scope):
        owned = {"controller_id": context.controller_id, "customer_id__in": shown_as_one(context, customer_id)}
        targets = list(Target.objects.filter(**owned).order_by("campaign_id"))
        theirs = [target.campaign_id for target in targets]
        attempts = list(
            Attempt.objects.filter(**owned, campaign_id__in=theirs).order_by("campaign_id", "customer_id", "number")
        )
        campaigns = Campaign.objects.filter(controller_id=context.controller_id, id__in=theirs)
        names = {row.id: (row.name, row.purpose, row.channel) for row in campaigns.order_by("id")}
    for target in targets:
        name, purpose, channel = names[target.campaign_id]
        yield {
            "kind": "campaign",
            "name": name,
            "purpose": purpose,
            "channel": channel,
            "value": to_public(target.value_id),
            "state": target.state,
            "attempts": target.attempts,
            "last_outcome": target.last_outcome,
            "reason": target.reason,
            "next_at": target.next_at,
            "changed_at": target.changed_at,
        }
    for attempt in attempts:
        yield {
            "kind": "campaign-attempt",
            "name": names[attempt.campaign_id][0],
            "number": attempt.number,
            "at": attempt.at,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "ended_at": attempt.ended_at,
        }


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: attempts and places in campaigns, all of which go."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"controller": context.controller_id, "records": records(persons)})
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget the persons in every campaign, also where they are waited for; rows for each (GDPR Art. 17). The counts of
    a campaign are of those that are left.
    """
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_DELETE, {"controller": context.controller_id, "records": records(persons)})
        return gone(context, "campaigns.erased", persons, list(starmap(Held, cursor.fetchall())))
