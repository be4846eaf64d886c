"""A row of a request and its clock: where the company's days end, what has happened, until when there is time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from trustdesk.decision.api import working_days
from trustdesk.kernel.errors import NotFoundError
from trustdesk.mandates.api import ControllerView, controller
from trustdesk.rights import clock
from trustdesk.rights.models import Request


def place_of(company: ControllerView) -> clock.Place:
    """Where the company's days begin and end, and which of them it works."""
    return clock.Place(ZoneInfo(company.time_zone), working_days(company.country))


def set_clock(row: Request, *, now: datetime) -> None:
    """The end as it stands now, on the row."""
    place = place_of(controller(row.controller_id))
    row.due_date = clock.due_date(course(row), place=place, now=now)
    row.due_at = clock.due_at(course(row), place=place, now=now)


def course(row: Request) -> clock.Course:
    return clock.Course(
        received_at=row.received_at,
        asked_at=row.suspended_since,
        suspended_days=row.suspended_days,
        extended=row.extended_at is not None,
    )


def no_request() -> NotFoundError:
    return NotFoundError(_("There is no such request."), place="request", mend=_("Look at the list again."))
