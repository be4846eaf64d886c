"""Retention as jobs. A job carries identifiers only; how far a run is stands in its row."""

from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.retention.services import nightly
from trustdesk.retention.services.waking import QUEUE, TASK


@app.task(name=TASK, queue=QUEUE)
def run(*, controller_id: int, run_id: int) -> None:
    """Carry a run to its end."""
    nightly.carry_out(controller_id, run_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="retention.sweep", queue=QUEUE, queueing_lock="retention.sweep")
def sweep(timestamp: int) -> int:  # noqa: ARG001 -- a periodic task is given its instant
    """Go on with what a killed worker left."""
    return nightly.sweep()


@app.periodic(cron="43 2 * * *")
@app.task(name="retention.nightly", queue=QUEUE, queueing_lock="retention.nightly")
def every_night(timestamp: int) -> int:
    """Start each company's run, by rules that a person has let run once."""
    return nightly.start_all(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))
