"""What may follow what in a plan: one table, and nothing else decides it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import Happening, PlanState
from trustdesk.kernel.errors import ConflictError

STEPS: Mapping[tuple[PlanState, Happening], PlanState] = {
    (PlanState.DRAWN, Happening.APPROVED): PlanState.APPROVED,
    (PlanState.DRAWN, Happening.DISMISSED): PlanState.DISMISSED,
    (PlanState.APPROVED, Happening.BEGUN): PlanState.RUNNING,
    (PlanState.APPROVED, Happening.CHANGED): PlanState.DRAWN,
    (PlanState.APPROVED, Happening.HELD): PlanState.HELD,
    (PlanState.APPROVED, Happening.FAILED): PlanState.FAILED,
    (PlanState.APPROVED, Happening.DISMISSED): PlanState.DISMISSED,
    (PlanState.RUNNING, Happening.HELD): PlanState.HELD,
    (PlanState.RUNNING, Happening.FAILED): PlanState.FAILED,
    (PlanState.RUNNING, Happening.FINISHED): PlanState.DONE,
    (PlanState.HELD, Happening.RELEASED): PlanState.APPROVED,
    (PlanState.HELD, Happening.DISMISSED): PlanState.DISMISSED,
    (PlanState.FAILED, Happening.RESUMED): PlanState.RUNNING,
    (PlanState.FAILED, Happening.HELD): PlanState.HELD,
}


class NoSuchTurnError(ConflictError):
    """From this state that can't happen."""

    code = "no-such-turn"


def after(before: PlanState, happening: Happening) -> PlanState:
    """The state that follows. NoSuchTurnError where the table has no such turn."""
    try:
        return STEPS[before, happening]
    except KeyError:
        raise NoSuchTurnError(
            _("This plan is past that."), place=f"{before} {happening}", mend=_("Look at the plan again.")
        ) from None
