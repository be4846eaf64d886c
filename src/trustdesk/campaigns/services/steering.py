"""Starting, pausing, ending and cancelling: each by the table of states, with its deed in the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import CALLED, CAMPAIGN, State, Step
from trustdesk.campaigns.keeping import over
from trustdesk.campaigns.models import Campaign
from trustdesk.campaigns.services.checking import check_telephony, check_template
from trustdesk.campaigns.services.waking import wake
from trustdesk.campaigns.states import after
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing

NOTHING: Mapping[str, Any] = {}


def start(context: AccessContext, *, campaign_id: int, now: datetime) -> None:
    """Let it run, from `starts_at` on where it has one. Needs `campaign:manage` and `customer:contact`: from now on it
    acts in the name of whoever started it, under that mandate.

    NoSuchStepError where it is no draft, BadInputError where nobody said as whom the company writes.
    """
    _go(context, campaign_id, Step.STARTED, now)


def resume(context: AccessContext, *, campaign_id: int, now: datetime) -> None:
    """Let a paused one go on, in the name of whoever resumes it. As `start`."""
    _go(context, campaign_id, Step.RESUMED, now)


def pause(context: AccessContext, *, campaign_id: int, now: datetime) -> None:
    """Stop it for now. Needs `campaign:stop`. When this has returned, no message and no call is permitted any more but
    one that was being handed over at this moment.
    """
    context.check_operation("campaign:stop")
    _by_hand(context, campaign_id, Step.PAUSED, now)


def end(context: AccessContext, *, campaign_id: int, now: datetime) -> None:
    """End it before everybody was dealt with. Needs `campaign:stop`. As `pause`, for good."""
    context.check_operation("campaign:stop")
    _by_hand(context, campaign_id, Step.ENDED, now)


def cancel(context: AccessContext, *, campaign_id: int, now: datetime) -> None:
    """Give it up, also as a draft. Needs `campaign:stop`. As `pause`, for good."""
    context.check_operation("campaign:stop")
    _by_hand(context, campaign_id, Step.CANCELLED, now)


def find(context: AccessContext, campaign_id: int) -> Campaign:
    """NotFoundError where there is none of this company."""
    with scoped(context.scope):
        row = Campaign.objects.filter(controller_id=context.controller_id, id=campaign_id).first()
    if row is None:
        raise NotFoundError(_("There is no such campaign."), place="campaign")
    return row


def step_by_itself(context: AccessContext, row: Campaign, step: Step, *, reason: str, now: datetime) -> None:
    """What the worker does with a campaign: end it, or pause it where it can't go on. Nothing where somebody was
    quicker.
    """
    try:
        _move(context, row, step, now, reason=reason)
    except ConflictError:
        return


def _go(context: AccessContext, campaign_id: int, step: Step, now: datetime) -> None:
    for operation in ("campaign:manage", "customer:contact", "customer:open"):
        context.check_operation(operation)
    with scoped(context.scope):
        row = find(context, campaign_id)
        after(State(row.state), step)
        _check_ready(context, row, now=now)
        acting: dict[str, Any] = {
            "operator_id": context.operator_id,
            "mandate_id": context.mandate_id,
            "access_purpose": context.purpose,
        }
        began = {"started_at": now, "started_by": context.operator_id} if step is Step.STARTED else {}
        _move(context, row, step, now, also=acting | began)
        transaction.on_commit(lambda: wake(context.controller_id, campaign_id), robust=True)


def _check_ready(context: AccessContext, row: Campaign, *, now: datetime) -> None:
    channel = Channel(row.channel)
    if channel in CALLED:
        check_telephony(context, queue=row.queue, line=row.line)
    else:
        _check_sending(context, row, channel)
    if over(row, now=now):
        raise BadInputError(_("The time of this campaign is over."), place="ends_at", mend=_("Make a new one."))


def _check_sending(context: AccessContext, row: Campaign, channel: Channel) -> None:
    sender = delivery.sender_of(context)
    if not (sender.mail_address if channel is Channel.EMAIL else sender.sms_name):
        raise BadInputError(
            _("Nobody has said yet as whom this company writes."), place="sender", mend=_("Set it in the console.")
        )
    check_template(context, channel, row.template, row.language)


def _by_hand(context: AccessContext, campaign_id: int, step: Step, now: datetime) -> None:
    with scoped(context.scope):
        _move(context, find(context, campaign_id), step, now)


def _move(
    context: AccessContext,
    row: Campaign,
    step: Step,
    now: datetime,
    *,
    reason: str = "",
    also: Mapping[str, Any] = NOTHING,
) -> None:
    state = after(State(row.state), step)
    with scoped(context.scope):
        unmoved = Campaign.objects.filter(controller_id=context.controller_id, id=row.id, state=row.state)
        if not unmoved.update(state=state, reason=reason, changed_at=now, **also):
            raise ConflictError(
                _("Somebody else moved this campaign meanwhile."), place="campaign", mend=_("Look at it again.")
            )
        detail: dict[str, object] = {"campaign": row.id}
        context.journal.deed(context, f"campaigns.{step}", detail=detail | ({"reason": reason} if reason else {}))
        announce(context, Thing(CAMPAIGN, row.id))
    row.state = state
