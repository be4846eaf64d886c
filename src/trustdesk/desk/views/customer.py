"""The customer: what is known, from where, how fresh; what happened; who has looked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trustdesk.audit import api as audit
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Happening
from trustdesk.design.disclosures import given
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.happenings import lines
from trustdesk.design.origin import origin_label
from trustdesk.design.readable import readable
from trustdesk.desk import present
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import Card, CustomerKind, Employment
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import RequestView
from trustdesk.updates.api import orders_of

LOOKED_SHOWN = 50
REQUESTS_SHOWN = 10
# Of a conversation the card tells what came of it; what was said, the conversation tells.
TOLD = frozenset({"began", "identified", "disposed", "complaint", "replied", "closed"})


@require_GET
@entered("customer:open")
def customer(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The card. One logged opening."""
    return show(request, context, customer_id)


def show(
    request: HttpRequest,
    context: AccessContext,
    customer_id: int,
    *,
    changed: int | None = None,
    forms: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The card as it now stands; also the answer to every deed upon it, so a swap shows what a reload would."""
    now = clock.now()
    card = register.card(context, customer_id, now=now)
    page = present.customer_page(
        context,
        card,
        _beside(context, card, now=now),
        register.catalog(context),
        now=now,
        changed=changed,
        forms=forms,
    )
    template = "desk/parts/customer.html" if is_fragment(request) else "desk/customer.html"
    return render(request, template, {"page": page, "card": card, "may_create": page.may["create"]}, status=status)


def _beside(context: AccessContext, card: Card, *, now: datetime) -> present.Beside:
    """Asked only where there can be something: most customers are persons on their own."""
    alone = card.kind is CustomerKind.PERSON and not card.merged_from
    return present.Beside(
        timeline=register.timeline(context, card.customer_id, limit=present.TIMELINE_SHOWN),
        spoken=_spoken(context, card.customer_id),
        merges=register.merges(context, card.customer_id) if card.merged_from else (),
        employment=Employment() if alone else register.employment(context, card.customer_id, now=now),
        disclosures=register.disclosures(context, card.customer_id),
        requests=_requests(context, card.customer_id, now=now),
        orders=orders_of(context, card.customer_id),
    )


def _requests(context: AccessContext, customer_id: int, *, now: datetime) -> Sequence[RequestView]:
    if not context.allows("request:take"):
        return ()
    return rights.requests(context, customer_id=customer_id, limit=REQUESTS_SHOWN, now=now)


def _spoken(context: AccessContext, customer_id: int) -> list[Happening]:
    if not context.allows("conversation:read"):
        return []
    found = conversing.timeline(context, customer_id, limit=present.TIMELINE_SHOWN)
    return [each for each in found if each.kind in TOLD]


@require_GET
@entered("customer:open")
def disclosures(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The whole ledger of what was given to whom; where there is any, the values are opened, also corrected ones."""
    found = register.disclosures(context, customer_id)
    values = register.history(context, customer_id, now=clock.now()) if found else ()
    labels = {attribute.code: attribute.label for attribute in register.catalog(context)}
    lines = given(found, values=values, labels=labels)
    return render(request, "desk/disclosures.html", {"given": lines, "customer_id": customer_id})


@require_GET
@entered("log:read")
def looked(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Who has looked at this customer. To look into the log is itself recorded."""
    values = {
        "customer_id": customer_id,
        "lines": lines(audit.entries(context, subject=customer_id, limit=LOOKED_SHOWN)),
        "state": audit.verification_state(context),
    }
    return render(request, "desk/parts/looked.html" if is_fragment(request) else "desk/looked.html", values)


@require_GET
@entered("customer:open")
def history(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Every value ever recorded, also those no longer current. One logged opening."""
    values = register.history(context, customer_id, now=clock.now())
    rows = [
        (value, readable(value), _(value.attribute_label), origin_label(value.source_kind, value.source_name))
        for value in values
    ]
    shown = {"rows": rows, "customer_id": customer_id, "may_see_changes": context.allows("update:read")}
    return render(request, "desk/history.html", shown)
