"""What an officer decides: to approve, to dismiss, to hold and to release."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum, auto

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import Happening, PlanState, PlanView, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.drawing import draw_anew
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry, move, move_all
from trustdesk.erasure.services.reading import OPERATION, find, steps_of, view
from trustdesk.erasure.services.waking import wake_after_commit
from trustdesk.erasure.states import after
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, TrustdeskError
from trustdesk.register import api as register

_LONGEST = 200


class _Came(Enum):
    """What came of one plan that was to be approved."""

    APPROVED = auto()
    UNKNOWN = auto()  # the register has nobody of that number any more
    CHANGED = auto()
    UNPREPARED = auto()


def approve(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """See `erasure.api.approve`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        after(PlanState(row.state), Happening.APPROVED)
        came = _approve(context, [row], now)[row.id]
        found = view(row, steps_of(context, [row.id]))
    if came is not _Came.APPROVED:  # after the commit: what was drawn anew stays drawn
        raise _refusal(came)
    return found


def approve_all(context: AccessContext, *, plan_ids: Sequence[int], now: datetime) -> Sequence[int]:
    """See `erasure.api.approve_all`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        waiting = Plan.objects.filter(controller_id=context.controller_id, id__in=plan_ids, state=PlanState.DRAWN)
        came = _approve(context, list(waiting.order_by("id").select_for_update()), now)
    return [plan_id for plan_id, one in came.items() if one is _Came.APPROVED]


def _approve(context: AccessContext, rows: Sequence[Plan], now: datetime) -> Mapping[int, _Came]:
    together = register.hold_persons(context, [row.customer_id for row in rows])
    unprepared = _unprepared(context, [row.id for row in rows])
    came = {}
    for row in rows:
        ids = together.get(row.customer_id, ())
        if not ids:
            came[row.id] = _Came.UNKNOWN
        elif set(ids) != set(row.people):
            draw_anew(context, row, ids, now)
            came[row.id] = _Came.CHANGED
        else:
            came[row.id] = _Came.UNPREPARED if row.id in unprepared else _Came.APPROVED
    changed = [row for row in rows if came[row.id] is _Came.CHANGED]
    ready = [row for row in rows if came[row.id] is _Came.APPROVED]
    entry(context, changed, "erasure.drawn_anew")
    move_all(context, ready, Happening.APPROVED, now=now, approved_at=now, approved_by=context.operator_id)
    wake_after_commit(context.controller_id, [row.id for row in (*changed, *ready)])
    return came


def _unprepared(context: AccessContext, plan_ids: Sequence[int]) -> set[int]:
    steps = Task.objects.filter(controller_id=context.controller_id, plan_id__in=plan_ids, prepare=True)
    return set(steps.exclude(state=StepState.DONE).values_list("plan_id", flat=True).order_by("plan_id"))


def _refusal(came: _Came) -> TrustdeskError:
    if came is _Came.UNKNOWN:
        return NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
    if came is _Came.CHANGED:
        return ConflictError(
            _("Records of this person were joined or parted since the plan was drawn."),
            place="plan",
            mend=_("It is drawn anew: look at it and approve it then."),
        )
    return ConflictError(
        _("The plan is still being prepared."),
        place="plan",
        mend=_("Wait until each preparing step is done; one that fails says why."),
    )


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
        row.held_by, row.held, row.changed_at = None, grounds(context, [row.people])[0], now
        row.save(update_fields=["held_by", "held", "changed_at"])
        entry(context, [row], "erasure.hold.released")
        wake_after_commit(context.controller_id, [row.id])
        return view(row, steps_of(context, [row.id]))


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise BadInputError(
            _("Say why, in at most 200 letters."), place="because", mend=_("A file number or a ground: no names.")
        )
    return text
