"""The outbox: what waits, what was put off, what nobody knows, what came back; and the history of one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.delivery_forms import SenderForm
from trustdesk.console.delivery_words import TONES, happening_label, reason_label, state_label, way_label
from trustdesk.delivery import api as outbox
from trustdesk.delivery.contracts import Count, MessageView, State
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

UNPROCESSABLE = 422
CHANNELS = ("email", "sms", "webhook")
LOOKED_AT = (State.UNKNOWN, State.BOUNCED, State.FAILED, State.DEFERRED)
SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """A state with its numbers by channel."""

    state: State
    label: str
    tone: str
    numbers: Sequence[int]


@require_GET
@entered("delivery:read")
def delivery(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Counts by state and channel, the reasons behind them, and the newest messages of a state."""
    counts = outbox.counts(context)
    chosen = next((state for state in LOOKED_AT if state == request.GET.get("state")), None)
    shown = chosen or next((state for state in LOOKED_AT if _sum(counts, state)), State.UNKNOWN)
    values = {
        "rows": [_row(counts, state) for state in State if _sum(counts, state)],
        "channels": [way_label(channel) for channel in CHANNELS],
        "reasons": [
            (count, way_label(count.channel), state_label(count.state), TONES[count.state], reason_label(count.reason))
            for count in counts
            if count.state in LOOKED_AT or count.state is State.REFUSED
        ],
        "standing": outbox.standing(context, now=clock.now()),
        "states": [(state, state_label(state), state is shown) for state in LOOKED_AT],
        "shown": state_label(shown),
        "listed": [_shown(one) for one in outbox.messages(context, state=shown, limit=SHOWN)],
        "sender": outbox.sender_of(context),
        "may_manage": context.allows("delivery:manage"),
    }
    return page(request, "console/delivery.html", values, context=context)


@require_GET
@entered("delivery:read")
def message(request: HttpRequest, context: AccessContext, message_id: int) -> HttpResponse:
    """What happened to one message, without what it says and to whom."""
    view, turns = outbox.message(context, message_id)
    names = accounts.names({turn.operator_id for turn in turns if turn.operator_id})
    values = {
        "message": view,
        "way": way_label(view.channel),
        "label": state_label(view.state),
        "tone": TONES[view.state],
        "unknown": view.state is State.UNKNOWN,
        "turns": [
            (
                turn,
                happening_label(turn.happening),
                state_label(turn.after),
                TONES[turn.after],
                reason_label(turn.reason),
                operator_name(names, turn.operator_id) if turn.operator_id else "",
            )
            for turn in turns
        ],
        "may_settle": context.allows("delivery:manage"),
        "may_open": context.allows("customer:open"),
        "elevated_until": accounts.elevated_until(request, now=clock.now()),
    }
    return page(request, "console/message.html", values, context=context)


@require_POST
@entered("delivery:manage")
def settle(request: HttpRequest, context: AccessContext, message_id: int) -> HttpResponse:
    """Somebody found out what became of a message of which nobody knew."""
    now = clock.now()
    accounts.check_elevated(request, "delivery:manage", now=now)
    outbox.settle(context, message_id=message_id, arrived="arrived" in request.POST, now=now)
    messages.success(request, _("Noted. It stands in the history and in the log."))
    return redirect("console:message", message_id=message_id)


@require_http_methods(["GET", "POST"])
@entered("delivery:manage")
def sender(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """As whom the company writes from now on."""
    now = clock.now()
    if request.method == "POST":
        accounts.check_elevated(request, "delivery:manage", now=now)
        form = SenderForm(request.POST)
        if form.is_valid():
            try:
                outbox.set_sender(context, sender=form.sender(), now=now)
            except TrustdeskError as fault:
                place = fault.place if fault.place in form.fields else None
                form.add_error(place, f"{fault.message} {fault.mend}".strip())
            else:
                messages.success(request, _("From now on messages leave like this."))
                return redirect("console:delivery")
    else:
        held = outbox.sender_of(context)
        form = SenderForm(initial={name: getattr(held, name) for name in SenderForm.base_fields})
    values = {"form": form, "elevated_until": accounts.elevated_until(request, now=now)}
    return page(request, "console/sender.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _sum(counts: Sequence[Count], state: State, channel: str = "") -> int:
    return sum(count.messages for count in counts if count.state is state and channel in {"", count.channel})


def _row(counts: Sequence[Count], state: State) -> StateRow:
    numbers = [_sum(counts, state, channel) for channel in CHANNELS]
    return StateRow(state=state, label=state_label(state), tone=TONES[state], numbers=numbers)


def _shown(one: MessageView) -> tuple[MessageView, str, str]:
    return one, way_label(one.channel), reason_label(one.reason)
