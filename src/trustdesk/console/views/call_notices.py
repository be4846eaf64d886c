"""Call notices: which are played, what they say, what they lack, how they sound; and every version there was."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import CallNotice, Kind
from trustdesk.clearance.api import packs
from trustdesk.console.answers import page
from trustdesk.console.call_words import element_label, language_label, mode_label, sector_label
from trustdesk.console.notice_forms import BeginForm, NoticeForm, WordsForm, made_label
from trustdesk.decision.api import NoticeElement, RecordingMode, RecordingRule, Sector, recording_rule, sectors_known
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.mandates.api import controller

MANAGE = "telephony:manage"
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def call_notices(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Those that are played; other words of the company's own; and new words."""
    now, company = clock.now(), controller(context.controller_id)
    form = WordsForm(
        request.POST if request.method == "POST" else None, request.FILES or None, languages=company.languages
    )
    if request.method == "POST":
        context.check_operation(MANAGE)
        accounts.check_elevated(request, MANAGE, now=now)
        if form.is_valid():
            try:
                announcements.save_words(context, new=form.words(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Saved. Listen to it in the list."))
                return redirect("console:call-notices")
    values = {
        "notices": [
            (one, language_label(one.language), [element_label(lack) for lack in _lacks(one)])
            for one in announcements.notices(context)
        ],
        "words": [(one, language_label(one.language)) for one in announcements.notices(context, kind=Kind.WORDS)],
        "form": form,
        "begin": BeginForm(languages=company.languages),
        "can_speak": announcements.can_speak(),
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(
        request, "console/call_notices.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


@require_GET
@entered("telephony:read")
def begin_call_notice(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """To the page of the code and language that were chosen."""
    form = BeginForm(request.GET, languages=controller(context.controller_id).languages)
    if not form.is_valid():
        return redirect("console:call-notices")
    return redirect("console:call-notice", code=form.cleaned_data["code"], language=form.cleaned_data["language"])


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def call_notice(request: HttpRequest, context: AccessContext, code: str, language: str) -> HttpResponse:
    """One notice in one language: its parts, the newest version to listen to, a new one, and the history."""
    _check_language(language)
    now, company = clock.now(), controller(context.controller_id)
    held = announcements.notice(context, code, language)
    asked = request.POST if request.method == "POST" else request.GET
    country = held.country if held else company.country
    sectors = sectors_known(packs(), country)
    sector = next((one for one in sectors if one == asked.get("sector", held.sector if held else "")), Sector.GENERAL)
    recorded = asked.get("recorded", "" if held and not held.recorded else "yes") == "yes"
    off = RecordingRule(mode=RecordingMode.OFF)
    rule = recording_rule(packs(), country, sector, now) if recorded else off
    same = held is not None and (held.sector, held.recorded) == (sector, recorded)
    parts = held.parts if held and same else announcements.standard_parts(rule, language, company.name)
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        parts=parts,
        needed=announcements.needed(rule),
    )
    if request.method == "POST":
        context.check_operation(MANAGE)
        accounts.check_elevated(request, MANAGE, now=now)
        if form.is_valid():
            new = form.notice(code=code, language=language, country=country, sector=sector, recorded=recorded)
            try:
                announcements.save_notice(context, new=new, now=now)
            except TrustdeskError as fault:
                place = form.place_of(fault.place)
                form.add_error(place if place in form.fields else None, f"{fault.message} {fault.mend}".strip())
            else:
                messages.success(request, _("Saved. From now on callers hear this version: listen to it."))
                return redirect("console:call-notice", code=code, language=language)
    values = {
        "code": code,
        "language": language,
        "language_name": language_label(language),
        "held": held,
        "lacks": [element_label(lack) for lack in _lacks(held)] if held else [],
        "versions": _versions(context, code, language),
        "form": form,
        "sectors": [(one.value, sector_label(one), one is sector) for one in sectors],
        "sector": sector,
        "recorded": recorded,
        "mode": mode_label(rule.mode),
        "rules": [(statute.text, statute.url) for statute in rule.statutes],
        "keep": announcements.keep_words(rule.keep, get_language() or "en") if rule.recorded else "",
        "can_speak": announcements.can_speak(),
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(
        request, "console/call_notice.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


@require_GET
@entered("telephony:read")
def call_notice_sound(request: HttpRequest, context: AccessContext, version_id: int) -> HttpResponse:  # noqa: ARG001
    """A version as it is played, for the browser."""
    sound = announcements.wave_of(context, version_id)
    return HttpResponse(sound, content_type="audio/wav", headers={"Cache-Control": "private, max-age=3600"})


def _check_language(language: str) -> None:
    """NotFoundError where the address names no language of ours."""
    if language not in dict(settings.LANGUAGES):
        raise NotFoundError(_("There is no such language."), place="language", mend=_("Use en, hu, fi, pl or de."))


def _lacks(held: CallNotice) -> Sequence[NoticeElement]:
    if not held.recorded:
        return ()
    return announcements.missing(held, recording_rule(packs(), held.country, held.sector, clock.now()))


def _versions(context: AccessContext, code: str, language: str) -> list[tuple[CallNotice, str, str]]:
    found = announcements.versions(context, code, language)
    names = accounts.names({one.saved_by for one in found if one.saved_by})
    return [(one, made_label(one), operator_name(names, one.saved_by)) for one in found]
