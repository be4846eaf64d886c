"""What is known only when somebody is about to be contacted: the hour at the person's place, the attempts so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trustdesk.clearance import wire
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.deciding import Moment
from trustdesk.clearance.selectors.facts import Asked, Known
from trustdesk.clearance.selectors.setup import Setup
from trustdesk.decision.api import inside_window, window_changes_at
from trustdesk.decision.contracts import Facts, Place
from trustdesk.kernel.context import AccessContext

_ATTEMPTS = """
SELECT count(*) FILTER (WHERE d.at >= %s), count(*) FILTER (WHERE d.at >= %s),
  count(*) FILTER (WHERE d.campaign_id = %s)
FROM clearance_decision d
JOIN register_customer c ON c.controller_id = d.controller_id AND c.id = d.customer_id
WHERE d.controller_id = %s AND (c.id = %s OR c.merged_into = %s) AND d.outcome = 'permit' AND d.channel = %s
  AND d.place <> 'prepare' AND d.at <= %s AND (d.at >= %s OR d.campaign_id = %s)
"""


def moment_of(context: AccessContext, campaign_id: int | None) -> Moment:
    """Asks as often as the countries differ; inside the transaction of the contact."""

    def moment(asked: Asked, _known: Known, setup: Setup, countries: frozenset[str]) -> Facts:
        place = Place(countries)
        held, kind, at = packs(), asked.purpose.kind, asked.at
        channel, policy = asked.channel, setup.policy
        found: dict[str, object] = {
            "inside_window": inside_window(held, policy, place=place, channel=channel, purpose_kind=kind, at=at),
            "window_until": window_changes_at(held, policy, place=place, channel=channel, purpose_kind=kind, at=at),
        }
        found.update(_attempts(context, asked, countries, campaign_id))
        return found

    return moment


def _attempts(
    context: AccessContext, asked: Asked, countries: frozenset[str], campaign_id: int | None
) -> Mapping[str, object]:
    """Permits count as attempts, but for those that only prepare one (contracts.PREPARING): each is a contact that was
    about to be made, in whatever campaign or none. Unknown where the place is unknown; outside a campaign there are
    none of a campaign.
    """
    since = _since(asked.at, countries)
    if since is None:
        return {}
    today, week = since
    controller, customer = context.controller_id, asked.customer_id
    row = wire.fetch(
        _ATTEMPTS,
        [today, week, campaign_id, controller, customer, customer, asked.channel.value, asked.at, week, campaign_id],
    )[0]
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
