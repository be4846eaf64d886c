"""Problem details for HTTP APIs (RFC 9457): every refusal in one form, and nothing personal in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trustdesk.kernel.errors import TrustdeskError

MEDIA_TYPE = "application/problem+json"
BASE = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its type's last part, its status, its title, and what the caller can do."""

    code: str
    status: int
    title: str | Promise
    mend: str | Promise


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("bad-request", 400, _("The request can't be read"), _("Correct the request.")),
        Kind("bad-json", 400, _("The body is not JSON"), _("Send JSON (RFC 8259) in UTF-8.")),
        Kind("bad-header", 400, _("A header is missing or can't be read"), _("Send the header named in `place`.")),
        Kind("not-signed-in", 401, _("A valid token is needed"), _("Send a bearer token that has not ended.")),
        Kind("refused", 403, _("This may not be done"), _("Ask the controller's administrator.")),
        Kind("not-found", 404, _("Nothing of that name is to be seen from here"), _("Check the address.")),
        Kind("wrong-method", 405, _("This address does not know the method"), _("Use a method of `Allow`.")),
        Kind("conflict", 409, _("Somebody else changed it, or it is already so"), _("Read it again, then decide.")),
        Kind(
            "in-progress",
            409,
            _("The same request is being worked on"),
            _("Wait, then send the same request with the same key."),
        ),
        Kind("seal-broken", 410, _("The value does not open"), _("It was erased or damaged: tell the administrator.")),
        Kind("no-length", 411, _("The length of the body is not announced"), _("Send the header `Content-Length`.")),
        Kind("too-large", 413, _("The body is too large"), _("Send less, or send it in parts.")),
        Kind("wrong-media", 415, _("The body is of a kind not read here"), _("Send the media type in `Accept`.")),
        Kind("bad-input", 422, _("What was given does not fit"), _("Correct the values named in `errors`.")),
        Kind(
            "key-reused",
            422,
            _("The idempotency key stands for another request"),
            _("Use a new key for a new request."),
        ),
        Kind("too-many", 429, _("Too many requests"), _("Wait as long as `Retry-After` says.")),
        Kind("fault", 500, _("The fault is ours"), _("Try again later; tell the administrator if it stays.")),
    )
}
_BY_STATUS: Mapping[int, str] = {
    400: "bad-request",
    401: "not-signed-in",
    403: "refused",
    404: "not-found",
    405: "wrong-method",
    409: "conflict",
    410: "seal-broken",
    413: "too-large",
    415: "wrong-media",
    422: "bad-input",
    429: "too-many",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that does not fit: where it stands (RFC 6901 pointer, or a parameter's name) and why."""

    place: str
    detail: str


@dataclass(slots=True)
class ProblemError(Exception):
    """Raised at the edge for what is wrong with a request; its answer is ready."""

    code: str
    detail: str = ""
    place: str = ""
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        return problem(self.code, detail=self.detail, place=self.place, errors=self.errors, headers=self.headers)


def problem(
    code: str,
    *,
    status: int = 0,
    detail: str = "",
    place: str = "",
    mend: str = "",
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer. `code` is one of KINDS, or a domain error's own, which then brings its status."""
    kind = KINDS.get(code) or KINDS[of_status(status)]
    members: dict[str, object] = {
        "type": BASE + kind.code,
        "title": str(kind.title),
        "status": status or kind.status,
        "code": code,
        "mend": mend or str(kind.mend),
    }
    if detail:
        members["detail"] = detail
    if place:
        members["place"] = place
    if errors:
        members["errors"] = [{"place": fault.place, "detail": fault.detail} for fault in errors]
    response = HttpResponse(orjson.dumps(members), content_type=MEDIA_TYPE, status=status or kind.status)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def of_status(status: int) -> str:
    """The kind that stands for a bare status."""
    return _BY_STATUS.get(status, "fault" if status >= 500 else "bad-request")


def of_error(error: TrustdeskError, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A domain error as it is: message, place and mend are made for people and hold nothing personal."""
    return problem(
        error.code,
        status=error.status,
        detail=error.message,
        place=error.place,
        mend=error.mend,
        headers=headers,
    )
