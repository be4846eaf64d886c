"""How lists are read: the saved mappings of the company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.mapping_words import mapping_row
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.intake import api as intake
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register


@require_GET
@entered("list:import", "list:preview")
def mappings(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """By name, with all that each says."""
    saved, catalog = intake.mappings(context), register.catalog(context)
    names = accounts.names({one.saved_by for one in saved})
    rows = [mapping_row(one, by=operator_name(names, one.saved_by), catalog=catalog) for one in saved]
    values = {"rows": rows, "may_delete": context.allows("list:import")}
    return page(request, "console/mappings.html", values, context=context)


@require_POST
@entered("list:import")
def delete(request: HttpRequest, context: AccessContext, mapping_id: int) -> HttpResponse:
    """Offered no more; the imports that used it keep what it said."""
    intake.delete_mapping(context, mapping_id=mapping_id, now=clock.now())
    messages.success(request, _("Deleted. Imports that used it go on saying how they read their lists."))
    return redirect("console:mappings")
