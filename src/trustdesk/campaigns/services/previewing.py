"""An agent looks first: takes the next person of a campaign, sees reference and script, and presses or puts back."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import CALLED, CallOfCampaign, CampaignToCall, Release, State, TargetState
from trustdesk.campaigns.keeping import terms_of
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services import calling, calls, releasing, steering
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError, TrustdeskError
from trustdesk.switchboard import api as switchboard
from trustdesk.telephony import api as telephony

_TRIES = 50  # whose hours have not begun is passed over
_STAYS = frozenset({"presence", calls.EDGE, "switchboard"})
_PUT_BACK = timedelta(hours=1)


def to_call(context: AccessContext, *, now: datetime) -> list[CampaignToCall]:
    """The running campaigns in which the operator may press, by name. Needs `call:dial`."""
    context.check_operation("call:dial")
    due = Q(state=TargetState.WAITING, next_at__lte=now)
    with scoped(context.scope):
        own = {"controller_id": context.controller_id}
        running = Campaign.objects.filter(**own, state=State.RUNNING, release=Release.PREVIEW, channel__in=CALLED)
        rows = [row for row in running.order_by("name", "id") if _skilled(context, row)]
        targets = Target.objects.filter(due, **own, campaign_id__in=[row.id for row in rows])
        many = dict(targets.values_list("campaign_id").annotate(many=Count("customer_id")).order_by("campaign_id"))
    return [
        CampaignToCall(campaign_id=row.id, name=row.name, queue=row.queue, due=many.get(row.id, 0))
        for row in rows
        if terms_of(row, now=now).going
    ]


def take(context: AccessContext, *, campaign_id: int, now: datetime) -> CallOfCampaign | None:
    """The next person for the operator to look at; the one in hand where there is one; None where nobody is due now.
    Needs `call:dial` and `customer:contact`. Nobody is dialled by it.

    ConflictError where the campaign does not run, or does not let agents press; RefusedError without a skill for its
    queue; NotFoundError where there is no such campaign.
    """
    for operation in ("call:dial", "customer:contact"):
        context.check_operation(operation)
    row = steering.find(context, campaign_id)
    if row.release != Release.PREVIEW or not terms_of(row, now=now).going:
        raise ConflictError(_("This campaign gives out nobody now."), place="campaign", mend=_("Choose another one."))
    if not _skilled(context, row):
        raise RefusedError(_("You don't answer for the queue of this campaign."), place="queue")
    held = in_hand(context)
    if held is not None:
        return held
    for _try in range(_TRIES):
        begun: list[Attempt] = []
        with scoped(context.scope):
            target = _next(context, row, now)
            if target is None:
                return None
            releasing.release(context, row, target, now=now, begin=calling.begin(context.operator_id, begun))
        if begun:
            return _view(row, begun[0], made=False)
    return None


def in_hand(context: AccessContext) -> CallOfCampaign | None:
    """Whom the operator has taken and not dialled yet. Needs `call:dial`."""
    context.check_operation("call:dial")
    with scoped(context.scope):
        mine = Attempt.objects.filter(
            controller_id=context.controller_id, operator_id=context.operator_id, outcome="", call_id__isnull=False
        )
        attempts = list(mine.order_by("-at", "customer_id"))
        made = switchboard.results(context, [attempt.call_id or 0 for attempt in attempts])
        for attempt in attempts:
            row = steering.find(context, attempt.campaign_id)
            if attempt.call_id not in made and row.release == Release.PREVIEW:
                return _view(row, attempt, made=False)
    return None


def dial(context: AccessContext, *, call_id: int, now: datetime) -> None:
    """Press: the person in hand is called, if the gate says so at this moment. Needs `call:dial` and
    `customer:contact`. NotFoundError where nobody of this number is in the operator's hand; else as
    `switchboard.dial_in_campaign`. After a refusal the person is not in hand any more; where only the telephone is
    missing, or the exchange is away, the person stays.
    """
    row, attempt = _mine(context, call_id)
    try:
        calling.dial(context, row, attempt, None)
    except TrustdeskError as fault:
        if fault.place not in _STAYS:
            calls.not_dialled(context, row, attempt, fault, now=now)
        raise


def put_back(context: AccessContext, *, call_id: int, now: datetime) -> None:
    """Not called: the person waits for an hour, for whoever takes the next one. Needs `call:dial`. NotFoundError as for
    `dial`, ConflictError where the call was dialled.
    """
    row, attempt = _mine(context, call_id)
    if not calls.give_up(context, row, attempt, until=now + _PUT_BACK, now=now):
        raise ConflictError(_("This call was made already."), place="call", mend=_("Load the page again."))


def of_call(context: AccessContext, call_id: int) -> CallOfCampaign | None:
    """In the course of which campaign a call is made, and its script; None where of none. Needs `call:take`."""
    context.check_operation("call:take")
    with scoped(context.scope):
        attempt = Attempt.objects.filter(controller_id=context.controller_id, call_id=call_id).first()
        return None if attempt is None else _view(steering.find(context, attempt.campaign_id), attempt, made=True)


def _mine(context: AccessContext, call_id: int) -> tuple[Campaign, Attempt]:
    context.check_operation("call:dial")
    with scoped(context.scope):
        attempt = Attempt.objects.filter(
            controller_id=context.controller_id, call_id=call_id, operator_id=context.operator_id, outcome=""
        ).first()
        if attempt is None:
            raise NotFoundError(
                _("This person is not in your hand any more."), place="call", mend=_("Take the next one.")
            )
        return steering.find(context, attempt.campaign_id), attempt


def _next(context: AccessContext, row: Campaign, now: datetime) -> Target | None:
    """Locked: two agents never take the same one."""
    waiting = Target.objects.select_for_update(skip_locked=True).filter(
        controller_id=context.controller_id, campaign_id=row.id, state=TargetState.WAITING, next_at__lte=now
    )
    return waiting.order_by("next_at", "customer_id").first()


def _skilled(context: AccessContext, row: Campaign) -> bool:
    skills = dict(telephony.agents_for(context, row.queue))
    return skills.get(context.operator_id, 0) > 0


def _view(row: Campaign, attempt: Attempt, *, made: bool) -> CallOfCampaign:
    return CallOfCampaign(
        call_id=attempt.call_id or 0,
        campaign_id=row.id,
        name=row.name,
        purpose=row.purpose,
        script=row.script,
        customer_id=attempt.customer_id,
        made=made,
    )
