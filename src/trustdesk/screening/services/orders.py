"""Ordering a screening: run here and now, or as a job."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.intake import api as intake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.screening import selectors, tasks
from trustdesk.screening.contracts import Ask, Layout, Progress, RunState
from trustdesk.screening.services import lists, runs
from trustdesk.screening.services.drive import Listener, drive
from trustdesk.screening.services.running import RunKey


def screen_file(
    context: AccessContext,
    *,
    path: Path,
    layout: Layout,
    ask: Ask,
    now: datetime,
    listener: Listener | None = None,
) -> Progress:
    """Screen a list here and now; how it ended. Needs `list:screen` and `clearance:read`.

    A list that was read before (same bytes, same layout) is not read again; a screening of the same question that was
    stopped or killed goes on after its last chunk. `listener` is told of progress.

    Raises UnreadableFileError and BadInputError for list, layout and question, EngineMissingError where the engine
    can't run here, ConflictError where the list is being screened at this moment.
    """
    list_id = lists.begin_list(context, path=path, layout=layout, now=now)
    key = _unfinished(context, list_id, ask, now) or runs.begin(context, list_id=list_id, ask=ask, now=now)
    return drive(key, path, listener=listener)


def screen_filter(
    context: AccessContext, *, filter_id: int, ask: Ask, now: datetime, listener: Listener | None = None
) -> Progress:
    """Screen the customers that a saved filter means at this moment, here and now; else as `screen_file`."""
    list_id = lists.list_of_filter(context, filter_id=filter_id, now=now)
    return drive(runs.begin(context, list_id=list_id, ask=ask, now=now), listener=listener)


def order_received(context: AccessContext, *, name: str, layout: Layout, ask: Ask, now: datetime) -> int:
    """Order the screening of a list that `intake.api.receive` stored; its id, for `progress`. Needs `list:screen`.

    The job is ordered in the transaction that begins the screening: both, or neither.
    """
    path = intake.received(context, name)
    with scoped(context.scope):
        list_id = lists.begin_list(context, path=path, layout=layout, now=now, uploaded=name)
        ordered = _ordered(runs.begin(context, list_id=list_id, ask=ask, now=now))
    if lists.find(context, list_id).uploaded != name:  # it was read before: these bytes are asked for no more
        intake.forget(context, name, now=now)
    return ordered


def order_filter(context: AccessContext, *, filter_id: int, ask: Ask, now: datetime) -> int:
    """Order the screening of the customers that a saved filter means at this moment; its id. Needs `list:screen`."""
    with scoped(context.scope):
        list_id = lists.list_of_filter(context, filter_id=filter_id, now=now)
        return _ordered(runs.begin(context, list_id=list_id, ask=ask, now=now))


def order_again(context: AccessContext, *, list_id: int, ask: Ask, now: datetime) -> int:
    """Order another question to a list that is still kept; the screening's id. Needs `list:screen`."""
    with scoped(context.scope):
        return _ordered(runs.begin(context, list_id=list_id, ask=ask, now=now))


def resume(context: AccessContext, *, run_id: int, now: datetime) -> None:
    """Order a stopped or interrupted screening to go on. Needs `list:screen`.

    ConflictError where it runs or is over.
    """
    with scoped(context.scope):
        state = selectors.progress(context, run_id).state
        if state not in {RunState.STOPPED, RunState.INTERRUPTED}:
            raise ConflictError(_("This screening can't be taken up from here."), place="screening")
        _ordered(runs.resumed(context, run_id=run_id, now=now))


def _unfinished(context: AccessContext, list_id: int, ask: Ask, now: datetime) -> RunKey | None:
    """The same question to the same list, where it was stopped or killed."""
    going = {RunState.WAITING, RunState.STOPPED, RunState.INTERRUPTED}
    for one in selectors.runs(context):
        if one.list_id == list_id and one.ask == ask and one.state in going:
            return runs.resumed(context, run_id=one.run_id, now=now)
    return None


def _ordered(key: RunKey) -> int:
    tasks.run.defer(
        controller_id=key.controller_id,
        run_id=key.run_id,
        purpose=key.purpose,
        operator_id=key.operator_id,
        mandate_id=key.mandate_id,
    )
    return key.run_id
