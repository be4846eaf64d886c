"""Telling the worker that a campaign has something to do. The minute's sweep makes up for a call that gets lost."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "campaigns"
TASK = "campaigns.run"


def wake(controller_id: int, campaign_id: int, *, in_seconds: int = 0) -> None:
    """Order one run; nothing where one waits already. Not inside a transaction: a job that exists already would undo
    it.
    """
    job = app.configure_task(
        TASK,
        queue=QUEUE,
        queueing_lock=f"{TASK}:{campaign_id}",
        schedule_in={"seconds": in_seconds} if in_seconds else None,
    )
    try:
        job.defer(controller_id=controller_id, campaign_id=campaign_id)
    except AlreadyEnqueued:
        return
