"""Handing out and forgetting in which campaigns one customer was: called through the privacy registry."""

from collections.abc import Iterator, Mapping

from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Planned
from trustdesk.register.api import shown_as_one


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Each campaign with where the person stands in it, and each attempt (GDPR Art. 15(1)(a))."""
    with joined(context.scope):
        owned = {"controller_id": context.controller_id, "customer_id__in": shown_as_one(context, customer_id)}
        targets = list(Target.objects.filter(**owned).order_by("campaign_id"))
        attempts = list(Attempt.objects.filter(**owned).order_by("campaign_id", "number"))
        campaigns = Campaign.objects.filter(
            controller_id=context.controller_id, id__in=[target.campaign_id for target in targets]
        )
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


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: attempts and places in campaigns, all of which go."""
    with joined(context.scope):
        owned = {"controller_id": context.controller_id, "customer_id": customer_id}
        yield Planned("campaign-attempts", Attempt.objects.filter(**owned).count())
        yield Planned("campaign-targets", Target.objects.filter(**owned).count())


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the person in every campaign, also where it is waited for; the number of rows (GDPR Art. 17). The counts
    of a campaign are of those that are left.
    """
    with joined(context.scope):
        owned = {"controller_id": context.controller_id, "customer_id": customer_id}
        attempts, _each = Attempt.objects.filter(**owned).delete()
        targets, _each = Target.objects.filter(**owned).delete()
    return attempts + targets
