"""The worker's share: what is too old is forgotten."""

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.switchboard.services import forgetting


@app.periodic(cron="17 3 * * *")
@app.task(name="switchboard.forget", queue="switchboard", queueing_lock="switchboard.forget")
def forget(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Once a night."""
    return forgetting.forget_all(now=clock.now())
