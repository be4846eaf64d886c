"""What became of the calls: read from the switchboard, the gate and the agent's disposition. Heard twice it is heard
once. An attempt of which there is no call was never made, and is given up after a while; from then on the gate refuses
its call (`keeping`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from trustdesk.campaigns.contracts import Outcome, Release
from trustdesk.campaigns.models import Attempt, Campaign
from trustdesk.campaigns.services.hearing import not_cleared
from trustdesk.campaigns.services.settling import Ended, settle
from trustdesk.clearance import api as clearance
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Meaning
from trustdesk.decision.contracts import Outcome as Verdict
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import NOT_DIALLED, CallResult

EDGE = "edge"
NOT_BEGUN = "not-begun"
_A_LITTLE = timedelta(minutes=1)
_CAPPED = timedelta(hours=1)
_CAPS = frozenset({"cap", "trunk"})
_GONE = frozenset({"customer", "value"})
_AGENTS = _CAPS | {"presence", "mandate", "call:dial", "customer:contact", "customer:open"}
_SETTINGS = frozenset({"numbers", "trunks", "queue"})
_PATIENCE: Mapping[str, timedelta] = {Release.PROGRESSIVE: timedelta(minutes=1), Release.PREVIEW: timedelta(minutes=15)}
"""How long an attempt may be begun and not dialled: a moment, or as long as an agent looks at it."""
_RESULTS: Mapping[str, Outcome] = {
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "refused": Outcome.DECLINED,
    "abandoned": Outcome.HUNG_UP,
    "failed": Outcome.FAILED,
}
_SAID: Mapping[Meaning, Outcome] = {
    Meaning.DONE: Outcome.SAID_DONE,
    Meaning.AGAIN: Outcome.SAID_AGAIN,
    Meaning.CALLBACK: Outcome.SAID_CALLBACK,
    Meaning.STOP: Outcome.SAID_STOP,
    Meaning.OBJECTION: Outcome.SAID_OBJECTION,
    Meaning.COMPLAINT: Outcome.SAID_COMPLAINT,
}


def hear(context: AccessContext, row: Campaign, *, now: datetime) -> int:
    """Bring attempts up to what is known of their calls; how many changed."""
    with scoped(context.scope):
        begun = Attempt.objects.filter(
            controller_id=context.controller_id, campaign_id=row.id, outcome="", call_id__isnull=False
        )
        attempts = list(begun.order_by("at", "customer_id"))
    results = switchboard.results(context, [attempt.call_id or 0 for attempt in attempts])
    changed = 0
    for attempt in attempts:
        found = results.get(attempt.call_id or 0)
        if found is not None:
            ended = _of_call(context, found, now)
            changed += ended is not None and _settle(context, row, attempt, ended, now)
        elif attempt.at < now - _PATIENCE[row.release]:
            changed += _settle_unmade(context, row, attempt, _without_call(context, row, attempt, None, now), now)
    return changed


def not_dialled(
    context: AccessContext, row: Campaign, attempt: Attempt, fault: TrustdeskError, *, now: datetime
) -> None:
    """The switchboard said no. Where the call stands in its tables nevertheless, what became of it is heard there."""
    _settle_unmade(context, row, attempt, _without_call(context, row, attempt, fault, now), now)


def nobody_can(fault: TrustdeskError) -> bool:
    """Whether something is not set up any more without which nobody of the campaign can be called."""
    return fault.place in _SETTINGS


def of_agent(fault: TrustdeskError) -> bool:
    """Whether it is the agent for whom nobody can be called now, and not the person who can't be."""
    return fault.place in _AGENTS


def give_up(context: AccessContext, row: Campaign, attempt: Attempt, *, until: datetime, now: datetime) -> bool:
    """Nobody was called: the person waits until then. False where it was dialled, or given up, before."""
    ended = Ended(outcome=Outcome.HELD, reason="put-back", until=until)
    return _settle_unmade(context, row, attempt, ended, now)


def _settle(context: AccessContext, row: Campaign, attempt: Attempt, ended: Ended, now: datetime) -> bool:
    return settle(context, row, customer_id=attempt.customer_id, number=attempt.number, ended=ended, now=now)


def _settle_unmade(context: AccessContext, row: Campaign, attempt: Attempt, ended: Ended, now: datetime) -> bool:
    """Only where there is no call. Under the lock that is taken when the gate is asked: a call that was permitted
    meanwhile is seen here, and one that was not is not permitted any more.
    """
    with scoped(context.scope):
        held = Attempt.objects.select_for_update(no_key=True).filter(
            controller_id=row.controller_id, campaign_id=row.id, call_id=attempt.call_id, outcome=""
        )
        if held.order_by("number").first() is None or switchboard.results(context, [attempt.call_id or 0]):
            return False
        return _settle(context, row, attempt, ended, now)


def _of_call(context: AccessContext, found: CallResult, now: datetime) -> Ended | None:
    """None while it goes on, or the agent has not said yet what came of it."""
    if not found.result:
        return None
    if found.result == NOT_DIALLED:
        return Ended(outcome=Outcome.HELD, reason=NOT_DIALLED, decision_id=found.decision_id, until=now + _A_LITTLE)
    if found.result == "answered":
        return _said(context, found)
    outcome = _RESULTS.get(found.result, Outcome.UNKNOWN)
    return Ended(outcome=outcome, decision_id=found.decision_id)


def _said(context: AccessContext, found: CallResult) -> Ended | None:
    answered = Ended(outcome=Outcome.ANSWERED, decision_id=found.decision_id)
    if found.conversation_id is None:
        return answered
    interactions = conversations.interactions(context, found.conversation_id)
    one = next((each for each in interactions if each.interaction_id == found.interaction_id), None)
    if one is None:
        return answered  # forgotten since
    if one.open:
        return None
    if one.meaning is None:
        return answered
    # Who is to be called again on a day has a follow-up for it: the campaign does not come before.
    day = conversations.line(context, found.conversation_id).due_at if one.meaning is Meaning.AGAIN else None
    return Ended(outcome=_SAID[one.meaning], decision_id=found.decision_id, until=day)


def _without_call(
    context: AccessContext, row: Campaign, attempt: Attempt, fault: TrustdeskError | None, now: datetime
) -> Ended:
    """Nobody was rung: the gate said no, or something stood in the way, for good or for now."""
    decision_id, verdict, rule_id = _decided(context, attempt) or (None, Verdict.PERMIT, "")
    if verdict is not Verdict.PERMIT:
        ended = Ended(outcome=Outcome.REFUSED, reason=rule_id, decision_id=decision_id)
        return not_cleared(context, row, attempt, ended, verdict=verdict, now=now)
    if fault is None:
        return Ended(outcome=Outcome.HELD, reason=NOT_BEGUN, until=now)
    if isinstance(fault, NotFoundError) and fault.place in _GONE:
        return Ended(outcome=Outcome.FAILED, reason="address-gone")
    if fault.place == "number":
        return Ended(outcome=Outcome.FAILED, reason="destination")
    until = now + (_CAPPED if fault.place in _CAPS else _A_LITTLE)
    return Ended(outcome=Outcome.HELD, reason=fault.place or fault.code, until=until)


def _decided(context: AccessContext, attempt: Attempt) -> tuple[int, Verdict, str] | None:
    try:
        return clearance.contact_decided(context, customer_id=attempt.customer_id, contact_id=attempt.call_id or 0)
    except NotFoundError:
        return None  # the person is forgotten: the next look finds no attempt either
