"""The worker's share: what was sealed for a plan that is not carried out is forgotten. Steps are run by erasure."""

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.proof.services import tidying

QUEUE = "erasure"


@app.periodic(cron="41 * * * *")
@app.task(name="proof.tidy", queue=QUEUE, queueing_lock="proof.tidy")
def tidy(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Destroy the keys of searches whose plan was dismissed; how many."""
    return tidying.tidy_everywhere(now=clock.now())
