"""The one way in: a bearer token becomes an access context, and a route runs inside that context's scope.

RFC 6750 (bearer tokens). No cookie opens anything here, so there is nothing to forge across sites.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation
from ninja.security import HttpBearer
from ninja.utils import contribute_operation_callback

from trustdesk.api.handlers import CHALLENGE
from trustdesk.api.idempotency import Written, once
from trustdesk.api.problems import ProblemError
from trustdesk.isolation.api import scoped
from trustdesk.kernel.clock import now
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import TokenRefusedError, TokenUse, context_for_token, count_use

PURPOSE = "Trustdesk-Purpose"

View = TypeVar("View", bound=Callable[..., object])
Answer = TypeVar("Answer")


class CallingRequest(HttpRequest):
    """A request whose token was accepted."""

    auth: AccessContext
    token_use: TokenUse


class BearerToken(HttpBearer):
    """`Authorization: Bearer …`, the purpose the call is made for, and the operation the route needs.

    All of it is decided before a byte of the body is read.
    """

    def __init__(self, operation: str = "") -> None:
        super().__init__()
        self.operation = operation

    def authenticate(self, request: HttpRequest, token: str) -> AccessContext:
        instant = now()
        purpose = request.headers.get(PURPOSE, "").strip()
        try:
            context = context_for_token(token.strip(), purpose=purpose, now=instant)
        except TokenRefusedError:
            challenge = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
            raise ProblemError("not-signed-in", headers=challenge) from None
        except RefusedError:
            if purpose:
                raise
            raise ProblemError("bad-header", place=PURPOSE) from None
        use = count_use(context, limit=settings.TRUSTDESK_API_CALLS_A_MINUTE, now=instant)
        cast("CallingRequest", request).token_use = use
        if not use.allowed:
            raise ProblemError("too-many", headers={"Retry-After": str(use.wait_seconds)})
        if self.operation:
            context.check_operation(self.operation)
        return context


def reads(operation: str = "") -> Callable[[View], View]:
    """A route that changes nothing. `operation` is what the token must carry; empty: any living token will do."""

    def mark(view: View) -> View:
        @wraps(view)
        def inside(request: CallingRequest, *args: object, **kwargs: object) -> object:
            with scoped(request.auth.scope):
                return view(request, *args, **kwargs)

        return cast("View", _marked(inside, operation, writing=False))

    return mark


def writes(operation: str) -> Callable[[Callable[..., Written]], Callable[..., HttpResponse]]:
    """A route that changes something: done once for an idempotency key, in one transaction with the memory of it."""

    def mark(view: Callable[..., Written]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inside(request: CallingRequest, *args: object, **kwargs: object) -> HttpResponse:
            with scoped(request.auth.scope):
                return once(request, request.auth, lambda: view(request, *args, **kwargs))

        return _marked(inside, operation, writing=True)

    return mark


def _marked(view: Callable[..., Answer], operation: str, *, writing: bool) -> Callable[..., Answer]:
    view.trustdesk_operation = operation  # type: ignore[attr-defined]  # the document and the tests read the marks
    view.trustdesk_writes = writing  # type: ignore[attr-defined]
    contribute_operation_callback(view, lambda route: _lock(route, BearerToken(operation)))
    return view


def _lock(route: Operation, token: BearerToken) -> None:
    route.auth_param = [token]
    route.auth_callbacks = [token]
