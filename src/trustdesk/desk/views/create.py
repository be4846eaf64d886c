"""A customer by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.design.entrance import entered
from trustdesk.design.standing import standing_of
from trustdesk.desk.forms import DIRECT, CreateForm
from trustdesk.desk.origin import direct_source
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import from_public
from trustdesk.register import api as register

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("customer:create")
def create(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """From the customer with the Art. 13 notice; from elsewhere the Art. 14 clock runs."""
    form = CreateForm(
        request.POST if request.method == "POST" else None,
        catalog=register.catalog(context),
        sources=register.sources(context),
        language=get_language() or "",
    )
    if request.method == "GET":
        return render(request, "desk/create.html", {"form": form})
    if form.is_valid():
        try:
            customer_id = _create(request, context, form)
        except BadInputError as fault:
            _blame(form, fault)
        else:
            messages.success(request, _("The customer is created."))
            return redirect("desk:customer", customer_id=customer_id)
    return render(request, "desk/create.html", {"form": form}, status=UNPROCESSABLE)


def _create(request: HttpRequest, context: AccessContext, form: CreateForm) -> int:
    now = clock.now()
    given = form.cleaned_data
    direct = given["source"] == DIRECT
    chosen = standing_of(request)
    return register.create_customer(
        context,
        kind=given["kind"],
        values=form.values(now),
        source_id=direct_source(context, now=now) if direct else from_public(given["source"]),
        notice=form.notice(now),
        language=given["language"],
        country=chosen.country if chosen else "",
        now=now,
    )


def _blame(form: CreateForm, fault: BadInputError) -> None:
    """The register names the attribute as the place; the field of that attribute shows it."""
    field = f"value_{fault.place}"
    form.add_error(field if field in form.fields else None, f"{fault.message} {fault.mend}".strip())
