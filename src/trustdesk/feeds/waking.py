"""Telling the worker that a feed has something to do. The minute's sweep makes up for a call that gets lost."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "feeds"
TASK = "feeds.run"


def wake(controller_id: int, feed_id: int) -> None:
    """Order one run; nothing where one waits already. A lock of what waits, not of what runs: the job of a worker that
    was killed holds up nobody.
    """
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"{TASK}:{feed_id}")
    try:
        with transaction.atomic():  # a job that exists already would undo what is around it
            job.defer(controller_id=controller_id, feed_id=feed_id)
    except AlreadyEnqueued:
        return
