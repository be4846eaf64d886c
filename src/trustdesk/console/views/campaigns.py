"""Campaigns: made from a screened list, started, watched and stopped; every refusal in plain words with its law."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.campaigns import api as campaigning
from trustdesk.campaigns.contracts import (
    CALLED,
    CAMPAIGN,
    FILLED,
    WRITTEN,
    CampaignReport,
    CampaignView,
    State,
    TargetState,
)
from trustdesk.clearance import api as clearance
from trustdesk.console.answers import page
from trustdesk.console.campaign_forms import CalledForm, CampaignForm, SentForm
from trustdesk.console.campaign_words import (
    TARGET_TONES,
    TONES,
    attempt_reason,
    left_out_label,
    meaning_label,
    outcome_label,
    reason_label,
    release_label,
    state_label,
    target_label,
    window_lines,
)
from trustdesk.console.screening_forms import channel_labels
from trustdesk.delivery import api as outbox
from trustdesk.delivery.contracts import Template
from trustdesk.design.contacting import purpose_name
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.happenings import operator_name
from trustdesk.design.readable import phone_text
from trustdesk.design.streams import streamed
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import to_public
from trustdesk.live.contracts import Thing
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Progress, RunState
from trustdesk.telephony import api as telephony

UNPROCESSABLE = 422
OVER = frozenset({State.ENDED, State.CANCELLED})
SHOWN = 25
CALLS = "calls"


class Steering(Protocol):
    """Start, pause, resume, end or cancel."""

    def __call__(self, context: AccessContext, *, campaign_id: int, now: datetime) -> None: ...


@require_GET
@entered("campaign:read")
def campaigns(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Every campaign with its state and how far it is."""
    labels = _purposes(context)
    rows = [
        (
            one,
            labels.get(one.purpose, one.purpose),
            channel_labels()[one.channel],
            state_label(one.state),
            TONES[one.state],
        )
        for one in campaigning.campaigns(context)
    ]
    values = {
        "rows": rows,
        "may_manage": context.allows("campaign:manage"),
        "may_screen": context.allows("list:screen"),
    }
    return page(request, "console/campaigns.html", values, context=context)


