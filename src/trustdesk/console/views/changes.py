"""Changes one by one: those of a delivery or of a customer, on what evidence, and the way back. Opens nothing."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.console.answers import page
from trustdesk.console.comparing import rows
from trustdesk.console.feed_forms import TakeBackForm
from trustdesk.console.feed_words import taken_back_words
from trustdesk.console.views.feeds import READ, UNDO, UNPROCESSABLE
from trustdesk.console.words import labels
from trustdesk.design.entrance import entered
from trustdesk.design.updates_log import became_label, fate_label, kept_for_label
from trustdesk.design.updating import change_label, likely, second_label, share, why_label
from trustdesk.feeds import api as feeds
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public
from trustdesk.register.api import persons
from trustdesk.register.contracts import Became, KeptFor
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import AppliedView, ChangeView, Compared, Fate

_SHOWN = 50
_TONES = {Fate.UPDATED: "good", Fate.CONFIRMED: "good", Fate.REVIEW: "warn"}
_MADE = (Fate.UPDATED, Fate.CONFIRMED)


@require_GET
@entered(READ)
def of_delivery(request: HttpRequest, context: AccessContext, delivery_id: int) -> HttpResponse:
    """What became of its records, the newest first, page by page."""
    held = feeds.delivery(context, delivery_id)
    found = updating.changes(context, delivery_id=delivery_id, before=_before(request), limit=_SHOWN)
    values = {
        "rows": [_row(each) for each in found],
        "delivery": held,
        "feed": feeds.feed(context, held.feed_id),
        "last": found[-1].change_id if len(found) == _SHOWN else None,
    }
    return page(request, "console/changes.html", values, context=context)


@require_GET
@entered(READ)
def of_customer(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """What feeds changed of somebody, or tried to."""
    if customer_id not in persons(context, [customer_id]):
        raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
    found = updating.history_of(context, customer_id)
    values = {"rows": [_row(each.change) for each in found], "customer_id": customer_id}
    return page(request, "console/changes.html", values, context=context)


@require_GET
@entered(READ)
def change(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """One change: whose, on what evidence, which fields."""
    return page(request, "console/change.html", _shown(context, change_id), context=context)


@require_POST
@entered(UNDO)
def take_back(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """What it changed is undone; where it was wrong, a breach case is opened."""
    form = TakeBackForm(request.POST)
    if form.is_valid():
        count = updating.undo(context, change_id=change_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, taken_back_words(count))
        return redirect("console:change", change_id=change_id)
    values = _shown(context, change_id) | {"taking_back": form}
    return page(request, "console/change.html", values, context=context, status=UNPROCESSABLE)


def _shown(context: AccessContext, change_id: int) -> dict[str, object]:
    held = updating.change(context, change_id)
    one, names = held.change, labels(context)
    compared = [Compared(each.about, (), (), each.level, each.weight) for each in one.evidence]
    return {
        "row": _row(one),
        "fields": [(names.get(each.attribute, each.attribute), *_became(each)) for each in held.fields],
        "evidence": rows(compared),
        "why": why_label(one.reason) if one.fate is Fate.REVIEW else "",
        "may_open": context.allows("customer:open"),
        "may_undo": context.allows(UNDO) and one.fate in _MADE and one.undone_at is None,
        "may_review": context.allows("update:review"),
        "waits": one.fate is Fate.REVIEW,
        "taking_back": TakeBackForm(),
    }


def _row(one: ChangeView) -> dict[str, object]:
    likeliest = "" if one.probability is None else f"{likely(one.probability)} · {share(one.probability)}"
    return {
        "change": one,
        "kind": change_label(one.kind),
        "fate": fate_label(one.fate),
        "tone": _TONES.get(one.fate, "plain"),
        "likely": likeliest,
        "second": second_label(one.second),
    }


def _became(one: AppliedView) -> Sequence[object]:
    return became_label(Became(one.what)), kept_for_label(KeptFor(one.why)), one.undone_at


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    try:
        return from_public(given) if given else None
    except ValueError:
        raise BadInputError(
            _("This is no place in the list."), place="before", mend=_("Begin at the first page.")
        ) from None
