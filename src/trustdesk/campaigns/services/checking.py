"""What a campaign may be: refused where it is made, with the place and how to mend it."""

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import (
    AFTER_A_NO,
    AFTER_AN_OBJECTION,
    CALLED,
    FILLED,
    MOST_A_MINUTE,
    OBJECTED,
    SAID_NO,
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
from trustdesk.telephony import api as telephony

_NAME_LIMIT = 100
_DAYS = 7
_LONGEST_SCRIPT = 4_000
_SHORTEST = timedelta(minutes=1)
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def check(context: AccessContext, new: NewCampaign, run: Progress, *, now: datetime) -> None:
    """BadInputError with the field it speaks of; NotFoundError where the template is not there."""
    if not new.name.strip() or len(new.name) > _NAME_LIMIT:
        raise BadInputError(_("A campaign has a name of at most 100 letters."), place="name")
    _check_way(context, run.ask.channel, new)
    if not 1 <= new.pace <= MOST_A_MINUTE:
        raise BadInputError(_("The pace is between 1 and 6,000 messages or calls a minute."), place="pace")
    if new.ends_at is not None and new.ends_at <= max(now, new.starts_at or now):
        raise BadInputError(_("The campaign would be over before it begins."), place="ends_at")
    if new.window is not None:
        _check_window(new.window)
    _check_limits(context, new, run, now=now)
    for outcome, disposition in new.outcomes.items():
        check_disposition(outcome, disposition)


def _check_way(context: AccessContext, channel: Channel, new: NewCampaign) -> None:
    """What is sent has a wording, what is called has a script; neither has both."""
    if channel in WRITTEN:
        if new.queue or new.line or new.script or new.release is not None:
            raise BadInputError(_("A campaign that is sent has a wording, and nobody calls."), place="script")
        check_template(context, channel, new.template, new.language)
        return
    if channel not in CALLED:
        raise BadInputError(
            _("Campaigns go out by mail, by SMS and by calls of agents."),
            place="run",
            mend=_("Screen the list for one of these channels."),
        )
    if new.template or new.language:
        raise BadInputError(_("A campaign of calls has a script, and no wording is sent."), place="template")
    if not new.script.strip() or len(new.script) > _LONGEST_SCRIPT:
        raise BadInputError(_("Write what the agent says, in at most 4,000 letters."), place="script")
    if new.release is None:
        raise BadInputError(_("Say how the next person is called."), place="release")
    check_telephony(context, queue=new.queue, line=new.line)


def check_telephony(context: AccessContext, *, queue: str, line: str) -> None:
    """BadInputError with the field where there is no such queue or number, no carrier, or nobody said where the company
    may call.
    """
    if queue not in {one.code for one in telephony.queues(context)}:
        raise BadInputError(_("There is no such queue."), place="queue", mend=_("Choose one from the list."))
    if line not in {one.e164 for one in telephony.numbers(context)}:
        raise BadInputError(
            _("This is no number of the company's own."), place="line", mend=_("Choose one that can be called back.")
        )
    if not telephony.trunk_names():
        raise BadInputError(
            _("There is no carrier to call over."), place="trunks", mend=_("Set a trunk in the console.")
        )
    if telephony.reach_of(context) is None:
        raise BadInputError(
            _("Nobody has said yet where this company may call."),
            place="reach",
            mend=_("Let an administrator set the destinations."),
        )


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
    if outcome in OBJECTED and disposition.act not in AFTER_AN_OBJECTION:
        raise BadInputError(
            _("Who objected is not done, and not called again."), place=f"outcomes.{outcome}", mend=_("Say stop.")
        )
    if outcome in SAID_NO and disposition.act not in AFTER_A_NO:
        raise BadInputError(
            _("What the gate refused is not done, and nobody objected."),
            place=f"outcomes.{outcome}",
            mend=_("Say stop, or try again: the gate is asked again then."),
        )


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
