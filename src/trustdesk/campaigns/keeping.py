"""What a campaign allows at an instant, for the gate: asked inside the transaction of every permit in its course."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from trustdesk.campaigns.contracts import CALLED, State, Window
from trustdesk.campaigns.models import Attempt, Campaign
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import CampaignTerms, DayHours


class Keeper:
    """See `kernel.registries.CampaignKeeper`."""

    def terms(
        self, context: AccessContext, campaign_id: int, *, now: datetime, contact_id: int | None = None
    ) -> CampaignTerms:
        """A campaign that is not there, or another company's, does not go; nor for a call it does not wait for."""
        with scoped(context.scope):
            row = Campaign.objects.filter(controller_id=context.controller_id, id=campaign_id).first()
            if row is None or (contact_id is not None and not _waited_for(row, contact_id)):
                return CampaignTerms(going=False)
        return terms_of(row, now=now)


def _waited_for(row: Campaign, contact_id: int) -> bool:
    """A call is held until the permit's transaction ends: given up meanwhile, it could be made after all. What is sent
    stands in the outbox from the beginning and is not given up.
    """
    if row.channel not in CALLED:
        return True
    begun = Attempt.objects.select_for_update(no_key=True).filter(
        controller_id=row.controller_id, campaign_id=row.id, call_id=contact_id, outcome=""
    )
    return begun.order_by("number").first() is not None


def terms_of(row: Campaign, *, now: datetime) -> CampaignTerms:
    """Its own hours and limits, and whether it runs now."""
    begun = row.starts_at is None or row.starts_at <= now
    window = window_of(row.hours)
    return CampaignTerms(
        going=row.state == State.RUNNING and begun and not over(row, now=now),
        week=window.week if window is not None else None,
        public_holiday=window.public_holiday if window is not None else None,
        per_day=row.per_day,
        per_week=row.per_week,
        per_campaign=row.per_campaign,
    )


def over(row: Campaign, *, now: datetime) -> bool:
    """Whether its time is over."""
    return row.ends_at is not None and row.ends_at <= now


def window_of(stored: dict[str, Any] | None) -> Window | None:
    """The hours as `window_as_json` wrote them."""
    if stored is None:
        return None
    holiday = stored["public_holiday"]
    return Window(
        week=tuple(_read(day) for day in stored["week"]),
        public_holiday=None if holiday is None else _read(holiday),
    )


def window_as_json(window: Window | None) -> dict[str, Any] | None:
    """The hours as they are stored."""
    if window is None:
        return None
    holiday = window.public_holiday
    return {
        "week": [_written(day) for day in window.week],
        "public_holiday": None if holiday is None else _written(holiday),
    }


def _read(day: Sequence[Sequence[str]]) -> DayHours:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day)


def _written(day: DayHours) -> list[list[str]]:
    return [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in day]
