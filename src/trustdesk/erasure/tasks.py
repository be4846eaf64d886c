"""The worker's share. A job carries identifiers and codes only, and makes its own context."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trustdesk.erasure.services import sweeping
from trustdesk.erasure.services.waking import LOOK, LOOK_AT_PURPOSE, PROOF_QUEUE, PROVE, QUEUE, TASK
from trustdesk.kernel import clock

_AGAIN = RetryStrategy(max_attempts=10, wait=30)


@app.task(name=TASK, queue=QUEUE)
def run(*, controller_id: int, plan_ids: list[int]) -> dict[str, int]:
    """Carry plans out as far as they go now; how many are in each state then."""
    return sweeping.run(controller_id, plan_ids, now=clock.now())


@app.task(name=PROVE, queue=PROOF_QUEUE)
def prove(*, controller_id: int) -> int:
    """Look whether anything is left of those who were erased; how many plans went on."""
    return sweeping.prove(controller_id, now=clock.now())


@app.task(name=LOOK, queue=QUEUE, retry=_AGAIN)
def look(*, controller_id: int, customer_id: int, cause: str, about: str) -> str:
    """A basis fell: whether a plan was opened, or what carries the data still."""
    return sweeping.look(controller_id, customer_id, cause=cause, about=about, now=clock.now())


@app.task(name=LOOK_AT_PURPOSE, queue=QUEUE, retry=_AGAIN)
def look_at_purpose(*, controller_id: int, purpose: str, after: int) -> int:
    """A purpose ended: a chunk of those who consented to it, and an order for the next; how many."""
    return sweeping.look_at_purpose(controller_id, purpose, after=after, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="erasure.sweep", queue=QUEUE, queueing_lock="erasure.sweep")
def sweep(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Wake every plan in which something may be due: a killed worker's, a released hold's, one that failed before."""
    return sweeping.sweep(now=clock.now())


@app.periodic(cron="17 2 * * *")
@app.task(name="erasure.let_die", queue=QUEUE, queueing_lock="erasure.let_die")
def let_die(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """What law kept and keeps no longer is forgotten too; how many plans."""
    return sweeping.let_die_everywhere(now=clock.now())
