"""What became of the messages: read from the outbox, told to the campaign. Heard twice it is heard once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trustdesk.campaigns.contracts import Outcome
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services.settling import Ended, settle
from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import CAMPAIGN_STANDS, Channel
from trustdesk.decision.contracts import Outcome as Verdict
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import MessageView
from trustdesk.delivery.contracts import State as Message
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

_PAGE = 1_000
_OVERLAP = timedelta(seconds=30)  # an instant is taken before its transaction commits
_A_LITTLE = timedelta(minutes=1)
_OUTCOMES: Mapping[Message, Outcome] = {
    Message.SENT: Outcome.SENT,
    Message.BOUNCED: Outcome.BOUNCED,
    Message.FAILED: Outcome.FAILED,
    Message.UNKNOWN: Outcome.UNKNOWN,
}


def hear(context: AccessContext, row: Campaign, *, now: datetime) -> int:
    """Bring attempts up to what the outbox knows; how many changed.

    By the instant of their change, and those that are waited for too long by name: an instant may be old by the time it
    commits, and who waits for what was said before is waiting for ever.
    """
    changed, since = _settle(context, row, _waited_for(context, row, now=now), now=now), row.heard_at
    while True:
        page = delivery.of_campaign(context, row.id, changed_since=since, limit=_PAGE)
        changed += _settle(context, row, page, now=now)
        if len(page) < _PAGE or page[-1].changed_at == since:
            break
        since = page[-1].changed_at
    with scoped(context.scope):
        heard = Campaign.objects.filter(controller_id=context.controller_id, id=row.id)
        heard.update(heard_at=now - _OVERLAP)
    row.heard_at = now - _OVERLAP
    return changed


def _waited_for(context: AccessContext, row: Campaign, *, now: datetime) -> Sequence[MessageView]:
    with scoped(context.scope):
        begun = Attempt.objects.filter(
            controller_id=context.controller_id,
            campaign_id=row.id,
            outcome="",
            message_id__isnull=False,
            at__lt=now - _OVERLAP,
        )
        named = [each or 0 for each in begun.order_by("at", "customer_id").values_list("message_id", flat=True)]
    return delivery.of_campaign(context, row.id, named=named, limit=len(named)) if named else []


def _settle(context: AccessContext, row: Campaign, page: Sequence[MessageView], *, now: datetime) -> int:
    over = {view.message_id: view for view in page if view.state in _OUTCOMES or view.state is Message.REFUSED}
    with scoped(context.scope):
        attempts = list(
            Attempt.objects.filter(
                controller_id=context.controller_id, campaign_id=row.id, message_id__in=over.keys()
            ).order_by("at", "customer_id")
        )
    decided = [view.decision_id for view in over.values() if view.decision_id is not None]
    verdicts = clearance.outcomes(context, decided)
    changed = 0
    for attempt in attempts:
        view = over[attempt.message_id or 0]
        verdict = verdicts.get(view.decision_id or 0)
        ended = _ended(context, row, attempt, view, verdict=verdict, now=now)
        if ended.outcome == attempt.outcome:
            continue
        settled = settle(context, row, customer_id=attempt.customer_id, number=attempt.number, ended=ended, now=now)
        changed += settled
    return changed


def _ended(
    context: AccessContext,
    row: Campaign,
    attempt: Attempt,
    view: MessageView,
    *,
    verdict: Verdict | None,
    now: datetime,
) -> Ended:
    if view.state is not Message.REFUSED:
        return Ended(outcome=_OUTCOMES[view.state], reason=view.reason, decision_id=view.decision_id)
    if view.reason == "mandate-ended":
        # In whose name it went may not act any more. Nothing was asked: it waits until somebody resumes the campaign.
        return Ended(outcome=Outcome.HELD, reason=view.reason, until=now + _A_LITTLE)
    ended = Ended(outcome=Outcome.REFUSED, reason=view.reason, decision_id=view.decision_id)
    return not_cleared(context, row, attempt, ended, verdict=verdict, now=now)


def not_cleared(
    context: AccessContext, row: Campaign, attempt: Attempt, ended: Ended, *, verdict: Verdict | None, now: datetime
) -> Ended:
    """The gate said no, for the rule in `ended.reason`: for good, because it could not decide, or only for now."""
    if verdict is not Verdict.DENY:
        return replace(ended, outcome=Outcome.UNDECIDED)
    if not clearance.passes_by_itself(context, ended.reason):
        return ended
    return replace(ended, outcome=Outcome.HELD, until=_until(context, row, attempt, ended.reason, now))


def _until(context: AccessContext, row: Campaign, attempt: Attempt, rule_id: str, now: datetime) -> datetime:
    """When it may be tried again: at once where the campaign stood, else when hours or a new day begin."""
    if rule_id == CAMPAIGN_STANDS:
        return now
    with scoped(context.scope):
        target = Target.objects.get(
            controller_id=row.controller_id, campaign_id=row.id, customer_id=attempt.customer_id
        )
    try:
        hours = clearance.contact_hours(
            context,
            customer_id=attempt.customer_id,
            value_id=target.value_id,
            channel=Channel(row.channel),
            purpose=row.purpose,
            campaign_id=row.id,
            now=now,
        )
    except NotFoundError:
        return now + _A_LITTLE  # the next attempt finds out, and says so
    if hours.inside is False:
        return hours.opens_at or now + timedelta(days=1)
    return hours.day_ends_at or now + timedelta(days=1)
