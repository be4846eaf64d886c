"""One delivery: how far it is, what was counted, which records were set aside; the brake's question."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.declarations import written
from trustdesk.console.feed_forms import UNMAPPED, ReadingForm, TakeBackForm
from trustdesk.console.feed_words import (
    TONES,
    code_words,
    delivery_label,
    fates_of,
    kind_label,
    limits_of,
    taken_back_words,
)
from trustdesk.console.views.feeds import MANAGE, READ, UNDO, UNPROCESSABLE, managing
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.streams import streamed
from trustdesk.feeds import api as changes
from trustdesk.feeds.contracts import DeliveryState, DeliveryView
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.live.contracts import Thing
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import ChangeKind, Fate

_SHOWN = 50
_DEEDS: Mapping[str, Callable[[AccessContext, int], object]] = {
    "go-on": lambda context, delivery_id: changes.go_on(context, delivery_id=delivery_id, now=clock.now()),
    "discard": lambda context, delivery_id: changes.discard(context, delivery_id=delivery_id, now=clock.now()),
    "retry": lambda context, delivery_id: changes.retry(context, delivery_id=delivery_id, now=clock.now()),
}


@require_GET
@entered(READ, MANAGE)
def delivery(request: HttpRequest, context: AccessContext, delivery_id: int) -> HttpResponse:
    """How far it is, and what became of its records; the fragment while it goes on."""
    held = changes.delivery(context, delivery_id)
    values = _shown(context, held) | managing(request, context)
    if is_fragment(request):
        return render(request, "console/parts/feed_delivery.html", values)
    return page(request, "console/feed_delivery.html", values, context=context)


@streamed(READ, MANAGE)
def live(_request: HttpRequest, context: AccessContext, delivery_id: int) -> list[Thing]:
    """Says when it has come further."""
    return [Thing("feed", changes.delivery(context, delivery_id).feed_id)]


@require_POST
@entered(MANAGE)
def deed(request: HttpRequest, context: AccessContext, delivery_id: int, verb: str) -> HttpResponse:
    """Go on after the brake, discard, try again."""
    accounts.check_elevated(request, MANAGE, now=clock.now())
    if verb not in _DEEDS:
        raise NotFoundError(_("There is no such thing to do."), place="verb")
    _DEEDS[verb](context, delivery_id)
    return redirect("console:feed-delivery", delivery_id=delivery_id)


@require_POST
@entered(UNDO)
def take_back(request: HttpRequest, context: AccessContext, delivery_id: int) -> HttpResponse:
    """What it changed is undone, the newest first; where it was wrong, a breach case is opened."""
    held = changes.delivery(context, delivery_id)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        count = updating.undo(context, delivery_id=delivery_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, taken_back_words(count))
        return redirect("console:feed-delivery", delivery_id=delivery_id)
    values = _shown(context, held) | managing(request, context) | {"taking_back": form}
    return page(request, "console/feed_delivery.html", values, context=context, status=UNPROCESSABLE)


@require_POST
@entered(MANAGE, apart=True)
def preview(request: HttpRequest, context: AccessContext, delivery_id: int) -> HttpResponse:
    """What a reading would make of its first records: numbers and names of attributes, nothing of a person."""
    accounts.check_elevated(request, MANAGE, now=clock.now())
    held = changes.delivery(context, delivery_id)
    form = ReadingForm(request.POST)
    values = _shown(context, held) | managing(request, context) | {"form": form}
    if form.is_valid():
        try:
            found = changes.preview(
                context, delivery_id=delivery_id, said=form.cleaned_data["reading"], now=clock.now()
            )
        except TrustdeskError as fault:
            place = f"{fault.place}: " if fault.place else ""
            form.add_error("reading", f"{place}{fault.message} {fault.mend}".strip())
        else:
            values |= {
                "tried": found,
                "tried_kinds": [(kind_label(ChangeKind(kind)), count) for kind, count in found.kinds.items()],
                "tried_known_by": sorted(found.known_by.items()),
                "tried_becomes": sorted(found.becomes.items()),
                "tried_faults": [(position, place, code_words(code)) for position, place, code in found.faults],
            }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/feed_delivery.html", values, context=context, status=status)


def _shown(context: AccessContext, held: DeliveryView) -> dict[str, object]:
    feed = changes.feed(context, held.feed_id)
    aside = changes.parked(context, delivery_id=held.delivery_id, limit=_SHOWN)
    over = held.state in {DeliveryState.DONE, DeliveryState.DISCARDED}
    return {
        "delivery": held,
        "feed": feed,
        "place": held.place.partition(":")[0] if held.place.partition(":")[0] not in {"upload", "message"} else "",
        "state": delivery_label(held.state),
        "tone": TONES.get(held.state, "accent"),
        "reason": code_words(held.reason) if held.reason else "",
        "going": held.state not in TONES,
        "percent": round(100 * held.fraction),
        "fates": fates_of(held.counts),
        "limits": limits_of(held, feed.brake),
        "parked": [(one, code_words(one.code)) for one in aside],
        "further": held.parked > len(aside),
        "may_retry": held.kept and (held.state is DeliveryState.FAILED or (over and held.parked > 0)),
        "may_discard": not over,
        "form": ReadingForm(initial={"reading": written(feed.reading)}),
        "changed": bool(held.counts.get(Fate.UPDATED)),
        "taking_back": TakeBackForm(),
        "mapped": feed.format not in UNMAPPED,
    }
