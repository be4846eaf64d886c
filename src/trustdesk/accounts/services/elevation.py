"""Elevated sessions: for a while, with a reason, logged."""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from trustdesk.accounts.contracts import Elevation
from trustdesk.accounts.models import ElevatedSession
from trustdesk.accounts.roles import ELEVATED
from trustdesk.accounts.sessions import stored_key
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.ids import new_id

MOST_MINUTES = 60
_SHORTEST_REASON = 10


def session_id(request: HttpRequest) -> str:
    """The session's name for scopes and log: a digest, worthless as a cookie. RefusedError without a session."""
    key = request.session.session_key
    if not key:
        raise RefusedError(_("Nobody is signed in here."), place="session", mend=_("Sign in."))
    return stored_key(key)


def elevate(request: HttpRequest, *, reason: str, minutes: int, now: datetime) -> Elevation:
    """Raise the session of the request. The reason goes sealed into the log and nowhere else."""
    reason = reason.strip()
    if len(reason) < _SHORTEST_REASON:
        raise BadInputError(
            _("An elevated session needs a reason."), place="reason", mend=_("Say in one sentence what it is for.")
        )
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadInputError(
            _("An elevated session lasts between one minute and one hour."), place="minutes", mend="1 to 60"
        )
    operator_id = _operator_id(request)
    name = session_id(request)
    with transaction.atomic():
        ElevatedSession.objects.filter(session_id=name).delete()
        row = ElevatedSession.objects.create(
            id=new_id(),
            operator_id=operator_id,
            session_id=name,
            starts_at=now,
            ends_at=now + timedelta(minutes=minutes),
        )
        installation_deed(operator_id, "session.elevated", {"reason": reason, "minutes": minutes, "session": name})
    return Elevation(operator_id=operator_id, session_id=name, ends_at=row.ends_at)


def elevated_until(request: HttpRequest, *, now: datetime) -> datetime | None:
    """The instant at which the session's elevation ends; None where it is not elevated."""
    return (
        ElevatedSession.objects.filter(
            session_id=session_id(request), operator_id=_operator_id(request), starts_at__lte=now, ends_at__gt=now
        )
        .values_list("ends_at", flat=True)
        .first()
    )


def check_elevated(request: HttpRequest, operation: str, *, now: datetime) -> None:
    """RefusedError where the operation needs an elevated session and this one is not."""
    if operation in ELEVATED and elevated_until(request, now=now) is None:
        raise RefusedError(
            _("This needs an elevated session."), place=operation, mend=_("Say why you need it and for how long.")
        )


def end_elevation(request: HttpRequest) -> None:
    """Back to the ordinary session before the time is over."""
    operator_id = _operator_id(request)
    with transaction.atomic():
        gone, _rows = ElevatedSession.objects.filter(session_id=session_id(request), operator_id=operator_id).delete()
        if gone:
            installation_deed(operator_id, "session.elevation_ended", {})


def _operator_id(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        raise RefusedError(_("Nobody is signed in here."), place="session", mend=_("Sign in."))
    return int(request.user.pk)
