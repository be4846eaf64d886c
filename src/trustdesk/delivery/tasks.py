"""The worker's share. A job is a run over one lane of one company, never one message; it carries identifiers only."""

from datetime import timedelta

from procrastinate.contrib.django import app

from trustdesk.delivery.services import lanes, sweeping
from trustdesk.delivery.services.waking import QUEUE, TASK
from trustdesk.kernel import clock

_SLICE = timedelta(seconds=60)  # then the other companies have their turn


@app.task(name=TASK, queue=QUEUE)
def run(*, controller_id: int, lane: str) -> int:
    """Work a lane until nothing is due or its time is over; the number of messages dealt with."""
    return lanes.run(controller_id, lane, until=clock.now() + _SLICE)


@app.periodic(cron="* * * * *")
@app.task(name="delivery.sweep", queue=QUEUE, queueing_lock="delivery.sweep")
def sweep(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Wake every lane in which something is due: retries, and what a killed worker left behind."""
    return sweeping.sweep(now=clock.now())
