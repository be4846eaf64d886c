"""What an officer decides: to approve, to dismiss, to hold and to release."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.erasure import people
from trustdesk.erasure.contracts import Happening, PlanState, PlanView, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.drawing import draw_anew
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry, move
from trustdesk.erasure.services.reading import OPERATION, find, steps_of, view
from trustdesk.erasure.services.waking import wake_after_commit
from trustdesk.erasure.states import after
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError

_LONGEST = 200


def approve(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """See `erasure.api.approve`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        after(PlanState(row.state), Happening.APPROVED)
        changed = _changed(context, row, now)
        if not changed:
            _check_prepared(context, row)
            move(context, row, Happening.APPROVED, now=now, approved_at=now, approved_by=context.operator_id)
            wake_after_commit(context.controller_id, row.id)
        found = view(row, steps_of(context, [row.id]))
    if changed:  # after the commit: what was drawn anew stays drawn
        raise ConflictError(
            _("Records of this person were joined or parted since the plan was drawn."),
            place="plan",
            mend=_("It is drawn anew: look at it and approve it then."),
        )
    return found


def dismiss(context: AccessContext, *, plan_id: int, because: str, now: datetime) -> PlanView:
    """See `erasure.api.dismiss`."""
    context.check_operation(OPERATION)
    because = _reason(because)
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        if row.begun_at is not None:
            raise ConflictError(
                _("This erasure has begun: it is carried through."), place="plan", mend=_("Hold it if it must wait.")
            )
        move(context, row, Happening.DISMISSED, now=now, dismissed_because=because)
        return view(row, steps_of(context, [row.id]))


def hold(context: AccessContext, *, plan_id: int, because: str, now: datetime) -> PlanView:
    """See `erasure.api.hold`."""
    context.check_operation(OPERATION)
    because = _reason(because)
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        move(context, row, Happening.HELD, now=now, held_by=context.operator_id, held=[*row.held, because])
        return view(row, steps_of(context, [row.id]))


def release(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """See `erasure.api.release`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        after(PlanState(row.state), Happening.RELEASED)
        row.held_by, row.held, row.changed_at = None, grounds(context, row.people), now
        row.save(update_fields=["held_by", "held", "changed_at"])
        entry(context, row, "erasure.hold.released")
        wake_after_commit(context.controller_id, row.id)
        return view(row, steps_of(context, [row.id]))


def _changed(context: AccessContext, row: Plan, now: datetime) -> bool:
    ids = people.hold(context, row.customer_id)
    if set(ids) == set(row.people):
        return False
    draw_anew(context, row, ids, now)
    entry(context, row, "erasure.drawn_anew")
    wake_after_commit(context.controller_id, row.id)
    return True


def _check_prepared(context: AccessContext, row: Plan) -> None:
    steps = Task.objects.filter(controller_id=context.controller_id, plan_id=row.id, prepare=True)
    if steps.exclude(state=StepState.DONE).exists():
        raise ConflictError(
            _("The plan is still being prepared."),
            place="plan",
            mend=_("Wait until each preparing step is done; one that fails says why."),
        )


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise BadInputError(
            _("Say why, in at most 200 letters."), place="because", mend=_("A file number or a ground: no names.")
        )
    return text
