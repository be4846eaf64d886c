"""Screenings as jobs. A job carries identifiers only; what is asked stands in its table."""

from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, TrustdeskError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.screening.contracts import RunState
from trustdesk.screening.engines import folders
from trustdesk.screening.services import runs
from trustdesk.screening.services.drive import drive
from trustdesk.screening.services.handing import forget_old
from trustdesk.screening.services.running import RunKey

QUEUE = "screening"


@app.task(name="screening.run", queue=QUEUE)
def run(*, controller_id: int, run_id: int, purpose: str, operator_id: int, mandate_id: int) -> str:
    """Run a screening to its end. The job of a killed worker is given out again and goes on at the next chunk."""
    key = RunKey(controller_id, run_id, purpose, operator_id, mandate_id)
    state = RunState(runs.find(key.context(clock.now()), run_id).state)
    if state in {RunState.FINISHED, RunState.CANCELLED}:
        return f"{state.value} before"
    try:
        return drive(key).state.value
    except ConflictError:
        return "run by another"
    except TrustdeskError as error:
        # Expected: recorded on the screening, shown with its mend. Trying again would meet the same.
        return error.code


@app.periodic(cron="*/20 * * * *")
@app.task(name="screening.sweep", queue=QUEUE, queueing_lock="screening.sweep")
def sweep(timestamp: int) -> int:
    """Delete columnar snapshots that a killed process left behind."""
    return folders.sweep(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))


@app.periodic(cron="23 2 * * *")
@app.task(name="screening.forget_old", queue=QUEUE, queueing_lock="screening.forget_old")
def forget_old_lists(timestamp: int) -> int:
    """Delete rows and verdicts of every company's lists whose retention is over; how many lists."""
    now = datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo)
    forgotten = 0
    for company in controllers():
        context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        forgotten += forget_old(context, now=now)
    return forgotten
