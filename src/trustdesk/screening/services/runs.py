"""The life of a screening: begun, run, stopped or cancelled, finished, each with its entry in the log."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.api import SetQuestion, set_question
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.screening.contracts import Ask, Phase, RunState
from trustdesk.screening.engines import check
from trustdesk.screening.models import Run
from trustdesk.screening.services import lists
from trustdesk.screening.services.running import RunKey

_OVER = {RunState.FINISHED, RunState.CANCELLED}


def begin(context: AccessContext, *, list_id: int, ask: Ask, now: datetime) -> RunKey:
    """A new question to a list. Needs `list:screen` and `clearance:read`.

    Refused at once where it can't be asked: no such purpose or fact, an engine that can't run here.
    """
    context.check_operation("list:screen")
    check(ask.engine)
    set_question(context, purpose=ask.purpose, channel=ask.channel, about=ask.about, at=now)
    with scoped(context.scope):
        lists.find(context, list_id)
        run = Run(
            controller_id=context.controller_id,
            id=new_id(),
            list_id=list_id,
            asked_purpose=ask.purpose,
            channel=ask.channel.value,
            about=dict(ask.about),
            engine=ask.engine.value,
            purpose=context.purpose,
            operator_id=context.operator_id,
            mandate_id=context.mandate_id,
            state=RunState.WAITING.value,
            phase=Phase.READING.value,
            started_at=now,
            updated_at=now,
        )
        run.save(force_insert=True)
        context.journal.deed(
            context,
            "screening.begun",
            detail={"run": run.id, "list": list_id, "purpose": ask.purpose, "channel": ask.channel.value},
        )
    return key_of(run)


def key_of(run: Run) -> RunKey:
    return RunKey(
        controller_id=run.controller_id,
        run_id=run.id,
        purpose=run.purpose,
        operator_id=run.operator_id,
        mandate_id=run.mandate_id,
    )


def find(context: AccessContext, run_id: int) -> Run:
    with scoped(context.scope):
        run = Run.objects.filter(controller_id=context.controller_id, id=run_id).first()
    if run is None:
        raise NotFoundError(_("There is no such screening."), place="screening")
    return run


def question(context: AccessContext, run: Run, at: datetime) -> SetQuestion:
    """What was asked, under the rules in force at the instant."""
    return set_question(context, purpose=run.asked_purpose, channel=Channel(run.channel), about=run.about, at=at)


def cancel(context: AccessContext, *, run_id: int, now: datetime) -> None:
    """End a screening that is not over: its verdicts so far are deleted. Needs `list:screen`.

    ConflictError where it is over. A running one stops at its next chunk.
    """
    context.check_operation("list:screen")
    with scoped(context.scope):
        run = find(context, run_id)
        changed = Run.objects.filter(controller_id=context.controller_id, id=run_id).exclude(state__in=_OVER)
        if not changed.update(state=RunState.CANCELLED.value, updated_at=now):
            raise ConflictError(_("This screening is over."), place="screening")
        context.journal.deed(context, "screening.cancelled", detail={"run": run.id})


def cancelled(context: AccessContext, run: Run) -> bool:
    return find(context, run.id).state == RunState.CANCELLED


def resumed(context: AccessContext, *, run_id: int, now: datetime) -> RunKey:
    """A stopped or interrupted screening, to go on under the caller's own mandate. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        run = find(context, run_id)
        if run.state in _OVER:
            raise ConflictError(_("This screening is over."), place="screening", mend=_("Begin another one."))
        change(
            run,
            operator_id=context.operator_id,
            mandate_id=context.mandate_id,
            purpose=context.purpose,
            state=RunState.WAITING.value,
            updated_at=now,
        )
        context.journal.deed(context, "screening.resumed", detail={"run": run.id})
    return key_of(run)


def stop(context: AccessContext, run: Run, *, reason: str, place: str, now: datetime) -> None:
    with scoped(context.scope):
        change(run, state=RunState.STOPPED.value, reason=reason, place=place, updated_at=now)
        context.journal.deed(context, "screening.stopped", detail={"run": run.id, "reason": reason})


def at(context: AccessContext, run: Run, phase: Phase, fraction: float, *, now: datetime) -> None:
    """Say how far it is; the state stays cancelled where somebody cancelled it."""
    with scoped(context.scope):
        change(run, phase=phase.value, fraction=fraction, updated_at=now)


def finish(
    context: AccessContext,
    run: Run,
    *,
    counts: Mapping[Outcome, int],
    summary: str,
    digest: str,
    decided_at: datetime,
    now: datetime,
) -> None:
    """Inside the transaction that decided last."""
    change(
        run,
        state=RunState.FINISHED.value,
        phase=Phase.DONE.value,
        fraction=1.0,
        counts={outcome.value: count for outcome, count in counts.items()},
        summary=summary,
        decided_at=decided_at,
        finished_at=now,
        updated_at=now,
    )
    told = {outcome.value: count for outcome, count in counts.items()}
    context.journal.deed(context, "screening.finished", detail={"run": run.id, "summary": digest, **told})


def change(run: Run, **values: object) -> None:
    Run.objects.filter(controller_id=run.controller_id, id=run.id).update(**values)
    for name, value in values.items():
        setattr(run, name, value)
