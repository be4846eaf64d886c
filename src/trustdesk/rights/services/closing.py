"""How a request ends, and what stops it on the way."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from trustdesk.identity.api import visiting
from trustdesk.identity.contracts import Visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.periods import ends_at
from trustdesk.mandates.api import controller
from trustdesk.rights.contracts import Happening, Kind, State
from trustdesk.rights.models import Request
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import hold, move
from trustdesk.rights.services.identifying import own_of
from trustdesk.rights.states import NoSuchStepError

KEPT_YEARS = 3
"""After the end of the year: as long as claims that rest on it can be made, in most of the countries."""


def conclude(context: AccessContext, *, request_id: int, outcome: str, now: datetime) -> None:
    """The outcome of what a person had to look at (see `rights.api`)."""
    context.check_operation("request:approve")
    if not outcome.strip():
        raise BadInputError(_("It needs an outcome."), place="outcome", mend=_("Write what the person is told."))
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row = hold(context, request_id)
        if Kind(row.kind) is not Kind.HUMAN_REVIEW or State(row.state) is not State.RUNNING:
            raise NoSuchStepError("Nobody has to look at it.", place=f"{row.kind} {row.state}")
        close(row, now=now)
        move(context, row, Happening.FULFILLED, now=now, code="reviewed", detail=outcome.strip())
        letters.write(context, row, letters.Letter.ANSWERED, now=now, more={"answer": outcome.strip()})


def withdraw(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """The person does not want it any more (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        _withdraw(context, hold(context, request_id), now=now)


def withdraw_in_visit(visit: Visit, *, request_id: int, now: datetime) -> None:
    """The customer takes the own request back (see `rights.api`)."""
    context = visiting(visit, now=now)
    with scoped(context.scope):
        _withdraw(context, own_of(context, visit, request_id), now=now)


def held(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """A legal hold stops it (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        move(context, hold(context, request_id), Happening.HELD, now=now)


def released(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """The hold is gone (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        move(context, hold(context, request_id), Happening.RELEASED, now=now)


def finish(context: AccessContext, *, request_id: int, code: str = "", now: datetime) -> None:
    """It is done (see `rights.api`)."""
    context.check_operation("request:work")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        finish_held(context, hold(context, request_id), now=now, code=code)


def finish_held(context: AccessContext, row: Request, *, now: datetime, code: str = "") -> None:
    """It is done, for whoever holds the row."""
    close(row, now=now)
    move(context, row, Happening.FULFILLED, now=now, code=code)
    if row.forgotten_at is None:  # who was erased was told before
        letters.write(context, row, letters.Letter.DONE, now=now)


def close(row: Request, *, now: datetime) -> None:
    """What every end sets: the clock is over, and the years of keeping begin."""
    company = controller(row.controller_id)
    year = now.astimezone(ZoneInfo(company.time_zone)).year
    row.closed_at, row.suspended_since = now, None
    row.keep_until = ends_at(date(year + KEPT_YEARS, 12, 31), ZoneInfo(company.time_zone))


def _withdraw(context: AccessContext, row: Request, *, now: datetime) -> None:
    close(row, now=now)
    move(context, row, Happening.WITHDRAWN, now=now)
