"""Mandates of every company: begun for its own staff or a processor, and ended with a reason (GDPR Art. 28(3))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.mandate_forms import EndForm, MandateForm, ProcessorForm, category_labels
from trustdesk.design.entrance import administered, operator_of
from trustdesk.design.faults import refused
from trustdesk.design.operations import operation_label
from trustdesk.design.purposes import purpose_label
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.mandates import api as mandating
from trustdesk.mandates.contracts import ControllerView, MandateView

UNPROCESSABLE = 422
MANAGE = "seat:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRow:
    """A mandate as the pages show it. `standing` is begun, coming or ended."""

    company: ControllerView
    mandate: MandateView
    who: str
    purposes: Sequence[str]
    categories: Sequence[str]
    operations: Sequence[str]
    standing: str


@require_http_methods(["GET", "POST"])
@administered(MANAGE)
def mandates(request: HttpRequest) -> HttpResponse:
    """All of them, ended ones too; a new one begins here."""
    now = clock.now()
    form = _form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            begun = _begin(request, form, now=now)
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("The mandate is made. Give seats under it on the page of each operator."))
            return redirect("console:mandate", mandate_id=begun.id)
    return _list(request, form=form)


@require_POST
@administered(MANAGE)
def processor(request: HttpRequest) -> HttpResponse:
    """A company that will answer on behalf of others. It may do nothing before it has a mandate."""
    given = ProcessorForm(request.POST)
    if given.is_valid():
        try:
            mandating.create_processor(
                name=given.cleaned_data["name"],
                country=given.cleaned_data["country"].upper(),
                by=operator_of(request),
                now=clock.now(),
            )
        except TrustdeskError as fault:
            refused(given, fault)
        else:
            messages.success(request, _("The processor is known. It may do nothing before it has a mandate."))
            return redirect("console:mandates")
    return _list(request, processor_form=given)


@require_GET
@administered(MANAGE)
def mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """All that one mandate allows."""
    return _one(request, mandate_id, EndForm())


@require_POST
@administered(MANAGE)
def end(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """From this instant it opens nothing; its seats and tokens end with it."""
    now = clock.now()
    form = EndForm(request.POST)
    if not form.is_valid():
        return _one(request, mandate_id, form)
    company, _mandate = _found(request, mandate_id, now=now)
    try:
        mandating.end_mandate(
            controller_id=company.id,
            mandate_id=mandate_id,
            reason=form.cleaned_data["reason"],
            by=operator_of(request),
            now=now,
        )
    except TrustdeskError as fault:
        refused(form, fault)
        return _one(request, mandate_id, form)
    messages.success(request, _("The mandate has ended, with its seats and tokens. It opens nothing any more."))
    return redirect("console:mandate", mandate_id=mandate_id)


def _form(data: object) -> MandateForm:
    return MandateForm(
        data,  # type: ignore[arg-type]
        companies=mandating.controllers(),
        processors=mandating.processors(),
    )


def _begin(request: HttpRequest, form: MandateForm, *, now: datetime) -> MandateView:
    given = form.cleaned_data
    return mandating.create_mandate(
        controller_id=given["company"],
        processor_id=form.processor_id(),
        purposes=given["purposes"],
        categories=given["categories"],
        operations=given["operations"],
        starts_at=form.starts_at(now=now),
        ends_at=form.ends_at(),
        by=operator_of(request),
        now=now,
    )


def _list(
    request: HttpRequest, *, form: MandateForm | None = None, processor_form: ProcessorForm | None = None
) -> HttpResponse:
    now = clock.now()
    shown: list[forms.Form] = [form or _form(None), processor_form or ProcessorForm()]
    found = mandating.every_mandate(by=operator_of(request), now=now)
    rows = [_row(company, one, now=now) for company, one in found]
    values = {
        "rows": sorted(rows, key=lambda row: (row.standing == "ended", row.company.name)),
        "form": shown[0],
        "processor_form": shown[1],
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    status = UNPROCESSABLE if any(one.errors for one in shown) else 200
    return page(request, "console/mandates.html", values, status=status)


def _one(request: HttpRequest, mandate_id: int, form: EndForm) -> HttpResponse:
    now = clock.now()
    company, found = _found(request, mandate_id, now=now)
    values = {
        "row": _row(company, found, now=now),
        "form": form,
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/mandate.html", values, status=UNPROCESSABLE if form.errors else 200)


def _found(request: HttpRequest, mandate_id: int, *, now: datetime) -> tuple[ControllerView, MandateView]:
    for company, one in mandating.every_mandate(by=operator_of(request), now=now):
        if one.id == mandate_id:
            return company, one
    raise NotFoundError(_("There is no such mandate."), place="mandate")


def _row(company: ControllerView, one: MandateView, *, now: datetime) -> MandateRow:
    words = category_labels()
    ended = one.ends_at is not None and one.ends_at <= now
    return MandateRow(
        company=company,
        mandate=one,
        who=one.processor_name or _("Own staff"),
        purposes=[purpose_label(code) for code in one.purposes],
        categories=[words.get(term, term) for term in sorted(one.categories)],
        operations=[operation_label(code) for code in sorted(one.operations)],
        standing="ended" if ended else "coming" if one.starts_at > now else "begun",
    )
