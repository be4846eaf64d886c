"""The worker's share: copies that were ordered are made, those whose days are over destroyed."""

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context

QUEUE = "copies"


@app.task(name="copies.make", queue=QUEUE)
def make(*, controller_id: int, copy_id: int) -> str:
    """Make one copy. The job of a killed worker is given out again and begins anew."""
    from trustdesk.copies.services.making import run  # noqa: PLC0415 - it orders this task itself

    return run(controller_id, copy_id)


@app.periodic(cron="11 * * * *")
@app.task(name="copies.destroy_expired", queue=QUEUE, queueing_lock="copies.destroy_expired")
def destroy_expired(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Destroy what has expired, over all companies with a living mandate of their own; how many copies. What connected
    systems did not hand out follows where they answer again.
    """
    from trustdesk.copies.services import following, ordering  # noqa: PLC0415 - they order this task's peer

    destroyed, now = 0, clock.now()
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:
            continue
        destroyed += ordering.destroy_expired(context, now=now)
        following.follow(context, now=now)
        ordering.sweep(context, now=now)
    return destroyed
