"""The worker's share. A job is a turn of one feed; it carries identifiers only."""

from procrastinate.contrib.django import app

from trustdesk.feeds.services import driving
from trustdesk.feeds.waking import QUEUE, TASK, wake
from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError


@app.task(name=TASK, queue=QUEUE)
def run(*, controller_id: int, feed_id: int) -> bool:
    """Drive a feed as far as it goes now, and again at once where something is left."""
    try:
        again = driving.run(controller_id, feed_id, until=clock.now() + driving.SLICE)
    except RefusedError:
        return False  # the company's mandate has ended
    if again:
        wake(controller_id, feed_id)
    return again


@app.periodic(cron="* * * * *")
@app.task(name="feeds.sweep", queue=QUEUE, queueing_lock="feeds.sweep")
def sweep(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Wake every feed with something to do, and what a killed worker left behind."""
    return driving.sweep(now=clock.now())


@app.periodic(cron="23 * * * *")
@app.task(name="feeds.forget", queue=QUEUE, queueing_lock="feeds.forget")
def forget(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Destroy what was delivered and not applied within its week."""
    return driving.forget(now=clock.now())
