"""How an attempt ended, and what that means for the person. Nothing here contacts anybody: what says "again" only lets
the person wait for another attempt, and every attempt is decided anew at the gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.campaigns.contracts import Act, Disposition, Outcome, State, TargetState
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.models import Disposition as DispositionRow
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

OVER = frozenset({State.ENDED, State.CANCELLED})
_MOST_HELD = 30  # put off so often, something holds the person that time does not lift
_A_LITTLE = timedelta(minutes=1)
_UNMAPPED = Disposition(Act.STOP)
"""What nobody gave a meaning ends it: cannot decide means no."""
_NO: Mapping[str, TargetState] = {Outcome.REFUSED: TargetState.REFUSED, Outcome.UNDECIDED: TargetState.UNDECIDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of an attempt. `until`: with HELD, when it may be tried again; with what means "again", no sooner."""

    outcome: str
    reason: str = ""
    decision_id: int | None = None
    until: datetime | None = None


def in_hand(target: Target, *, number: int, now: datetime) -> None:
    """An attempt is under way."""
    _change(target, state=TargetState.IN_HAND, number=number, next_at=None, changed_at=now)


def wait(target: Target, *, until: datetime, now: datetime) -> None:
    """Not yet: no attempt was begun."""
    _change(target, state=TargetState.WAITING, next_at=until, changed_at=now)


def stop(target: Target, *, reason: str, now: datetime) -> None:
    """Not again, and no attempt was begun."""
    _change(target, state=TargetState.STOPPED, next_at=None, reason=reason, changed_at=now)


def settle(
    context: AccessContext, row: Campaign, *, customer_id: int, number: int, ended: Ended, now: datetime
) -> bool:
    """Keep how the attempt ended, and move the person on by the campaign's map; False where that was known before."""
    with scoped(context.scope):
        attempts = Attempt.objects.filter(
            controller_id=context.controller_id, campaign_id=row.id, customer_id=customer_id, number=number
        )
        changed = attempts.exclude(outcome=ended.outcome).update(
            outcome=ended.outcome, reason=ended.reason, decision_id=ended.decision_id, ended_at=now
        )
        if not changed:
            return False
        target = Target.objects.select_for_update().get(
            controller_id=context.controller_id, campaign_id=row.id, customer_id=customer_id
        )
        if target.number == number:
            _move_on(context, row, target, ended, now)
    return True


def _move_on(context: AccessContext, row: Campaign, target: Target, ended: Ended, now: datetime) -> None:
    made = Attempt.objects.filter(
        controller_id=context.controller_id, campaign_id=row.id, customer_id=target.customer_id
    ).exclude(outcome__in=["", Outcome.HELD])
    target.attempts = made.count()
    meaning = _meaning(row, ended.outcome)
    state, next_at = next_of(row, target, ended, meaning, now)
    if meaning.act is Act.OBJECTION:
        clearance.record_objection(
            context,
            customer_id=target.customer_id,
            scope=Scope(purpose=row.purpose, channel=Channel(row.channel)),
            method=Method.TOLD_OPERATOR,
            now=now,
        )
    _change(
        target,
        state=state,
        next_at=next_at,
        attempts=target.attempts,
        last_outcome=ended.outcome,
        reason=ended.reason,
        changed_at=now,
    )


def next_of(
    row: Campaign, target: Target, ended: Ended, meaning: Disposition, now: datetime
) -> tuple[TargetState, datetime | None]:
    """Where the person stands then, and until when a waiting one waits. Pure."""
    over, used_up = row.state in OVER, target.attempts >= row.per_campaign
    if ended.outcome == Outcome.HELD:
        if over:
            return TargetState.STOPPED, None
        if used_up or target.number - target.attempts > _MOST_HELD:
            return TargetState.EXHAUSTED, None
        return TargetState.WAITING, ended.until or now + _A_LITTLE
    if meaning.act is Act.AGAIN and not (over or used_up):
        later = now + (meaning.after or _A_LITTLE)
        return TargetState.WAITING, max(later, ended.until or later)
    if meaning.act is Act.AGAIN:
        return TargetState.EXHAUSTED, None
    return TargetState.DONE if meaning.act is Act.DONE else _NO.get(ended.outcome, TargetState.STOPPED), None


def _meaning(row: Campaign, outcome: str) -> Disposition:
    found = DispositionRow.objects.filter(controller_id=row.controller_id, campaign_id=row.id, outcome=outcome).first()
    return _UNMAPPED if found is None else Disposition(Act(found.act), found.after)


def _change(target: Target, **values: object) -> None:
    Target.objects.filter(
        controller_id=target.controller_id, campaign_id=target.campaign_id, customer_id=target.customer_id
    ).update(**values)
    for name, value in values.items():
        setattr(target, name, value)
