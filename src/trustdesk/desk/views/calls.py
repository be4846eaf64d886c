"""What a supervisor sees: calls, queues and agents now, and the figures of a period."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.happenings import operator_name
from trustdesk.design.streams import streamed
from trustdesk.desk.call_words import (
    NOTHING,
    PRESENCE_TONES,
    call_state_label,
    certainty_label,
    direction_label,
    pause_label,
    presence_label,
    share,
    spent,
)
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.periods import Period
from trustdesk.live.contracts import Thing
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import EVERY_QUEUE, QUEUE, CallState, CallView, Presence, PresenceView, QueueView

WAITING = frozenset({CallState.WAITING, CallState.RINGING})
OVERHEARD = "call_overheard"
PERIODS = {"today": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


@require_GET
@entered("call:supervise")
def calls(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Now. The page is told when something changed and asks for the fragment."""
    now = clock.now()
    going, agents = switchboard.calls_now(context), switchboard.agents_now(context)
    names = accounts.names(
        {agent.operator_id for agent in agents} | {call.operator_id for call in going if call.operator_id}
    )
    values = {
        "calls": [_call(context, call, names, now, overheard=request.session.get(OVERHEARD)) for call in going],
        "queues": [_queue(queue, now) for queue in switchboard.queues_now(context)],
        "agents": [_agent(agent, names, now) for agent in agents],
        "callbacks": [(one, spent(now - one.asked_at)) for one in switchboard.callbacks(context, now=now)],
        "states": [presence_label(state) for state in _SHOWN_STATES],
        "may_dial": context.allows("call:dial"),
    }
    return render(request, "desk/parts/calls.html" if is_fragment(request) else "desk/calls.html", values)


@streamed("call:supervise")
def changes(_request: HttpRequest, _context: AccessContext) -> list[Thing]:
    """Says when a call, a queue or an agent is other than it was."""
    return [Thing(QUEUE, EVERY_QUEUE)]


@require_GET
@entered("call:supervise")
def figures(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """A period in figures, each with what it means."""
    chosen = request.GET.get("period", "today")
    now = clock.now()
    period = Period(_start(chosen, now), now)
    counted = switchboard.statistics(context, period)
    names = accounts.names({agent.operator_id for agent in counted.agents})
    values = {
        "chosen": chosen if chosen in PERIODS else "today",
        "periods": [("today", _("Today")), ("week", _("Seven days")), ("month", _("Thirty days"))],
        "within": counted.within_seconds,
        "queues": [
            (
                one,
                share(one.service_level),
                spent(one.average_speed),
                spent(one.longest_wait),
                spent(one.average_handling),
                share(one.abandonment),
            )
            for one in counted.queues
        ],
        "agents": [
            (
                operator_name(names, one.operator_id),
                [(presence_label(state), spent(one.spent.get(state, timedelta()))) for state in _SHOWN_STATES],
                share(one.occupancy),
            )
            for one in counted.agents
        ],
        "states": [presence_label(state) for state in _SHOWN_STATES],
        "occupancy": share(counted.occupancy),
        "meanings": [(_(figure.name), _(figure.meaning), _(figure.formula)) for figure in switchboard.FIGURES],
    }
    return render(request, "desk/figures.html", values)


@require_POST
@entered("call:supervise")
def overhear(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Listen in, unheard, with a reason that stands in the log; or stop."""
    begins = request.POST.get("on") == "yes"
    try:
        switchboard.overhear(context, call_id=call_id, on=begins, reason=request.POST.get("reason", ""))
    except TrustdeskError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        request.session[OVERHEARD] = call_id if begins else None
        messages.success(request, _("You listen in; nobody hears you.") if begins else _("You listen no more."))
    return redirect("desk:calls")


@require_POST
@entered("call:dial")
def call_back(request: HttpRequest, context: AccessContext, callback_id: int) -> HttpResponse:
    """Ring back whoever asked for it; the gate is asked again now."""
    try:
        switchboard.dial_back(context, callback_id=callback_id)
    except TrustdeskError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        messages.success(request, _("It rings."))
    return redirect("desk:calls" if context.allows("call:supervise") else "desk:start")


_SHOWN_STATES = (Presence.READY, Presence.RINGING, Presence.TALKING, Presence.WRAP_UP, Presence.PAUSED)


def _call(
    context: AccessContext, call: CallView, names: dict[int, str], now: datetime, *, overheard: int | None
) -> dict[str, object]:
    """`overheard` is the call in which this session listens: the exchange tells nobody who does."""
    waits = call.state in WAITING and call.queued_at is not None
    since = call.queued_at if waits and call.queued_at else call.answered_at or call.began_at
    return {
        "view": call,
        "state": call_state_label(call.state),
        "direction": direction_label(call.direction),
        "certainty": certainty_label(call.certainty),
        "who": operator_name(names, call.operator_id) if call.operator_id else "",
        "since": spent(now - since),
        "left": spent(call.answer_by - now) if call.alarm and call.answer_by else "",
        "overheard": call.call_id == overheard,
        "listening": switchboard.may_overhear(context, call.call_id),
    }


def _queue(queue: QueueView, now: datetime) -> dict[str, object]:
    return {
        "view": queue,
        "longest": spent(now - queue.longest_since) if queue.longest_since else NOTHING,
        "agents": [(presence_label(state), queue.agents.get(state, 0)) for state in _SHOWN_STATES],
    }


def _agent(agent: PresenceView, names: dict[int, str], now: datetime) -> Sequence[object]:
    return (
        agent,
        operator_name(names, agent.operator_id),
        presence_label(agent.state),
        PRESENCE_TONES[agent.state],
        pause_label(agent.reason),
        spent(now - agent.since),
    )


def _start(chosen: str, now: datetime) -> datetime:
    """Today begins at midnight where the company is; the others are that many days long."""
    if chosen in PERIODS and chosen != "today":
        return now - PERIODS[chosen]
    return min(timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0), now - timedelta(seconds=1))
