"""Feeds: where changes come from, declared, paused and taken away; what came in, and how far it is."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.connector_words import fault_words
from trustdesk.console.feed_forms import FORMS, FeedForm, FileForm, TakeBackForm
from trustdesk.console.feed_words import (
    TONES,
    delivery_label,
    fates_of,
    kind_label,
    left_of,
    place_of,
    standing_of,
    taken_back_words,
    transport_label,
    transport_words,
)
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.streams import streamed
from trustdesk.feeds import api as changes
from trustdesk.feeds.contracts import ASKED, FeedView, Transport
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.live.contracts import Thing
from trustdesk.mandates.api import controller
from trustdesk.register import api as register
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import ChangeKind, Fate

READ, MANAGE, UNDO = "update:read", "feed:manage", "update:undo"
UNPROCESSABLE = 422
_DEEDS: Mapping[str, Callable[[AccessContext, int], object]] = {
    "pause": lambda context, feed_id: changes.pause(context, feed_id=feed_id, now=clock.now()),
    "resume": lambda context, feed_id: changes.resume(context, feed_id=feed_id, now=clock.now()),
    "ask": lambda context, feed_id: changes.ask_now(context, feed_id=feed_id),
    "start-over": lambda context, feed_id: changes.start_over(context, feed_id=feed_id),
    "remove": lambda context, feed_id: changes.remove(context, feed_id=feed_id, now=clock.now()),
}


@require_GET
@entered(READ, MANAGE)
def feeds(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of them, and the ways in there are."""
    values = {
        "feeds": [
            (one, transport_label(one.transport), *standing_of(one), fault_words(one.fault)[0], left_of(one))
            for one in changes.feeds(context)
        ],
        "stopped": changes.stopped(context),
        "transports": [(one, transport_label(one), transport_words(one)) for one in Transport],
        **managing(request, context),
    }
    return page(request, "console/feeds.html", values, context=context)


@require_GET
@entered(READ, MANAGE)
def feed(request: HttpRequest, context: AccessContext, feed_id: int) -> HttpResponse:
    """One of them: how it stands and what came in; the fragment while that goes on."""
    held = changes.feed(context, feed_id)
    values = _shown(context, held) | managing(request, context)
    if is_fragment(request):
        return render(request, "console/parts/feed.html", {**values, "again": True})
    return page(request, "console/feed.html", {**values, "form": FileForm()}, context=context)


@streamed(READ, MANAGE)
def live(_request: HttpRequest, context: AccessContext, feed_id: int) -> list[Thing]:
    """Says when something came in or was applied."""
    changes.feed(context, feed_id)
    return [Thing("feed", feed_id)]


@never_cache
@require_http_methods(["GET", "POST"])
@entered(MANAGE)
def new_feed(request: HttpRequest, context: AccessContext, transport: str) -> HttpResponse:
    """A new one, by its way in."""
    if transport not in set(Transport):
        raise NotFoundError(_("There is no such way in."), place="transport")
    return _changed(request, context, Transport(transport), None)


@never_cache
@require_http_methods(["GET", "POST"])
@entered(MANAGE)
def change_feed(request: HttpRequest, context: AccessContext, feed_id: int) -> HttpResponse:
    """What is declared of one; its secret is never shown."""
    held = changes.feed(context, feed_id)
    return _changed(request, context, held.transport, held)


