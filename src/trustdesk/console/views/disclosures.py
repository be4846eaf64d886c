"""What was given to whom, of one customer: for who answers a request or tells recipients that a value was corrected."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from trustdesk.console.answers import page
from trustdesk.console.words import labels
from trustdesk.design.disclosures import given
from trustdesk.design.entrance import entered
from trustdesk.design.fields import ReferenceField
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register

UNPROCESSABLE = 422


class CustomerForm(forms.Form):
    """The customer is named by the reference: it says nothing, so it may stand in an address."""

    customer = ReferenceField(
        label=gettext_lazy("Reference of the customer"),
        help_text=gettext_lazy("It stands on the card and in the log: thirteen letters and digits."),
    )


@require_GET
@entered("inventory:read")
def disclosures(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Of which customer?"""
    context.check_operation("customer:open")
    form = CustomerForm(request.GET or None)
    if form.is_valid():
        return redirect("console:customer-disclosures", customer_id=form.cleaned_data["customer"])
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/disclosures.html", {"form": form}, context=context, status=status)


@require_GET
@entered("inventory:read")
def customer(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The customer's ledger. Where it has lines, the values are opened, also those corrected since: one opening."""
    found = register.disclosures(context, customer_id)
    values = register.history(context, customer_id, now=clock.now()) if found else ()
    lines = given(found, values=values, labels=labels(context))
    shown = {"given": lines, "customer_id": customer_id}
    return page(request, "console/customer_disclosures.html", shown, context=context)
