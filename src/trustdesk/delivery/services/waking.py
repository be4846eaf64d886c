"""Telling the worker that there is something to do. A call that gets lost is made up for by the minute's sweep."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "delivery"
TASK = "delivery.run"
WEBHOOK = "webhook"  # the lane of calls to other systems, beside those of the channels
NOTICE = "notice"  # and the lane of letters to recipients of data
_FIRST, _SECOND = 10, 0


def wake(controller_id: int, lane: str, *, urgent: bool) -> None:
    """Order one run of a lane; nothing where one waits already. Not inside a transaction: a job that exists already
    would undo it.
    """
    name = f"{TASK}:{controller_id}:{lane}:{'urgent' if urgent else 'later'}"
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=name, priority=_FIRST if urgent else _SECOND)
    try:
        job.defer(controller_id=controller_id, lane=lane)
    except AlreadyEnqueued:
        return
