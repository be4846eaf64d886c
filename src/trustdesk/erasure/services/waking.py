"""Telling the worker that a plan has something to do. The minute's sweep makes up for a call that gets lost."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "erasure"
TASK = "erasure.run"
LOOK = "erasure.look"
LOOK_AT_PURPOSE = "erasure.look_at_purpose"


def wake(controller_id: int, plan_id: int) -> None:
    """Order one run; nothing where one waits already. Not inside a transaction: a job that exists already would undo
    it.
    """
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"{TASK}:{plan_id}", lock=f"{TASK}:{plan_id}")
    try:
        job.defer(controller_id=controller_id, plan_id=plan_id)
    except AlreadyEnqueued:
        return


def wake_after_commit(controller_id: int, plan_id: int) -> None:
    """As `wake`, once the running transaction is committed."""
    transaction.on_commit(lambda: wake(controller_id, plan_id), robust=True)


def order_look(controller_id: int, *, customer_id: int, cause: str, about: str) -> None:
    """Have the worker look at one customer. Joins the running transaction."""
    job = app.configure_task(LOOK, queue=QUEUE, lock=f"{LOOK}:{customer_id}")
    job.defer(controller_id=controller_id, customer_id=customer_id, cause=cause, about=about)


def order_look_at_purpose(controller_id: int, *, purpose: str, after: int) -> None:
    """Have the worker look at everybody who consented to a purpose, from a customer on. Joins the transaction."""
    job = app.configure_task(LOOK_AT_PURPOSE, queue=QUEUE, lock=f"{LOOK_AT_PURPOSE}:{controller_id}:{purpose}")
    job.defer(controller_id=controller_id, purpose=purpose, after=after)
