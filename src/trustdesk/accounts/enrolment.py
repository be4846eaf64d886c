"""The part of a session in which factors may be set up without being asked again: opened by a single-use link."""

from datetime import timedelta

from django.http import HttpRequest

from trustdesk.kernel import clock

_KEY = "trustdesk_enrolment"
LASTS = timedelta(minutes=30)


def begin(request: HttpRequest) -> None:
    request.session[_KEY] = {"operator": str(request.user.pk), "until": (clock.now() + LASTS).timestamp()}


def is_open(request: HttpRequest) -> bool:
    held = request.session.get(_KEY)
    if not request.user.is_authenticated or not isinstance(held, dict):
        return False
    return bool(held["operator"] == str(request.user.pk) and clock.now().timestamp() < held["until"])
