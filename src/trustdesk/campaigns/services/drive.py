"""A campaign is driven by one process at a time, a little at a time: hear what became of the last messages, begin the
next. Whatever it knows is in its tables: killed, the next one goes on there.
"""

from datetime import datetime, timedelta

import structlog

from trustdesk.campaigns.contracts import CALLED, CAMPAIGN, Release, State, Step, TargetState
from trustdesk.campaigns.keeping import over
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.services import calling, calls, hearing, releasing, steering
from trustdesk.isolation.api import held_alone, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError, TrustdeskError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.mandates.api import system_context

_CHUNK = 25  # between two looks at whether somebody paused it
_LATELY = timedelta(minutes=5)
_HOUSE_PURPOSE = "administration"

log = structlog.get_logger(__name__)


def run(controller_id: int, campaign_id: int, *, until: datetime) -> bool:
    """Drive it until nothing can be begun now, or the time is over; whether it has to be looked at again soon."""
    with held_alone(f"campaigns|{campaign_id}") as mine:
        if not mine:
            return False
        try:
            while _round(controller_id, campaign_id, until=until):
                pass
            return _goes_on(house(controller_id, now=clock.now()), campaign_id)
        except (RefusedError, NotFoundError):
            return False  # the company's own mandate has ended, or the campaign is not there: nothing opens any more


def house(controller_id: int, *, now: datetime) -> AccessContext:
    """The company's own: sees the campaign and its outbox, contacts nobody."""
    return system_context(controller_id, purpose=_HOUSE_PURPOSE, now=now, on_behalf_of=0)


def _round(controller_id: int, campaign_id: int, *, until: datetime) -> bool:
    """One look and one chunk; whether another one is worth it at once."""
    now = clock.now()
    own = house(controller_id, now=now)
    row = steering.find(own, campaign_id)
    changed = (calls if row.channel in CALLED else hearing).hear(own, row, now=now)
    begun = _begin(own, row, now=now) if row.state == State.RUNNING else 0
    if changed or begun:
        with scoped(own.scope):
            announce(own, Thing(CAMPAIGN, campaign_id))
    return bool(begun) and clock.now() < until


def _begin(own: AccessContext, row: Campaign, *, now: datetime) -> int:
    if over(row, now=now):
        steering.step_by_itself(own, row, Step.ENDED, reason="time-over", now=now)
        return 0
    if row.starts_at is not None and row.starts_at > now:
        return 0
    if not _anybody_open(own, row):
        steering.step_by_itself(own, row, Step.ENDED, reason="everybody", now=now)
        return 0
    limit = min(_CHUNK, releasing.room(own, row, now=now))
    if not limit or row.release == Release.PREVIEW:
        return 0  # an agent who looks first takes the next person
    return _release(own, row, limit=limit, now=now)


def _release(own: AccessContext, row: Campaign, *, limit: int, now: datetime) -> int:
    """In the name of whoever started it; where that may not act any more, it is paused and says why."""
    begun = 0
    try:
        context = system_context(
            row.controller_id,
            purpose=row.access_purpose,
            now=now,
            on_behalf_of=row.operator_id,
            mandate_id=row.mandate_id,
        )
        if row.channel in CALLED:
            calling.release(own, context, row, limit=limit, now=now)
            return 0  # agents are asked for again in a moment: who is rung now is seen a little later
        for target in releasing.due(context, row, limit=limit, now=now):
            if steering.find(own, row.id).state != State.RUNNING:
                break
            begun += releasing.release(context, row, target, now=clock.now())
    except RefusedError:
        steering.step_by_itself(own, row, Step.PAUSED, reason="mandate-ended", now=clock.now())
    except TrustdeskError as fault:
        # A template that is gone, a sender that nobody set: for nobody it would be otherwise.
        log.warning("campaign-stands", code=fault.code)
        steering.step_by_itself(own, row, Step.PAUSED, reason=fault.place or fault.code, now=clock.now())
    return begun


def _anybody_open(own: AccessContext, row: Campaign) -> bool:
    with scoped(own.scope):
        return Target.objects.filter(
            controller_id=row.controller_id,
            campaign_id=row.id,
            state__in=[TargetState.WAITING, TargetState.IN_HAND],
        ).exists()


def _goes_on(own: AccessContext, campaign_id: int) -> bool:
    """Whether somebody is due within the minute, or an attempt is under way that was begun lately: for those that wait
    longer, behind a mail server that is away or for agents who are, the minute's sweep is often enough.
    """
    row, soon = steering.find(own, campaign_id), clock.now() + timedelta(minutes=1)
    with scoped(own.scope):
        targets = Target.objects.filter(controller_id=row.controller_id, campaign_id=row.id)
        begun = Attempt.objects.filter(controller_id=row.controller_id, campaign_id=row.id, outcome="")
        under_way = begun.filter(at__gt=soon - _LATELY).exists()
        due = (
            row.state == State.RUNNING
            and row.release != Release.PREVIEW
            and targets.filter(state=TargetState.WAITING, next_at__lte=soon).exists()
        )
    return under_way or (due and (row.channel not in CALLED or calling.anybody_there(own, row)))
