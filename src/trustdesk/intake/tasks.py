"""Imports as jobs. A job carries identifiers only; the list waits in our own folder, the mapping in its table."""

from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.intake.contracts import RunState
from trustdesk.intake.services import files, runs
from trustdesk.intake.services.drive import drive
from trustdesk.intake.services.running import RunKey
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, TrustdeskError

QUEUE = "intake"


@app.task(name="intake.run", queue=QUEUE)
def run(
    *,
    controller_id: int,
    run_id: int,
    source_id: int,
    dry_run: bool,
    purpose: str,
    operator_id: int,
    mandate_id: int,
) -> str:
    """Run an import to its end. The job of a killed worker is given out again and goes on at the next chunk."""
    key = RunKey(controller_id, run_id, source_id, dry_run, purpose, operator_id, mandate_id)
    context = key.context(clock.now())
    found = runs.find(context, run_id)
    if found.state == RunState.FINISHED:
        return "finished before"
    if found.state == RunState.CANCELLED:
        return "cancelled before"
    try:
        return drive(key, files.received(context, found.uploaded)).state.value
    except ConflictError:
        return "run by another"
    except TrustdeskError as error:
        # Expected: recorded on the import, shown with its mend. Trying again would meet the same.
        return error.code


@app.periodic(cron="17 3 * * *")
@app.task(name="intake.forget_old_files", queue=QUEUE, queueing_lock="intake.forget_old_files")
def forget_old_files(timestamp: int) -> int:
    """Delete lists that were uploaded a week ago and never imported to their end."""
    return files.forget_old(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))
