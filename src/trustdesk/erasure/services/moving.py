"""Every change of a plan's state goes through here: by the table, with its deed in the log."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import PLAN, Happening, PlanState
from trustdesk.erasure.models import Plan
from trustdesk.erasure.states import after
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing


def move(context: AccessContext, row: Plan, happening: Happening, *, now: datetime, **also: object) -> None:
    """Move the plan on, inside the scope. NoSuchTurnError where the table has no such turn, ConflictError where
    somebody else was quicker.
    """
    state = after(PlanState(row.state), happening)
    unmoved = Plan.objects.filter(controller_id=context.controller_id, id=row.id, state=row.state)
    if not unmoved.update(state=state, changed_at=now, **also):
        raise ConflictError(
            _("Somebody else moved this plan meanwhile."), place="plan", mend=_("Look at the plan again.")
        )
    row.state = state
    for name, value in also.items():
        setattr(row, name, value)
    entry(context, row, f"erasure.{happening}")


def entry(context: AccessContext, row: Plan, what: str, **detail: object) -> None:
    """The deed of the log, and the word to open pages."""
    context.journal.deed(
        context, what, subjects=list(row.people), detail={"plan": row.id, "cause": row.cause, **detail}
    )
    announce(context, Thing(PLAN, row.id))
