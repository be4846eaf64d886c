"""What is known only when somebody is about to be contacted: the hour at the person's place, the attempts so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import PREPARING
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.deciding import Moment
from trustdesk.clearance.selectors.facts import Asked, Known
from trustdesk.clearance.selectors.setup import Setup
from trustdesk.decision.api import inside_window, window_changes_at
from trustdesk.decision.contracts import Facts, Place
from trustdesk.kernel.context import AccessContext

_ATTEMPTS = """
SELECT count(DISTINCT coalesce(d.contact_id, d.id)) FILTER (WHERE d.at >= %(today)s),
  count(DISTINCT coalesce(d.contact_id, d.id)) FILTER (WHERE d.at >= %(week)s),
  count(DISTINCT coalesce(d.contact_id, d.id)) FILTER (WHERE d.campaign_id = %(campaign)s::bigint)
FROM clearance_decision d
JOIN register_customer c ON c.controller_id = d.controller_id AND c.id = d.customer_id
WHERE d.controller_id = %(controller)s AND (c.id = %(customer)s OR c.merged_into = %(customer)s)
  AND d.outcome = 'permit' AND d.channel = %(channel)s AND d.place <> %(preparing)s AND d.at <= %(now)s
  AND (d.at >= %(week)s OR d.campaign_id = %(campaign)s::bigint)
  AND (%(contact)s::bigint IS NULL OR d.contact_id IS DISTINCT FROM %(contact)s::bigint)
"""


def moment_of(context: AccessContext, campaign_id: int | None, contact_id: int | None) -> Moment:
    """Asks as often as the countries differ; inside the transaction of the contact."""

    def moment(asked: Asked, _known: Known, setup: Setup, countries: frozenset[str]) -> Facts:
        place = Place(countries)
        held, kind, at = packs(), asked.purpose.kind, asked.at
        channel, policy = asked.channel, setup.policy
        found: dict[str, object] = {
            "inside_window": inside_window(held, policy, place=place, channel=channel, purpose_kind=kind, at=at),
            "window_until": window_changes_at(held, policy, place=place, channel=channel, purpose_kind=kind, at=at),
        }
        found.update(_attempts(context, asked, countries, campaign_id, contact_id))
        return found

    return moment


def _attempts(
    context: AccessContext, asked: Asked, countries: frozenset[str], campaign_id: int | None, contact_id: int | None
) -> Mapping[str, object]:
    """Permits count as attempts, in whatever campaign or none: each is a contact that was about to be made, and asked
    about twice it is one. Those that only prepare one (contracts.PREPARING) do not. Unknown where the place is unknown;
    outside a campaign there are none of a campaign.
    """
    since = _since(asked.at, countries)
    if since is None:
        return {}
    today, week = since
    named = {
        "today": today,
        "week": week,
        "campaign": campaign_id,
        "controller": context.controller_id,
        "customer": asked.customer_id,
        "channel": asked.channel.value,
        "preparing": PREPARING,
        "now": asked.at,
        "contact": contact_id,
    }
    row = wire.fetch(_ATTEMPTS, named)[0]
    return {"attempts_today": row[0], "attempts_week": row[1], "attempts_campaign": row[2]}


def _since(at: datetime, countries: frozenset[str]) -> tuple[datetime, datetime] | None:
    """Midnight and Monday's midnight at the person's place; of several time zones the earlier, which counts more."""
    known = packs().by_jurisdiction
    if not countries or not countries <= known.keys():
        return None
    zones = [ZoneInfo(name) for country in countries for name in known[country].time_zones]
    midnights = [at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) for zone in zones]
    mondays = [midnight - timedelta(days=midnight.weekday()) for midnight in midnights]
    return min(midnights), min(mondays)
