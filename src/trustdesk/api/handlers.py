"""From what is raised to a problem: no traceback, no value of the request and no text of a library gets out."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from trustdesk.api.problems import Fault, ProblemError, of_error, of_status, problem
from trustdesk.kernel.errors import RefusedError, ThrottledError, TrustdeskError
from trustdesk.mandates.api import KeyInUseError

CHALLENGE = 'Bearer realm="trustdesk"'

# pydantic's own messages may quote what was sent: only these words leave.
_WORDS: Mapping[str, str | Promise] = {
    "missing": _("This is required."),
    "extra_forbidden": _("There is a member that is not known here."),
    "string_type": _("This must be a text."),
    "string_too_short": _("This is too short."),
    "string_too_long": _("This is too long."),
    "string_pattern_mismatch": _("This text has a character or a form that is not allowed."),
    "enum": _("This is not one of the values allowed."),
    "literal_error": _("This is not one of the values allowed."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "greater_than_equal": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "too_long": _("This list is too long."),
    "too_short": _("This list is too short."),
    "timezone_aware": _("This instant needs its offset from UTC (RFC 3339)."),
    "datetime_from_date_parsing": _("This must be an instant (RFC 3339)."),
    "datetime_parsing": _("This must be an instant (RFC 3339)."),
    "datetime_type": _("This must be an instant (RFC 3339)."),
    "date_from_datetime_parsing": _("This must be a date (RFC 3339)."),
    "date_parsing": _("This must be a date (RFC 3339)."),
    "date_type": _("This must be a date (RFC 3339)."),
    "model_attributes_type": _("This must be an object."),
    "model_type": _("This must be an object."),
}
_OURS = re.compile(r"[a-z][a-z0-9_]{0,30}|Trustdesk-Purpose")
_BODY = ("body", "form", "file")


def install(api: NinjaAPI) -> None:
    """Give the API its way to answer each failure. What is not listed is a fault of ours and is logged by Django."""
    api.add_exception_handler(ProblemError, _raised)
    api.add_exception_handler(TrustdeskError, _domain)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unsigned)
    api.add_exception_handler(HttpError, _framework)
    api.add_exception_handler(Http404, _absent)
    api.add_exception_handler(RequestDataTooBig, _too_large)


def _raised(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401  # ninja's handlers are untyped
    response: HttpResponse = error.response()
    return response


def _domain(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401
    headers = {}
    if isinstance(error, RefusedError) and ":" in error.place:
        # RFC 6750, section 3.1: the scope that would have been enough.
        headers["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{_printable(error.place)}"'
    if isinstance(error, ThrottledError):
        headers["Retry-After"] = str(error.wait_seconds)
    if isinstance(error, KeyInUseError):
        headers["Retry-After"] = "1"
    return of_error(error, headers=headers)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401
    return problem("bad-input", errors=[_fault(entry) for entry in error.errors])


def _unsigned(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401
    return problem("not-signed-in", headers={"WWW-Authenticate": CHALLENGE})


def _framework(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401
    if isinstance(error.__cause__, ProblemError):  # ninja wraps what the parser raises
        return error.__cause__.response()
    return problem(of_status(error.status_code), status=error.status_code)


def _absent(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401
    return problem("not-found")


def _too_large(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401
    return problem("too-large")


def _fault(entry: Mapping[str, Any]) -> Fault:
    source, *steps = entry["loc"]
    if entry["type"] == "extra_forbidden":
        steps = steps[:-1]
    # What is neither a number nor a name of ours is the caller's own text: a strange member, a column of a list.
    path = list(takewhile(lambda step: isinstance(step, int) or _OURS.fullmatch(step), steps))
    # In a body the first step is the name of the view's parameter, which nobody sent.
    place = "".join(f"/{step}" for step in path[1:]) if source in _BODY else ".".join(str(step) for step in path)
    return Fault(place, str(_WORDS.get(entry["type"], "")) or say("This does not fit."))


def _printable(place: str) -> str:
    return "".join(letter for letter in place if letter.isalnum() or letter in ":-_.")