@require_POST
@entered(MANAGE)
def give_file(request: HttpRequest, context: AccessContext, feed_id: int) -> HttpResponse:
    """A file for the feed; it is applied as any other."""
    _check_elevated(request)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            given = changes.receive(
                context, feed_id=feed_id, pieces=form.cleaned_data["file"].chunks(), now=clock.now()
            )
        except TrustdeskError as fault:
            form.add_error("file", f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:feed-delivery", delivery_id=given)
    values = _shown(context, changes.feed(context, feed_id)) | managing(request, context)
    return page(request, "console/feed.html", {**values, "form": form}, context=context, status=UNPROCESSABLE)


@never_cache
@require_POST
@entered(MANAGE)
def make_secret(request: HttpRequest, context: AccessContext, feed_id: int) -> HttpResponse:
    """A secret for its messages, shown in this answer only."""
    _check_elevated(request)
    secret = changes.make_secret(context, feed_id=feed_id, now=clock.now())
    values = _shown(context, changes.feed(context, feed_id)) | managing(request, context)
    return page(request, "console/feed.html", {**values, "secret": secret, "form": FileForm()}, context=context)


@require_POST
@entered(MANAGE)
def deed(request: HttpRequest, context: AccessContext, feed_id: int, verb: str) -> HttpResponse:
    """Pause, resume, ask now, start over, remove."""
    _check_elevated(request)
    if verb not in _DEEDS:
        raise NotFoundError(_("There is no such thing to do."), place="verb")
    _DEEDS[verb](context, feed_id)
    if verb == "remove":
        messages.success(request, _("The feed is taken away; what it changed stays."))
        return redirect("console:feeds")
    if verb == "ask":
        messages.success(request, _("It is asked now: the worker does it, and this page shows what came of it."))
    return redirect("console:feed", feed_id=feed_id)


@require_POST
@entered(UNDO)
def take_back(request: HttpRequest, context: AccessContext, feed_id: int) -> HttpResponse:
    """All that it ever changed is undone, the newest first; where it was wrong, a breach case is opened."""
    held = changes.feed(context, feed_id)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        count = updating.undo(context, feed_id=feed_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, taken_back_words(count))
        return redirect("console:feed", feed_id=feed_id)
    values = _shown(context, held) | managing(request, context) | {"form": FileForm(), "taking_back": form}
    return page(request, "console/feed.html", values, context=context, status=UNPROCESSABLE)


def managing(request: HttpRequest, context: AccessContext) -> dict[str, object]:
    """Whether this operator may change feeds, and until when."""
    may = context.allows(MANAGE)
    return {
        "may_manage": may,
        "may_read": context.allows(READ),
        "may_undo": context.allows(UNDO),
        "may_review": context.allows("update:review"),
        "elevated_until": accounts.elevated_until(request, now=clock.now()) if may else None,
    }


def _check_elevated(request: HttpRequest) -> None:
    """An elevated session with its reason: what is declared here says who may change the register."""
    accounts.check_elevated(request, MANAGE, now=clock.now())


def _shown(context: AccessContext, held: FeedView) -> dict[str, object]:
    label, tone = standing_of(held)
    trouble, mend = fault_words(held.fault)
    found = changes.deliveries(context, feed_id=held.feed_id)
    names = {one.source_id: one.name for one in register.sources(context)}
    return {
        "feed": held,
        "transport": transport_label(held.transport),
        "asked": held.transport in ASKED,
        "standing": label,
        "tone": tone,
        "trouble": trouble,
        "mend": mend,
        "source": names.get(held.source_id, ""),
        "kinds": [kind_label(kind) for kind in ChangeKind if kind in held.kinds],
        "format": _(changes.FORMATS[held.format].label),
        "place": place_of(held),
        "address": _address(context, held),
        "deliveries": [
            (one, delivery_label(one.state), TONES.get(one.state, "accent"), fates_of(one.counts)) for one in found
        ],
        "changed": any(one.counts.get(Fate.UPDATED) for one in found),
        "taking_back": TakeBackForm(),
        "going": any(one.state not in TONES for one in found),
    }


def _address(context: AccessContext, held: FeedView) -> str:
    """Where its messages are sent to."""
    if held.transport is not Transport.WEBHOOK:
        return ""
    path = reverse("feed-message", args=[context.controller_id, held.feed_id])
    return f"{settings.TRUSTDESK_ADDRESS.rstrip('/')}{path}"


def _changed(request: HttpRequest, context: AccessContext, transport: Transport, held: FeedView | None) -> HttpResponse:
    form = FORMS[transport](
        request.POST if request.method == "POST" else None,
        sources=register.sources(context),
        country=controller(context.controller_id).country,
        held=held,
    )
    if request.method == "POST":
        _check_elevated(request)
        if form.is_valid() and (feed_id := _saved(context, form, held)) is not None:
            messages.success(request, _("Saved."))
            return redirect("console:feed", feed_id=feed_id)
    values = {"form": form, "held": held, "transport": transport_label(transport), **managing(request, context)}
    return page(
        request, "console/change_feed.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


def _saved(context: AccessContext, form: FeedForm, held: FeedView | None) -> int | None:
    try:
        return changes.save_feed(
            context,
            feed_id=held.feed_id if held else None,
            new=form.feed(),
            source=form.new_source(),
            now=clock.now(),
        )
    except TrustdeskError as fault:
        form.refuse(fault)
        return None
