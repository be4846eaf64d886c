"""A campaign's own hours and limits, laid on top of the policy in force: one more stricter layer, read by the same
rules and recorded by the same names.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Line
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.plain import line
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.subjects import together
from trustdesk.decision import api as rules
from trustdesk.decision.contracts import CAMPAIGN_STANDS, AttemptLimits, Channel, ContactHours, Outcome, Place, Policy
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import KEEPER, CampaignTerms

_COUNTRIES = """
SELECT nullif(c.country, '') FROM register_customer c WHERE c.controller_id = %s AND c.id = ANY(%s)
UNION SELECT t.country FROM clearance_point t WHERE t.controller_id = %s AND t.customer_id = ANY(%s) AND t.value_id = %s
"""
_SAID_NO = """
SELECT o.customer_id FROM clearance_objection o
WHERE o.controller_id = %(controller)s AND o.act = 'objected' AND o.recorded_at >= %(since)s
  AND (o.purpose_id IS NULL OR o.purpose_id = %(purpose)s) AND o.purpose_kind IN ('', %(kind)s)
  AND o.channel IN ('', %(channel)s)
UNION
SELECT e.customer_id FROM clearance_consent_event e
WHERE e.controller_id = %(controller)s AND e.state = 'withdrawn' AND e.recorded_at >= %(since)s
  AND e.purpose_id = %(purpose)s AND e.channel IN ('', %(channel)s)
"""
_DECISIONS = "SELECT id, outcome FROM clearance_decision WHERE controller_id = %s AND id = ANY(%s)"
_OF_CONTACT = """
SELECT id, outcome, rule_ids FROM clearance_decision
WHERE controller_id = %s AND customer_id = ANY(%s) AND contact_id = %s ORDER BY at DESC, id DESC LIMIT 1
"""


def layer(
    context: AccessContext, campaign_id: int, *, now: datetime, contact_id: int | None = None
) -> Callable[[Policy], Policy]:
    """What the campaign adds at this instant, for this contact of it. LookupError where nobody keeps campaigns: then
    nothing is permitted.
    """
    terms = registries.campaigns.get(KEEPER).terms(context, campaign_id, now=now, contact_id=contact_id)
    return lambda policy: rules.with_campaign(policy, terms, now=now)


def contact_hours(
    context: AccessContext,
    *,
    customer_id: int,
    value_id: int,
    channel: Channel,
    purpose: str,
    campaign_id: int,
    now: datetime,
) -> ContactHours:
    """When the person may be contacted in the course of the campaign, by the hours of law, policy and campaign at the
    person's place; to plan by, never to contact by: `permit` asks again. NotFoundError for a stranger or no purpose.
    """
    with wire.within(context):
        setup = current(context)
        kind = setup.purpose(purpose).kind
        policy = layer(context, campaign_id, now=now)(setup.policy)
        controller, ids = context.controller_id, together(context, customer_id)
        found = wire.fetch(_COUNTRIES, [controller, ids, controller, ids, value_id])
    place = Place(frozenset(row[0] for row in found if row[0]))
    held = packs()
    inside = rules.inside_window(held, policy, place=place, channel=channel, purpose_kind=kind, at=now)
    opens_at = rules.next_opening(held, policy, place=place, channel=channel, purpose_kind=kind, at=now)
    return ContactHours(inside=inside, opens_at=opens_at, day_ends_at=_day_ends_at(place, now))


def attempt_limits(context: AccessContext, *, channel: Channel, purpose: str, now: datetime) -> AttemptLimits | None:
    """The strictest of all limits that law, product and policy set in any country; None where nothing limits the
    channel. NotFoundError where there is no such purpose.
    """
    setup, held = current(context), packs()
    return rules.attempt_limits(
        held,
        setup.policy,
        place=Place(frozenset(held.countries)),
        channel=channel,
        purpose_kind=setup.purpose(purpose).kind,
        at=now,
    )


def outcomes(context: AccessContext, decision_ids: Sequence[int]) -> Mapping[int, Outcome]:
    """What recorded decisions came to, by their ids; those that are forgotten are left out. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    with wire.within(context):
        return {row[0]: Outcome(row[1]) for row in wire.fetch(_DECISIONS, [context.controller_id, list(decision_ids)])}


def contact_decided(context: AccessContext, *, customer_id: int, contact_id: int) -> tuple[int, Outcome, str] | None:
    """The last recorded decision about one contact: its id, what it came to, and the rule that spoke first, empty where
    none stood against it. None where nobody asked, or it is forgotten. Needs `clearance:read`.
    """
    context.check_operation("clearance:read")
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_OF_CONTACT, [context.controller_id, ids, contact_id])
    return (rows[0][0], Outcome(rows[0][1]), next(iter(rows[0][2]), "")) if rows else None


def said_no_since(context: AccessContext, *, purpose: str, channel: Channel, since: datetime) -> Sequence[int]:
    """The customers of whom an objection or a withdrawal that reaches this purpose and channel was recorded since then.
    Needs `clearance:read`.
    """
    context.check_operation("clearance:read")
    with wire.within(context):
        asked = current(context).purpose(purpose)
        named = {
            "controller": context.controller_id,
            "since": since,
            "purpose": asked.purpose_id,
            "kind": asked.kind.value,
            "channel": channel.value,
        }
        return [row[0] for row in wire.fetch(_SAID_NO, named)]


def rule_line(context: AccessContext, rule_id: str, outcome: Outcome) -> Line | None:
    """What a rule says for the outcome, in plain words and with its law; None where it is not in force any more."""
    reason = rules.reason_of(packs(), _with_all_terms(context), rule_id, outcome)
    return None if reason is None else line(reason)


def passes_by_itself(context: AccessContext, rule_id: str) -> bool:
    """Whether a refusal by this rule ends with time alone, or when its campaign goes on."""
    return rule_id == CAMPAIGN_STANDS or rules.passes_by_itself(packs(), _with_all_terms(context), rule_id)


def _with_all_terms(context: AccessContext) -> Policy:
    """The policy with every entry that a campaign can add, to find them by their names."""
    terms = CampaignTerms(going=False, week=[()] * 7)
    return rules.with_campaign(current(context).policy, terms, now=datetime.min.replace(tzinfo=UTC))


def _day_ends_at(place: Place, now: datetime) -> datetime | None:
    """Of several time zones the last one: only then is it a new day for all."""
    known = packs().by_jurisdiction
    if not place.countries or not place.countries <= known.keys():
        return None
    zones = [ZoneInfo(name) for country in place.countries for name in known[country].time_zones]
    tomorrows = [(now.astimezone(zone).date() + timedelta(days=1), zone) for zone in zones]
    return max(datetime.combine(day, time(), zone) for day, zone in tomorrows)
