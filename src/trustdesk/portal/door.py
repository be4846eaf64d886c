"""The one way into the portal's own pages: a customer, by a visit of this browser. Nobody else is in anywhere."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from trustdesk.identity import api as identity
from trustdesk.isolation.api import reading, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.mandates.api import ControllerView, controller

P = ParamSpec("P")
Visited = Callable[Concatenate[HttpRequest, AccessContext, identity.Visit, P], HttpResponseBase]
VISIT_COOKIE = "trustdesk_visit"
BROWSER_COOKIE = "trustdesk_browser"
_MOST_A_MINUTE = 20


class TooManyError(TrustdeskError):
    """Asked too often from one place."""

    code = "too-many"
    status = 429


def company_of(company_id: int) -> ControllerView:
    """The company whose page it is. NotFoundError, in a customer's words, for one that is not there."""
    try:
        return controller(company_id)
    except NotFoundError:
        raise NotFoundError(
            _("There is no such page."),
            place="company",
            mend=_("Use the link of the newest mail, or ask the company that sent it."),
        ) from None


def visited(view: Visited[P]) -> Callable[..., HttpResponseBase]:
    """Give the view the context and the visit of the customer who is in; else back to the start.

    A GET runs in a read-only transaction, as at the desk.
    """
    return _behind(view, apart=False)


def visited_apart(view: Visited[P]) -> Callable[..., HttpResponseBase]:
    """As `visited`, for a POST whose one deed another room does under a scope of its own: no transaction is open."""
    return _behind(view, apart=True)


def _behind(view: Visited[P], *, apart: bool) -> Callable[..., HttpResponseBase]:
    @login_not_required
    @functools.wraps(view)
    def inner(request: HttpRequest, /, company_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        company = company_of(company_id)
        visit = visit_of(request, company_id)
        if visit is None:
            return redirect("portal:start", company_id=company_id)
        context = identity.visiting(visit, now=clock.now())
        request.company = company  # type: ignore[attr-defined]
        block = reading if request.method in {"GET", "HEAD"} else scoped
        with timezone.override(company.time_zone), nullcontext() if apart else block(context.scope):
            return private(view(request, context, visit, *args, **kwargs))

    return inner


def visit_of(request: HttpRequest, company_id: int) -> identity.Visit | None:
    secret = request.COOKIES.get(VISIT_COOKIE, "")
    return identity.visit_of(company_id, secret=secret, now=clock.now()) if secret else None


def keep(response: HttpResponse, name: str, secret: str, request: HttpRequest, *, seconds: int) -> None:
    """A cookie for the portal's own pages only. Lax: a link in a mail comes from another site."""
    response.set_cookie(
        name, secret, max_age=seconds, path="/my/", httponly=True, secure=request.is_secure(), samesite="Lax"
    )


def private(response: HttpResponseBase) -> HttpResponseBase:
    """In no cache, and no address of these pages goes elsewhere: some hold a secret.

    Not `no-referrer`: under it browsers send their own forms with `Origin: null`, which is refused as forged.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def count(request: HttpRequest, action: str) -> None:
    """Raise TooManyError from the twenty-first time within a minute from one address of the network."""
    key = f"portal|{action}|{request.META.get('REMOTE_ADDR', '')}|{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > _MOST_A_MINUTE:
        raise TooManyError(_("That was too often."), place="portal", mend=_("Wait a minute and try again."))
