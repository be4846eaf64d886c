"""A customer by hand, or a contact at a company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.design.entrance import entered
from trustdesk.design.standing import standing_of
from trustdesk.desk.forms import DIRECT, CreateForm
from trustdesk.desk.ties import HAVE_CONTACTS
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import from_public
from trustdesk.register import api as register
from trustdesk.register.contracts import Card, CustomerKind

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("customer:create")
def create(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """From the customer with the Art. 13 notice; from elsewhere the Art. 14 clock runs."""
    return _answer(request, context, company=None)


@require_http_methods(["GET", "POST"])
@entered("customer:create")
def contact(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """A named employee of this company; informed like anybody else."""
    company = register.card(context, customer_id, now=clock.now())
    if company.kind not in HAVE_CONTACTS:
        raise BadInputError(_("Only a company has contacts."), place="customer", mend=_("Open the company's card."))
    if company.restriction is not None:
        raise ConflictError(
            _("This company is restricted to storage."), place="customer", mend=_("Lift the restriction first.")
        )
    return _answer(request, context, company=company)


def _answer(request: HttpRequest, context: AccessContext, *, company: Card | None) -> HttpResponse:
    form = CreateForm(
        request.POST if request.method == "POST" else None,
        catalog=register.catalog(context),
        sources=register.sources(context),
        language=get_language() or "",
        at_company=company is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            customer_id = _create(request, context, form, company)
        except BadInputError as fault:
            _blame(form, fault)
        else:
            messages.success(request, _("The contact is created.") if company else _("The customer is created."))
            return redirect("desk:customer", customer_id=customer_id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/create.html", {"form": form, "company": company}, status=status)


def _create(request: HttpRequest, context: AccessContext, form: CreateForm, company: Card | None) -> int:
    now = clock.now()
    given = form.cleaned_data
    direct = given["source"] == DIRECT
    chosen = standing_of(request)
    return register.create_customer(
        context,
        kind=CustomerKind.NAMED_EMPLOYEE if company else given["kind"],
        values=form.values(now),
        source_id=register.direct_source(context, now=now) if direct else from_public(given["source"]),
        notice=form.notice(now),
        language=given["language"],
        country=chosen.country if chosen else "",
        employer_id=company.customer_id if company else None,
        now=now,
    )


def _blame(form: CreateForm, fault: BadInputError) -> None:
    """The register names the attribute as the place; the field of that attribute shows it."""
    field = f"value_{fault.place}"
    form.add_error(field if field in form.fields else None, f"{fault.message} {fault.mend}".strip())
