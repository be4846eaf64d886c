"""Telling the worker that plans have something to do. The minute's sweep makes up for a call that gets lost."""

import hashlib
from collections.abc import Iterator, Sequence

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from procrastinate.types import JSONValue

from trustdesk.erasure.contracts import AT_ONCE

QUEUE = "erasure"
PROOF_QUEUE = "erasure-proof"
TASK = "erasure.run"
PROVE = "erasure.prove"
LOOK = "erasure.look"
LOOK_AT_PURPOSE = "erasure.look_at_purpose"
_AFTER_OTHERS = -10


def wake(controller_id: int, plan_ids: Sequence[int]) -> None:
    """Order runs of these plans, so many at once as go through a step together; nothing where the same are ordered
    already. That no plan is run by two at once is seen to by the lock of its row.
    """
    for some in in_sets(plan_ids):
        digest = hashlib.sha256(" ".join(map(str, some)).encode()).hexdigest()
        job = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"{TASK}:{digest}")
        _defer(job, controller_id=controller_id, plan_ids=[*some])


def wake_after_commit(controller_id: int, plan_ids: Sequence[int]) -> None:
    """As `wake`, once the running transaction is committed."""
    transaction.on_commit(lambda: wake(controller_id, plan_ids), robust=True)


def order_proof(controller_id: int) -> None:
    """Have the worker look whether anything is left of those whom the company erased. That takes long, and nobody
    waits for it: one such job at a time, after everything else, so that there is always a place for the next erasure.
    """
    job = app.configure_task(
        PROVE, queue=PROOF_QUEUE, lock=PROVE, queueing_lock=f"{PROVE}:{controller_id}", priority=_AFTER_OTHERS
    )
    _defer(job, controller_id=controller_id)


def order_look(controller_id: int, *, customer_id: int, cause: str, about: str) -> None:
    """Have the worker look at one customer. Joins the running transaction."""
    job = app.configure_task(LOOK, queue=QUEUE, lock=f"{LOOK}:{customer_id}")
    job.defer(controller_id=controller_id, customer_id=customer_id, cause=cause, about=about)


def order_look_at_purpose(controller_id: int, *, purpose: str, after: int) -> None:
    """Have the worker look at everybody who consented to a purpose, from a customer on. Joins the transaction."""
    job = app.configure_task(LOOK_AT_PURPOSE, queue=QUEUE, lock=f"{LOOK_AT_PURPOSE}:{controller_id}:{purpose}")
    job.defer(controller_id=controller_id, purpose=purpose, after=after)


def in_sets(plan_ids: Sequence[int]) -> Iterator[list[int]]:
    """The numbers, in their order, as many at a time as go through a step together."""
    ids = sorted(set(plan_ids))
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _defer(job: JobDeferrer, **arguments: JSONValue) -> None:
    """In a transaction of its own, or a part of the running one that is undone alone."""
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return
