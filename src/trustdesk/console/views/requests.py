"""Requests of data subjects by their clock; one of them: who asks, what for, and how it went so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Purpose
from trustdesk.console.answers import page
from trustdesk.console.request_forms import FilterForm, ReasonForm, RefuseForm, SupposeForm
from trustdesk.console.request_words import lines, put_right, wanted
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.proofs import point_rows
from trustdesk.design.requesting import (
    STATE_TONES,
    Deadline,
    deadline,
    ground_label,
    kind_label,
    kind_means,
    proof_label,
    state_label,
    way_label,
)
from trustdesk.design.restriction import ground_choices
from trustdesk.design.wishes import WishForm
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import Card
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import CLOSED, Kind, RequestView, State, Whole

SHOWN = 200
ASKING = frozenset({State.RECEIVED, State.IDENTIFYING})
KNOWN = frozenset({State.IDENTIFIED, State.PLANNED})
SPECIFIED = frozenset({Kind.RECTIFICATION, Kind.RESTRICTION, Kind.OBJECTION, Kind.WITHDRAWAL})
"""Rights that need said what exactly is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request in the list."""

    view: RequestView
    kind: str
    state: str
    tone: str
    deadline: Deadline
    way: str


@require_GET
@entered("request:work")
def requests(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The most urgent first. Opens nothing."""
    now = clock.now()
    form = FilterForm(request.GET)
    kind, states = (form.cleaned_data["kind"], form.states()) if form.is_valid() else (None, ())
    found = rights.requests(context, states=states, kind=kind, limit=SHOWN, now=now)
    rows = [
        Row(
            view=each,
            kind=kind_label(each.kind),
            state=state_label(each.state),
            tone=STATE_TONES[each.state],
            deadline=deadline(each, now),
            way=way_label(each.channel),
        )
        for each in found
    ]
    values = {
        "form": form,
        "rows": rows,
        "all_shown": len(rows) < SHOWN,
        "filtered": bool(kind or states),
        "standing": rights.standing(context, now=now),
    }
    return page(request, "console/requests.html", values, context=context)


@require_GET
@entered("request:work")
def one(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """One request with the person's words and its history: one logged opening."""
    return show(request, context, request_id)


def show(
    request: HttpRequest,
    context: AccessContext,
    request_id: int,
    *,
    forms: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The request as it stands; also the answer to a deed that was refused, with what was typed."""
    now = clock.now()
    whole = rights.whole(context, request_id=request_id, now=now)
    view = whole.view
    card = _card(context, view)
    purposes = clearance.purposes(context) if view.kind in {Kind.OBJECTION, Kind.WITHDRAWAL} else ()
    names = accounts.names({each.by for each in whole.history if each.by})
    asking = view.state in ASKING
    values = {
        "view": view,
        "told": whole.told,
        "kind": kind_label(view.kind),
        "means": kind_means(view.kind),
        "state": state_label(view.state),
        "tone": STATE_TONES[view.state],
        "deadline": deadline(view, now),
        "way": way_label(view.channel),
        "wanted": wanted(view.kind, whole.told.wish, purposes=purposes, values=card.values if card else ()),
        "refused": ground_label(view.refused) if view.refused else "",
        "proof": proof_label(view.proved.kind) if view.proved else "",
        "proved_by": operator_name(names, view.proved.by) if view.proved and view.proved.by else "",
        "approved_by": operator_name(names, view.approved_by) if view.approved_by else "",
        "asking": asking,
        "points": point_rows(context, card, now=now) if asking else (),
        "elsewhere": put_right(rights.elsewhere(context, request_id=request_id)),
        "recipients": rights.told(context, request_id=request_id),
        "may_see_systems": context.allows("connector:work") or context.allows("connector:manage"),
        "lines": lines(whole.history, names),
        "doors": doors(context, view),
        "forms": _forms(whole, purposes, card) | dict(forms or {}),
        "may_open": context.allows("customer:open"),
        "may_erase": context.allows("erasure:run"),
    }
    return page(request, "console/request.html", values, context=context, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What can be done now; `closed` is why the company can't say yes or no yet, empty where it can."""

    open: bool
    specify: bool
    suppose: bool
    doubt: bool
    plan: bool
    approve: bool
    refuse: bool
    extend: bool
    conclude: bool
    withdraw: bool
    closed: str
    law: str


def doors(context: AccessContext, view: RequestView) -> Doors:
    """By state and by who asks; every deed is checked again below."""
    undecided = view.state in ASKING | KNOWN
    closed, law = _closed(context, view) if undecided else ("", "")
    planned = view.kind is Kind.ERASURE
    decidable = view.state is (State.PLANNED if planned else State.IDENTIFIED)
    return Doors(
        open=view.state not in CLOSED,
        specify=undecided and view.kind in SPECIFIED,
        suppose=view.state in ASKING,
        doubt=view.state in KNOWN,
        plan=planned and view.state is State.IDENTIFIED,
        approve=decidable and not closed,
        refuse=undecided and context.allows("request:approve"),
        extend=view.clock.extendable_until is not None,
        conclude=view.kind is Kind.HUMAN_REVIEW and view.state is State.RUNNING and context.allows("request:approve"),
        withdraw=undecided,
        closed=closed,
        law=law,
    )


def _closed(context: AccessContext, view: RequestView) -> tuple[str, str]:
    if not context.allows("request:approve"):
        return _("The company itself decides: your mandate does not name this."), _("GDPR Art. 28(3)(a)")
    if view.proved is None:
        return _("Nobody has proved yet who asks."), _("GDPR Art. 12(6)")
    if view.kind is Kind.ERASURE and view.state is State.IDENTIFIED:
        return _("Draw first what an erasure would do, and look at it."), _("GDPR Art. 17(3)")
    return "", ""


def _card(context: AccessContext, view: RequestView) -> Card | None:
    """The card, opened where one needs it here: to find out who asks, or what is to be corrected."""
    needed = view.state in ASKING or view.kind is Kind.RECTIFICATION
    if view.customer_id is None or not needed or not context.allows("customer:open"):
        return None
    return register.card(context, view.customer_id, now=clock.now())


def _forms(whole: Whole, purposes: Sequence[Purpose], card: Card | None) -> dict[str, Form]:
    kind = whole.view.kind
    return {
        "wish": WishForm(
            kind=kind,
            purposes=purposes,
            values=card.values if card else (),
            grounds=ground_choices(),
            wish=whole.told.wish,
        ),
        "suppose": SupposeForm(auto_id="suppose-%s"),
        "refuse": RefuseForm(kind=kind),
        "extend": extend_form(),
        "doubt": doubt_form(),
        "conclude": conclude_form(),
    }


def extend_form(data: Mapping[str, str] | None = None) -> ReasonForm:
    hint = _("In plain words: it stands in the letter, which leaves at once.")
    return ReasonForm(data, name="extend", label=_("Why it takes longer"), help_text=hint)


def doubt_form(data: Mapping[str, str] | None = None) -> ReasonForm:
    return ReasonForm(data, name="doubt", label=_("Why the proof is not believed"))


def conclude_form(data: Mapping[str, str] | None = None) -> ReasonForm:
    hint = _("What a person found, and what follows. It is sent as it stands.")
    return ReasonForm(data, name="conclude", label=_("What the person is told"), help_text=hint)
