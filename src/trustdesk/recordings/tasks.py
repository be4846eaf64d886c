"""The worker's share: what is due is destroyed, what became known is filed, what nobody listens to any more is gone."""

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.recordings.services import destroying, filing, tidying

QUEUE = "recordings"


@app.periodic(cron="7 * * * *")
@app.task(name="recordings.destroy_due", queue=QUEUE, queueing_lock="recordings.destroy_due")
def destroy_due(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Destroy the recordings whose day has come; how many."""
    return destroying.destroy_due_everywhere(now=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="recordings.file_known", queue=QUEUE, queueing_lock="recordings.file_known")
def file_known(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """File what whoever identified a customer has not filed: identified is by many ways; how many recordings."""
    return filing.file_known_everywhere(now=clock.now())


@app.periodic(cron="23 3 * * *")
@app.task(name="recordings.tidy", queue=QUEUE, queueing_lock="recordings.tidy")
def tidy(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Delete what listenings and links that have ended left behind; how many rows."""
    return tidying.tidy_everywhere(now=clock.now())
