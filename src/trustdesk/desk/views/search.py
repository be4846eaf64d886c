"""The start of the desk, and the search as one types."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from trustdesk.conversations import api as conversing
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.standing import standing_of
from trustdesk.desk.forms import SearchForm
from trustdesk.desk.words import kind_icon
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ThrottledError
from trustdesk.register import api as register
from trustdesk.register.contracts import SearchResult
from trustdesk.rights import api as rights

SHORTEST = 2  # below, the search would answer with half the register


@require_GET
@entered("customer:search", "customer:create")
def start(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Three panes, nothing opened yet."""
    return render(request, "desk/start.html", {"may_create": context.allows("customer:create")})


@require_POST
@entered("customer:search")
def search(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What was found: the list alone where htmx asks, the whole desk otherwise.

    A POST, so no name stands in an address. It writes nothing but the journal's entry of the opening.
    """
    form = SearchForm(request.POST)
    query = form.cleaned_data["query"] if form.is_valid() else ""
    result: SearchResult | None = None
    case = _case(context, query)
    if case is None and len(query) >= SHORTEST:
        chosen = standing_of(request)
        result = register.search(context, query, country=chosen.country if chosen else "")
    values = {
        "result": result,
        "hits": [(hit, kind_icon(hit.kind)) for hit in result.rows] if result else [],
        "query": query,
        "case": case,
        "reference": conversing.read(query),
        "palette": "palette" in request.POST,
        "too_short": bool(query) and result is None and case is None,
        "may_create": context.allows("customer:create"),
    }
    return render(request, "desk/parts/hits.html" if is_fragment(request) else "desk/start.html", values)


@dataclass(frozen=True, slots=True)
class Case:
    """What a reference leads to: a conversation, or a request of somebody's."""

    conversation_id: int | None = None
    request_id: int | None = None


def _case(context: AccessContext, query: str) -> Case | None:
    """The conversation or request of a reference that was typed into the search. A number whose check digit does not
    fit is none, and is searched for as a number; who was stopped for guessing searches on.
    """
    cases = context.allows("conversation:find") and context.allows("conversation:read")
    asked = context.allows("request:take")
    if not conversing.read(query) or not (cases or asked):
        return None
    now = clock.now()

    def find(reference: str) -> Case | None:
        conversation_id = conversing.of_reference(context, reference) if cases else None
        if conversation_id is not None:
            return Case(conversation_id=conversation_id)
        view = rights.of_reference(context, reference, now=now) if asked else None
        return Case(request_id=view.request_id) if view else None

    try:
        return conversing.by_any_reference(
            context, digits=query, asker=f"operator {context.operator_id}", find=find, now=now
        )
    except ThrottledError:
        return None
