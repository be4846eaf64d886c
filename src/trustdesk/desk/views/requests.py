"""Somebody asks for a right: take it in, say the reference, find out who asks."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.design.proofs import point_rows
from trustdesk.design.requesting import (
    STATE_TONES,
    deadline,
    kind_label,
    kind_means,
    proof_label,
    state_label,
    way_label,
)
from trustdesk.design.restriction import ground_choices
from trustdesk.design.wishes import WishForm
from trustdesk.desk.request_forms import CodeForm, TakeForm
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError
from trustdesk.register import api as register
from trustdesk.register.contracts import Card
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import LAW, Kind, NewRequest, ProofKind, RequestView, State

UNPROCESSABLE = 422
_ASKING = frozenset({State.RECEIVED, State.IDENTIFYING})


@require_GET
@entered("request:take")
def choose(request: HttpRequest, context: AccessContext, customer_id: int | None = None) -> HttpResponse:
    """Which right it is, each in a sentence that can be said aloud."""
    kinds = [(kind, kind_label(kind), kind_means(kind), LAW[kind]) for kind in Kind]
    card = _card(context, customer_id)
    return render(request, "desk/choose_right.html", {"kinds": kinds, "card": card})


@require_GET
@entered("request:take")
def ask(request: HttpRequest, context: AccessContext, kind: str, customer_id: int | None = None) -> HttpResponse:
    """What has to be said for this right, and no more."""
    card = _card(context, customer_id)
    return _take(request, _kind(kind), card, _forms(context, _kind(kind), card))


@require_POST
@entered("request:take", apart=True)
def take(request: HttpRequest, context: AccessContext, kind: str, customer_id: int | None = None) -> HttpResponse:
    """Taken in; the reference stands on the page that follows."""
    now, right, card = clock.now(), _kind(kind), _card(context, customer_id)
    form, wish = _forms(context, right, card, request.POST)
    if not (form.is_valid() and wish.is_valid()):
        return _take(request, right, card, (form, wish), status=UNPROCESSABLE)
    given = form.cleaned_data
    new = NewRequest(
        kind=right,
        channel=given["channel"],
        received_at=given["received_at"] or now,
        language=given["language"],
        words=given["words"],
        name=given.get("name", ""),
        reply_to=given.get("reply_to", ""),
        customer_id=customer_id,
        wish=wish.wish(),
    )
    try:
        received = rights.receive(context, new=new, now=now)
    except BadInputError as fault:
        refused(form, fault)
        return _take(request, right, card, (form, wish), status=UNPROCESSABLE)
    messages.success(request, _("Taken in. Say the reference to the person."))
    return redirect("desk:request", request_id=received.request_id)


@require_GET
@entered("request:take")
def show(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """How it stands, and how it can be known who asks."""
    return _show(request, context, request_id, CodeForm())


@require_POST
@entered("request:take", apart=True)
def ask_who(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """Who asks is in doubt: the person is asked in a letter, and the clock stands."""
    return _done(
        request,
        request_id,
        _("The person is asked who they are."),
        lambda now: rights.ask_identity(context, request_id=request_id, now=now),
    )


@require_POST
@entered("request:take", apart=True)
def send_code(request: HttpRequest, context: AccessContext, request_id: int, value_id: int) -> HttpResponse:
    """Six digits to a contact point that proves who asks."""

    def deed(now: datetime) -> None:
        rights.send_code(context, request_id=request_id, value_id=value_id, now=now)

    return _done(request, request_id, _("A code is on its way. It is good for fifteen minutes."), deed)


@require_POST
@entered("request:take", apart=True)
def called_back(request: HttpRequest, context: AccessContext, request_id: int, value_id: int) -> HttpResponse:
    """Reached on a number on file."""

    def deed(now: datetime) -> None:
        rights.identify(context, request_id=request_id, kind=ProofKind.CALLED_BACK, value_id=value_id, now=now)

    return _done(request, request_id, _("Recorded: it is known who asks."), deed)


@require_POST
@entered("request:work", apart=True)
def document(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """A document was shown; nothing of it is kept but that."""
    return _done(
        request,
        request_id,
        _("Recorded: it is known who asks."),
        lambda now: rights.identify(context, request_id=request_id, kind=ProofKind.DOCUMENT, now=now),
    )


@require_POST
@entered("request:take", apart=True)
def check_code(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """The person says the code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            rights.check_code(context, request_id=request_id, code=form.cleaned_data["code"], now=clock.now())
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("Recorded: it is known who asks."))
            return redirect("desk:request", request_id=request_id)
    return _show(request, context, request_id, form)


def _show(request: HttpRequest, context: AccessContext, request_id: int, form: CodeForm) -> HttpResponse:
    now = clock.now()
    view = rights.request(context, request_id=request_id, now=now)
    asking = view.state in _ASKING
    opened = _card(context, view.customer_id) if asking and context.allows("customer:open") else None
    values = {
        "view": view,
        "kind": kind_label(view.kind),
        "means": kind_means(view.kind),
        "state": state_label(view.state),
        "tone": STATE_TONES[view.state],
        "deadline": deadline(view, now),
        "way": way_label(view.channel),
        "proof": proof_label(view.proved.kind) if view.proved else "",
        "proved_by": _vouched(view),
        "asking": asking,
        "points": point_rows(context, opened, now=now),
        "code_form": form,
        "may_work": context.allows("request:work"),
        "may_open": context.allows("customer:open"),
    }
    return render(request, "desk/request.html", values, status=UNPROCESSABLE if form.errors else 200)


def _vouched(view: RequestView) -> str:
    """Whose word it is that it is known who asks; nobody's, where the house found out itself."""
    by = view.proved.by if view.proved else None
    return operator_name(accounts.names({by}), by) if by else ""


def _done(request: HttpRequest, request_id: int, words: str, deed: Callable[[datetime], None]) -> HttpResponse:
    deed(clock.now())
    messages.success(request, words)
    return redirect("desk:request", request_id=request_id)


def _card(context: AccessContext, customer_id: int | None) -> Card | None:
    """Whose request it says to be: their card, as it was open when they were asked."""
    return None if customer_id is None else register.card(context, customer_id, now=clock.now())


def _forms(
    context: AccessContext, right: Kind, card: Card | None, data: QueryDict | None = None
) -> tuple[TakeForm, WishForm]:
    language = (card.language if card else "") or get_language() or "en"
    purposes = clearance.purposes(context) if right in {Kind.OBJECTION, Kind.WITHDRAWAL} else ()
    wish = WishForm(
        data,
        kind=right,
        purposes=purposes,
        values=card.values if card and not card.restriction else (),
        grounds=ground_choices(),
    )
    return TakeForm(data, language=language, known=card is not None), wish


def _take(
    request: HttpRequest, right: Kind, card: Card | None, typed: tuple[TakeForm, WishForm], *, status: int = 200
) -> HttpResponse:
    form, wish = typed
    values = {
        "right": right,
        "kind": kind_label(right),
        "means": kind_means(right),
        "law": LAW[right],
        "card": card,
        "form": form,
        "wish": wish,
    }
    return render(request, "desk/take_request.html", values, status=status)


def _kind(code: str) -> Kind:
    try:
        return Kind(code)
    except ValueError:
        raise Http404 from None
