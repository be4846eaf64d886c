"""What a campaign may be: refused where it is made, with the place and how to mend it."""

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import (
    AFTER_A_NO,
    FILLED,
    MOST_A_MINUTE,
    SAID_NO,
    STANDARD,
    WRITTEN,
    Act,
    Disposition,
    NewCampaign,
    Outcome,
    Window,
)
from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.screening.contracts import Progress

_NAME_LIMIT = 100
_DAYS = 7
_SHORTEST = timedelta(minutes=1)
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def check(context: AccessContext, new: NewCampaign, run: Progress, *, now: datetime) -> None:
    """BadInputError with the field it speaks of; NotFoundError where the template is not there."""
    if not new.name.strip() or len(new.name) > _NAME_LIMIT:
        raise BadInputError(_("A campaign has a name of at most 100 letters."), place="name")
    if run.ask.channel not in WRITTEN:
        raise BadInputError(
            _("Campaigns go out by mail and SMS."), place="run", mend=_("Screen the list for one of these channels.")
        )
    check_template(context, run.ask.channel, new.template, new.language)
    if not 1 <= new.pace <= MOST_A_MINUTE:
        raise BadInputError(_("The pace is between 1 and 6,000 messages a minute."), place="pace")
    if new.ends_at is not None and new.ends_at <= max(now, new.starts_at or now):
        raise BadInputError(_("The campaign would be over before it begins."), place="ends_at")
    if new.window is not None:
        _check_window(new.window)
    _check_limits(context, new, run, now=now)
    for outcome, disposition in new.outcomes.items():
        check_disposition(outcome, disposition)


def check_template(context: AccessContext, channel: Channel, code: str, language: str) -> None:
    """BadInputError where the wording asks for more than can be filled without opening anything."""
    strange = delivery.template_of(context, channel, code, language).parameters - FILLED
    if strange:
        raise BadInputError(
            _("A campaign's wording has no parameter but {company}: nothing of the person is opened to fill it."),
            place="template",
            mend=", ".join(sorted(strange)),
        )


def check_disposition(outcome: str, disposition: Disposition) -> None:
    """BadInputError where the mapping makes no sense. None that can be given leads around the gate."""
    if not _CODE.fullmatch(outcome) or outcome == Outcome.HELD:
        raise BadInputError(_("This outcome can't be given a meaning."), place=f"outcomes.{outcome}")
    if (disposition.act is Act.AGAIN) != (disposition.after is not None):
        raise BadInputError(_("To try again needs a time to wait, and nothing else does."), place=f"outcomes.{outcome}")
    if disposition.after is not None and disposition.after < _SHORTEST:
        raise BadInputError(_("At least a minute lies between two attempts."), place=f"outcomes.{outcome}")
    if outcome in SAID_NO and disposition.act not in AFTER_A_NO:
        raise BadInputError(
            _("What the gate refused is not done, and nobody objected."),
            place=f"outcomes.{outcome}",
            mend=_("Say stop, or try again: the gate is asked again then."),
        )


def standard() -> dict[str, Disposition]:
    """What outcomes mean where nothing else is said."""
    return {str(outcome): disposition for outcome, disposition in STANDARD.items()}


def _check_window(window: Window) -> None:
    if len(window.week) != _DAYS:
        raise BadInputError(_("A week has seven days, Monday first."), place="window")
    if not any(window.week):
        raise BadInputError(_("The campaign would be open on no day of the week."), place="window")
    for day in (*window.week, window.public_holiday or ()):
        if any(moment.second or moment.microsecond or moment.tzinfo for hours in day for moment in hours):
            raise BadInputError(_("Hours are given in minutes, without a time zone."), place="window")


def _check_limits(context: AccessContext, new: NewCampaign, run: Progress, *, now: datetime) -> None:
    """Stricter than law, product and policy in every country there is, never looser."""
    limits = new.limits
    for place in ("per_day", "per_week", "per_campaign"):
        own = getattr(limits, place)
        if own is not None and own < 1:
            raise BadInputError(_("Less than one attempt is none."), place=place)
    bound = clearance.attempt_limits(context, channel=run.ask.channel, purpose=run.ask.purpose, now=now)
    if bound is None:
        return
    for place in ("per_day", "per_week", "per_campaign"):
        own, most = getattr(limits, place), getattr(bound, place)
        if own is not None and most is not None and own > most:
            raise BadInputError(
                _("The rules in force allow fewer attempts than this."),
                place=place,
                mend=f"{most} ({bound.statute.text})",
            )
