"""Every change of plans' states goes through here: by the table, with one deed for all that change at once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import PLAN, Happening, PlanState
from trustdesk.erasure.models import Plan
from trustdesk.erasure.states import after
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def move(context: AccessContext, row: Plan, happening: Happening, *, now: datetime, **also: object) -> None:
    """As `move_all`, for one."""
    move_all(context, [row], happening, now=now, **also)


def move_all(
    context: AccessContext, rows: Sequence[Plan], happening: Happening, *, now: datetime, **also: object
) -> None:
    """Move the plans on, inside the scope. NoSuchTurnError where the table has no such turn, ConflictError where
    somebody else was quicker.
    """
    for before, some in alike(rows, lambda row: row.state):
        state = after(PlanState(before), happening)
        unmoved = Plan.objects.filter(
            controller_id=context.controller_id, id__in=[row.id for row in some], state=before
        )
        if unmoved.update(state=state, changed_at=now, **also) != len(some):
            raise ConflictError(
                _("Somebody else moved this plan meanwhile."), place="plan", mend=_("Look at the plan again.")
            )
        for row in some:
            row.state = state
            for name, value in also.items():
                setattr(row, name, value)
    entry(context, rows, f"erasure.{happening}")


def entry(context: AccessContext, rows: Sequence[Plan], what: str, **detail: object) -> None:
    """The deed of the log, one for all of them, and the word to open pages."""
    if not rows:
        return
    context.journal.deed(
        context,
        what,
        subjects=[each for row in rows for each in row.people],
        detail={"plans": [row.id for row in rows], "causes": sorted({str(row.cause) for row in rows}), **detail},
    )
    announce(context, *(Thing(PLAN, row.id) for row in rows))


def alike(things: Iterable[T], key: Callable[[T], K]) -> list[tuple[K, list[T]]]:
    """Those with the same key together, in the order in which each key is met first."""
    found: dict[K, list[T]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return list(found.items())
