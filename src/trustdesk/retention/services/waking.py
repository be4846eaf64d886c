"""Telling the worker that a run has something to do. The sweep makes up for a call that gets lost."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "retention"
TASK = "retention.run"


def wake(controller_id: int, run_id: int) -> None:
    """Order the run; nothing where it waits already. Not inside a transaction: a job that exists would undo it."""
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"{TASK}:{run_id}", lock=f"{TASK}:{run_id}")
    try:
        job.defer(controller_id=controller_id, run_id=run_id)
    except AlreadyEnqueued:
        return


def wake_after_commit(controller_id: int, run_id: int) -> None:
    """As `wake`, once the running transaction is committed."""
    transaction.on_commit(lambda: wake(controller_id, run_id), robust=True)
