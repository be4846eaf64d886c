"""The worker's share. A job is a run of one campaign, never one message; it carries identifiers only."""

from datetime import timedelta

from procrastinate.contrib.django import app

from trustdesk.campaigns.services import drive, sweeping
from trustdesk.campaigns.services.waking import QUEUE, TASK, wake
from trustdesk.kernel import clock

_SLICE = timedelta(seconds=30)  # then the other campaigns have their turn
_SOON_SECONDS = 3


@app.task(name=TASK, queue=QUEUE)
def run(*, controller_id: int, campaign_id: int) -> bool:
    """Drive a campaign as far as it goes now, and again soon where somebody is waiting."""
    again = drive.run(controller_id, campaign_id, until=clock.now() + _SLICE)
    if again:
        wake(controller_id, campaign_id, in_seconds=_SOON_SECONDS)
    return again


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.sweep", queue=QUEUE, queueing_lock="campaigns.sweep")
def sweep(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Wake every campaign in which something may be due, and what a killed worker left behind."""
    return sweeping.sweep(now=clock.now())
