"""A run: what is over goes, a few hundred at a time, each batch with its count and its place in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ageing import FIRST, Aged, Ageing, Key, ageing
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.retention.contracts import RUN, RunState, RunView
from trustdesk.retention.models import Run
from trustdesk.retention.rules import digest_of
from trustdesk.retention.services.measuring import batch, measured, preview
from trustdesk.retention.services.reading import view
from trustdesk.retention.services.setting import OPERATION, in_force
from trustdesk.retention.services.waking import wake_after_commit

LARGEST = 1_000_000
_TALLY = """
INSERT INTO retention_tally (controller_id, month, kind, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (controller_id, month, kind) DO UPDATE SET count = retention_tally.count + excluded.count
"""


def start(context: AccessContext, *, digest: str, most: int, now: datetime) -> RunView:
    """See `retention.api.start`."""
    if not 1 <= most <= LARGEST:
        raise BadInputError(
            _("A run drops from 1 to a million things."), place="most", mend=_("Give a limit between the two.")
        )
    seen = preview(context, now=now)
    if seen.digest != digest:
        raise ConflictError(
            _("The rules have changed since the preview."), place="preview", mend=_("Look at the preview again.")
        )
    run = Run(
        controller_id=context.controller_id,
        id=new_id(),
        state=RunState.RUNNING,
        digest=digest,
        most=most,
        planned=min(seen.total, most),
        measured_at=now,
        started_at=now,
        started_by=context.operator_id,
        changed_at=now,
    )
    try:
        with scoped(context.scope):
            run.save(force_insert=True)
            detail = {"run": run.id, "digest": digest, "most": most, "planned": run.planned}
            context.journal.deed(context, "retention.run.started", detail=detail)
            wake_after_commit(context.controller_id, run.id)
    except IntegrityError as error:
        raise ConflictError(
            _("A run is on its way already."), place="run", mend=_("Wait until it has ended, or stop it.")
        ) from error
    return view(run)


def stop(context: AccessContext, *, run_id: int, now: datetime) -> RunView:
    """See `retention.api.stop`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        run = locked(context, run_id)
        if run.state != RunState.RUNNING:
            raise ConflictError(_("This run has ended."), place="run", mend=_("There is nothing to stop."))
        _end(context, run, RunState.STOPPED, now)
        return view(run)


def go_on(context: AccessContext, *, run_id: int, now: datetime) -> bool:
    """One batch; whether there may be more. What is dropped, counted and passed is committed together: a run that is
    killed goes on where it stood.
    """
    with scoped(context.scope):
        run = locked(context, run_id)
        if run.state != RunState.RUNNING:
            return False
        rules = in_force(context)
        if digest_of(rules) != run.digest:
            _end(context, run, RunState.STOPPED, now)
            return False
        measures = measured(context, rules, run.measured_at)
        kinds = [(name, kind) for name, kind in ageing if name in measures and name >= run.kind]
        if not kinds:
            _end(context, run, RunState.DONE, now)
            return False
        name, kind = kinds[0]
        found = batch(context, kind, measures[name], (run.key_first, run.key_second) if name == run.kind else FIRST)
        taken = found.over[: run.most - run.dropped]
        whole = len(taken) == len(found.over)
        _drop(context, run, (name, kind), taken, now)
        finished = found.last and whole
        if run.dropped >= run.most and (not finished or kinds[1:]):
            _end(context, run, RunState.FULL, now)
        elif finished and not kinds[1:]:
            _end(context, run, RunState.DONE, now)
        elif finished:
            _pass(run, kinds[1][0], FIRST, now)
        else:
            _pass(run, name, found.key if whole else taken[-1].key, now)
        announce(context, Thing(RUN, run.id))
        return run.state == RunState.RUNNING


def locked(context: AccessContext, run_id: int) -> Run:
    """NotFoundError where there is no such run. Inside the scope."""
    run = Run.objects.filter(controller_id=context.controller_id, id=run_id).select_for_update().first()
    if run is None:
        raise NotFoundError(_("There is no such run."), place="run", mend=_("Choose one of the list."))
    return run


def _drop(context: AccessContext, run: Run, kind: tuple[str, Ageing], things: Sequence[Aged], now: datetime) -> None:
    if not things:
        return
    went = kind[1].drop(context, things, now=now)
    months = Counter(thing.since.date().replace(day=1) for thing in went)
    with connection.cursor() as cursor:
        cursor.executemany(_TALLY, [(run.controller_id, month, kind[0], n) for month, n in sorted(months.items())])
    run.dropped += len(went)
    run.by_kind[kind[0]] = run.by_kind.get(kind[0], 0) + len(went)
    context.journal.deed(
        context,
        "retention.dropped",
        subjects=sorted({thing.customer_id for thing in went if thing.customer_id}),
        detail={"run": run.id, "kind": kind[0], "count": len(went)},
    )


def _pass(run: Run, name: str, key: Key, now: datetime) -> None:
    run.kind, (run.key_first, run.key_second), run.changed_at = name, key, now
    run.save(update_fields=["kind", "key_first", "key_second", "dropped", "by_kind", "changed_at"])


def _end(context: AccessContext, run: Run, state: RunState, now: datetime) -> None:
    run.state, run.changed_at, run.ended_at = state, now, now
    run.save(update_fields=["state", "dropped", "by_kind", "changed_at", "ended_at"])
    detail = {"run": run.id, "state": state, "dropped": run.dropped, "kinds": run.by_kind}
    context.journal.deed(context, "retention.run.ended", detail=detail)
    announce(context, Thing(RUN, run.id))
