"""The one way into a surface: who, for whom, why. Every view of desk and console stands behind it."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from trustdesk.accounts import api as accounts
from trustdesk.design import standing
from trustdesk.design.faults import is_fragment
from trustdesk.isolation import api as isolation
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates import api as mandates

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, AccessContext, P], HttpResponseBase]
Office = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD"})


def entered(
    *operations: str, apart: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Give the view an access context that carries one of `operations`, under the signed scope.

    A GET runs in a read-only transaction: a view that shows cannot write (openings are committed elsewhere).
    `apart`: for a POST whose one deed the house does in a context of its own beside the operator's. One transaction
    serves one scope, so the view has none open, and the deed opens what it needs.
    Not signed in: to the sign-in. Nothing chosen, or the mandate ended: to the choice.
    """

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return leave_for(request, redirect_to_login(request.get_full_path()).url)
            chosen = standing.standing_of(request)
            if chosen is None:
                return leave_for(request, reverse("design:choose"))
            try:
                context = enter(request, chosen)
            except RefusedError:
                standing.leave(request)
                raise
            check_one_of(context, operations)
            request.access = context  # type: ignore[attr-defined]
            # Times are read in the zone of the company one works for.
            block = isolation.reading if request.method in SAFE_METHODS else isolation.scoped
            with timezone.override(chosen.time_zone), nullcontext() if apart else block(context.scope):
                return view(request, context, *args, **kwargs)

        return inner

    return wrap


def administered(*operations: str) -> Callable[[Office[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """For what concerns the whole installation: a role of the installation carries one of `operations`.

    No controller's data is in reach: no scope is opened. Writing needs an elevated session (`accounts.ELEVATED`). Who
    also sits somewhere keeps the way back there, and the clock of the company.
    """

    def wrap(view: Office[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return leave_for(request, redirect_to_login(request.get_full_path()).url)
            held = accounts.installation_operations(operator_of(request))
            granted = [operation for operation in operations if operation in held]
            if not granted:
                accounts.check_installation_operation(operator_of(request), operations[0])
            request.installation = held  # type: ignore[attr-defined]
            request.access = _seated(request)  # type: ignore[attr-defined]
            chosen = standing.standing_of(request)
            with timezone.override(chosen.time_zone if chosen else None):
                if request.method not in SAFE_METHODS:
                    accounts.check_elevated(request, granted[0], now=clock.now())
                    return view(request, *args, **kwargs)
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION READ ONLY")
                    return view(request, *args, **kwargs)

        return inner

    return wrap


def _seated(request: HttpRequest) -> AccessContext | None:
    """What the chosen seat allows, to name the parts of the house; an ended one is forgotten."""
    chosen = standing.standing_of(request)
    if chosen is None:
        return None
    try:
        return enter(request, chosen)
    except RefusedError:
        standing.leave(request)
        return None


def operator_of(request: HttpRequest) -> int:
    """The id of the operator who is signed in; behind a check that someone is."""
    operator_id = request.user.pk
    if operator_id is None:
        raise RefusedError("Nobody is signed in here.", place="session", mend="Sign in.")
    return int(operator_id)


def enter(request: HttpRequest, chosen: standing.Standing) -> AccessContext:
    """Ask the mandates, now, whether this operator may work for this controller for this purpose."""
    return mandates.enter(
        operator_of(request),
        accounts.session_id(request),
        controller_id=chosen.controller_id,
        mandate_id=chosen.mandate_id,
        purpose=chosen.purpose,
        now=clock.now(),
    )


def check_one_of(context: AccessContext, operations: tuple[str, ...]) -> None:
    """RefusedError unless the context carries at least one; a page with several doors opens by any of them."""
    if operations and not any(context.allows(operation) for operation in operations):
        context.check_operation(operations[0])


def leave_for(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that also moves the page when only a fragment was asked for."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
