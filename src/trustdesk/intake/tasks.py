"""Imports as jobs. A job carries identifiers only; the list waits in our own folder, the mapping in its table."""

from datetime import datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trustdesk.intake.contracts import RunState
from trustdesk.intake.services import files, runs
from trustdesk.intake.services.drive import drive
from trustdesk.intake.services.running import HeldError, RunKey, check_free
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError

QUEUE = "intake"


# Whoever holds the import may be killed before its end, so the job stays until there is nothing left to do.
_UNTIL_IT_IS_FREE = RetryStrategy(wait=10, retry_exceptions=[HeldError])


@app.task(name="intake.run", queue=QUEUE, retry=_UNTIL_IT_IS_FREE)
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
    """Run an import to its end. The job of a killed worker is given out again and goes on at the next chunk.

    HeldError where another process runs it: the job then stays in the queue and looks again.
    """
    key = RunKey(controller_id, run_id, source_id, dry_run, purpose, operator_id, mandate_id)
    context = key.context(clock.now())
    found = runs.find(context, run_id)
    if found.state == RunState.FINISHED:
        return "finished before"
    if found.state == RunState.CANCELLED:
        return "cancelled before"
    check_free(run_id)  # before the list is opened, which is an entry in the log
    try:
        return drive(key, files.received(context, found.uploaded)).state.value
    except HeldError:
        raise
    except TrustdeskError as error:
        # Expected: recorded on the import, shown with its mend. Trying again would meet the same.
        return error.code


@app.periodic(cron="17 3 * * *")
@app.task(name="intake.forget_old_files", queue=QUEUE, queueing_lock="intake.forget_old_files")
def forget_old_files(timestamp: int) -> int:
    """Delete lists that were uploaded a week ago and never imported to their end."""
    return files.forget_old(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))
