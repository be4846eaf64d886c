"""The edge of /api/: sizes are checked before anything is read, every answer carries its headers, and what fails beside
the routes (no such address, wrong method, a crash) answers as a problem too.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from trustdesk.api.bodies import check_size
from trustdesk.api.handlers import CHALLENGE
from trustdesk.api.problems import MEDIA_TYPE, ProblemError, of_status, problem

PREFIX = "/api/"
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
_FIRST_ERROR = 400

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def edge_middleware(get_response: Any) -> Handler | AsyncHandler:  # noqa: ANN401  # Django gives one of the two
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            if not request.path.startswith(PREFIX):
                return await get_response(request)  # type: ignore[no-any-return]
            return _finish(request, _refusal(request) or await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return get_response(request)  # type: ignore[no-any-return]
        return _finish(request, _refusal(request) or get_response(request))

    return answer


def _refusal(request: HttpRequest) -> HttpResponseBase | None:
    try:
        check_size(request)
    except ProblemError as error:
        return error.response()
    return None


def _finish(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code >= _FIRST_ERROR and not response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        response = _as_problem(response)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"  # answers hold personal data
    use = getattr(request, "token_use", None)
    if use is not None:
        # draft-ietf-httpapi-ratelimit-headers
        response.headers["RateLimit-Policy"] = f'"token";q={use.limit};w=60'
        response.headers["RateLimit"] = f'"token";r={use.remaining};t={use.wait_seconds}'
    return response


def _as_problem(response: HttpResponseBase) -> HttpResponseBase:
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    if response.status_code == 401:
        headers.setdefault("WWW-Authenticate", CHALLENGE)
    return problem(of_status(response.status_code), status=response.status_code, headers=headers)