@require_http_methods(["GET", "POST"])
@entered("campaign:manage")
def new(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """A campaign in draft. Nobody is contacted by it."""
    every, picked = _runs(context), request.GET.get("run", "")
    named = [run for run, _purpose in every if to_public(run.run_id) == picked]
    called = request.GET.get("by") == CALLS or any(run.ask.channel in CALLED for run in named)
    runs = [(run, purpose) for run, purpose in every if (run.ask.channel in CALLED) is called]
    form = _form(request, context, runs, picked, called=called)
    if request.method == "POST" and form.is_valid():
        try:
            campaign_id = campaigning.create(context, new=form.campaign(), now=clock.now())
        except TrustdeskError as fault:
            form.add_error(form.place(fault.place), f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:campaign", campaign_id=campaign_id)
    values = {
        "form": form,
        "runs": runs,
        "called": called,
        "templates": [] if called else _templates(context),
        "missing": _missing(context) if called else [],
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/new_campaign.html", values, context=context, status=status)


@require_GET
@entered("campaign:read")
def campaign(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """How it stands. While it runs, the page is told when something changed and asks for the fragment."""
    values = _shown(context, campaigning.report(context, campaign_id))
    if is_fragment(request):
        return render(request, "console/parts/campaign.html", values)
    return page(request, "console/campaign.html", values, context=context)


@streamed("campaign:read")
def live(_request: HttpRequest, context: AccessContext, campaign_id: int) -> list[Thing]:
    """Says when the campaign has come further."""
    campaigning.campaign(context, campaign_id)
    return [Thing(CAMPAIGN, campaign_id)]


@require_POST
@entered("campaign:manage")
def start(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """From now on it contacts people, in the name of whoever pressed this."""
    return _steer(request, context, campaigning.start, campaign_id, _("It runs. You can leave this page."))


@require_POST
@entered("campaign:manage")
def resume(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """A paused one goes on."""
    return _steer(request, context, campaigning.resume, campaign_id, _("It goes on."))


@require_POST
@entered("campaign:stop")
def pause(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """Nothing more leaves until it is resumed."""
    return _steer(request, context, campaigning.pause, campaign_id, _("It is paused. Nothing more leaves."))


@require_POST
@entered("campaign:stop")
def end(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """Nothing more leaves, for good."""
    return _steer(request, context, campaigning.end, campaign_id, _("It has ended."))


@require_POST
@entered("campaign:stop")
def cancel(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """Given up, also as a draft."""
    return _steer(request, context, campaigning.cancel, campaign_id, _("It is cancelled. Nothing more leaves."))


def _form(
    request: HttpRequest, context: AccessContext, runs: Sequence[tuple[Progress, str]], picked: str, *, called: bool
) -> CampaignForm:
    data = request.POST if request.method == "POST" else None
    if not called:
        return SentForm(data, runs=runs, picked=picked, templates=_templates(context))
    queues, numbers = telephony.queues(context), telephony.numbers(context)
    return CalledForm(data, runs=runs, picked=picked, queues=queues, numbers=numbers)


def _missing(context: AccessContext) -> list[tuple[str, str]]:
    """What has to be set up before anybody can be called, each with where; the address empty where it is not here."""
    found = [
        (telephony.queues(context), _("A queue, whose agents call"), reverse("console:queues")),
        (telephony.numbers(context), _("A number of your own, that is shown"), reverse("console:numbers")),
        (telephony.trunk_names(), _("A carrier, set by who runs the installation"), ""),
        (telephony.reach_of(context), _("Where the company may call"), reverse("console:numbers")),
    ]
    return [(words, address) for there, words, address in found if not there]


def _steer(request: HttpRequest, context: AccessContext, act: Steering, campaign_id: int, done: str) -> HttpResponse:
    try:
        act(context, campaign_id=campaign_id, now=clock.now())
    except TrustdeskError as fault:
        if fault.place == "campaign":
            raise
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        messages.success(request, done)
    return redirect("console:campaign", campaign_id=campaign_id)


def _purposes(context: AccessContext) -> dict[str, str]:
    return {one.code: purpose_name(one) for one in clearance.purposes(context)}


def _runs(context: AccessContext) -> list[tuple[Progress, str]]:
    """Finished screenings of mail, SMS and calls of agents that are not too old, with the purpose's name."""
    labels = _purposes(context)
    found = [run for run in screening.runs(context) if run.state is RunState.FINISHED and _fresh(run)]
    return [
        (run, labels.get(run.ask.purpose, run.ask.purpose)) for run in found if run.ask.channel in {*WRITTEN, *CALLED}
    ]


def _fresh(run: Progress) -> bool:
    try:
        screening.check_fresh(run, now=clock.now())
    except TrustdeskError:
        return False
    return True


def _templates(context: AccessContext) -> list[Template]:
    """The company's own wordings that name nobody."""
    return [one for one in outbox.templates(context) if one.parameters <= FILLED]


def _shown(context: AccessContext, report: CampaignReport) -> dict[str, object]:
    view, over = report.view, report.view.state in OVER
    called = view.channel in CALLED
    names = accounts.names({one for one in (view.created_by, view.started_by) if one})
    return {
        "campaign": view,
        "called": called,
        "release": release_label(view.release) if view.release else "",
        "line": phone_text(view.line),
        "report": report,
        "purpose": _purposes(context).get(view.purpose, view.purpose),
        "channel": channel_labels()[view.channel],
        "state": state_label(view.state),
        "tone": TONES[view.state],
        "reason": reason_label(view.reason),
        "going": view.state in {State.RUNNING, State.PAUSED},
        "percent": _percent(view),
        "counts": [
            (target_label(state, over=over, called=called), view.counts.get(state, 0), TARGET_TONES[state])
            for state in TargetState
        ],
        "outcomes": [(outcome_label(outcome, called=called), many) for outcome, many in report.outcomes.items()],
        "left_out": [(one, left_out_label(one.fault) if one.fault else "") for one in report.left_out],
        "window": window_lines(view.window) if view.window else [],
        "dispositions": [
            (outcome_label(outcome, called=called), meaning_label(said)) for outcome, said in view.outcomes.items()
        ],
        "created_by": operator_name(names, view.created_by),
        "started_by": operator_name(names, view.started_by) if view.started_at else "",
        "attempts": [
            (one, outcome_label(one.outcome, called=called), attempt_reason(one.reason))
            for one in campaigning.attempts(context, view.campaign_id, limit=SHOWN)
        ],
        "may_manage": context.allows("campaign:manage") and context.allows("customer:contact"),
        "may_stop": context.allows("campaign:stop"),
        "may_see_message": context.allows("delivery:read"),
    }


def _percent(view: CampaignView) -> int:
    everybody = sum(view.counts.values())
    return round(100 * view.dealt_with / everybody) if everybody else 100
