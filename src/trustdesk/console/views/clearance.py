"""Consent and contact at a glance: what is declared and what is missing; lists kept by others; the own rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NoticeKind, OutsideList, Purpose
from trustdesk.console.answers import page
from trustdesk.console.clearance_forms import OutsideListForm, PolicyForm
from trustdesk.console.clearance_words import format_label
from trustdesk.console.managing import check_managing, managing
from trustdesk.decision.contracts import LegalBasis, OutsideListRule
from trustdesk.design.contacting import point_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the house, with what is wrong in it; `tone` is a badge's."""

    label: str
    address: str
    icon: str
    figure: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Held:
    """A list kept by others, and whether it may still be asked."""

    about: OutsideList
    kind: str
    format: str
    rule: OutsideListRule | None
    fresh_until: datetime | None
    fresh: bool


@require_GET
@entered("clearance:read")
def overview(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What is declared, and what is missing."""
    return page(request, "console/clearance.html", {"parts": _parts(context, now=clock.now())}, context=context)


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def outside_lists(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Lists that others keep of who does not want to be contacted, and how fresh each is."""
    now = clock.now()
    form = OutsideListForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            try:
                clearance.declare_outside_list(context, outside=form.outside(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Declared. Until it is loaded, what needs it can't be decided."))
                return redirect("console:outside-lists")
    values = {
        "lists": _held(context, now=now),
        "wanted": clearance.wanted_lists(context),
        "form": form,
        **managing(request, context, now=now),
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/outside_lists.html", values, context=context, status=status)


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def policy(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The company's own, stricter rules; what can't be read or asks for less than the law is refused with its place."""
    now = clock.now()
    adopted = clearance.adopted_policy(context)
    form = PolicyForm(
        request.POST if request.method == "POST" else None, initial={"text": adopted.text if adopted else ""}
    )
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            try:
                version = clearance.adopt_policy(context, text=form.cleaned_data["text"], now=now)
            except TrustdeskError as fault:
                form.add_error("text", f"{fault.place}: {fault.message} {fault.mend}".strip())
            else:
                messages.success(request, _("Version %(version)d is in force.") % {"version": version})
                return redirect("console:policy")
    names = accounts.names({adopted.adopted_by}) if adopted else {}
    values = {
        "adopted": adopted,
        "by": operator_name(names, adopted.adopted_by) if adopted else "",
        "form": form,
        "packs_digest": clearance.packs().digest,
        **managing(request, context, now=now),
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/policy.html", values, context=context, status=status)


def _parts(context: AccessContext, *, now: datetime) -> Sequence[Part]:
    living = [each for each in clearance.purposes(context) if each.retired_at is None or each.retired_at > now]
    lists = _held(context, now=now)
    stale = sum(not held.fresh for held in lists)
    missing = [kind for kind in (NoticeKind.ART13, NoticeKind.CONSENT) if not clearance.notice_versions(context, kind)]
    recipients = [each for each in clearance.recipients(context) if each.ends_at is None or each.ends_at > now]
    adopted = clearance.adopted_policy(context)
    return [
        _purposes(living, now),
        Part(
            _("Notices"),
            reverse("console:notices"),
            "book",
            str(len({(notice.kind, notice.version) for notice in clearance.notices(context)})),
            "warn" if missing else "good",
            _("What people are told is not published yet.") if missing else _("published, in every language"),
        ),
        Part(
            _("Recipients"),
            reverse("console:recipients"),
            "give",
            str(len(recipients)),
            "",
            _("who may be given data, and what"),
        ),
        Part(
            _("Lists kept by others"),
            reverse("console:outside-lists"),
            "stop",
            str(len(lists)),
            "warn" if stale else "",
            ngettext("%(count)d is too old to be asked", "%(count)d are too old to be asked", stale) % {"count": stale}
            if stale
            else _("all fresh enough"),
        ),
        Part(
            _("The company's own rules"),
            reverse("console:policy"),
            "flag",
            str(adopted.version) if adopted else "0",
            "",
            _("version in force") if adopted else _("the law alone"),
        ),
        Part(
            _("Suppression list"),
            reverse("console:suppression"),
            "lock",
            str(sum(count for _kind, _reason, count in clearance.suppression_counts(context))),
            "",
            _("numbers and addresses not to be used"),
        ),
    ]


def _purposes(living: Sequence[Purpose], now: datetime) -> Part:
    unassessed = sum(each.article is LegalBasis.LEGITIMATE_INTEREST and not each.assessed(now) for each in living)
    note = _("what people may be contacted for")
    if unassessed:
        note = ngettext(
            "%(count)d rests on legitimate interests and is not assessed",
            "%(count)d rest on legitimate interests and are not assessed",
            unassessed,
        ) % {"count": unassessed}
    tone = "warn" if unassessed or not living else "good"
    return Part(_("Purposes"), reverse("console:purposes"), "check", str(len(living)), tone, note)


def _held(context: AccessContext, *, now: datetime) -> Sequence[Held]:
    rules = {rule.id: rule for pack in clearance.packs().by_jurisdiction.values() for rule in pack.outside_lists}
    return [_list(about, rules.get(about.code), now) for about in clearance.outside_lists(context)]


def _list(about: OutsideList, rule: OutsideListRule | None, now: datetime) -> Held:
    until = None
    if rule is not None and rule.refresh_holds is not None and about.refreshed_at is not None:
        until = about.refreshed_at + rule.refresh_holds
    fresh = about.loaded_at is not None and (until is None or until > now)
    return Held(about, point_label(about.kind), format_label(about.format), rule, until, fresh)
