"""Two records of one person shown as one; nothing is moved, so it can be undone exactly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.design.entrance import entered
from trustdesk.desk.forms import MergeForm
from trustdesk.desk.words import kind_icon, kind_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import Parting, Record

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("customer:merge")
def merge(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Name the other one, say why, and see the way back."""
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            merge_id = register.merge(
                context,
                into=customer_id,
                customer_id=form.cleaned_data["other"],
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except (BadInputError, ConflictError, NotFoundError) as fault:
            form.add_error("other", f"{fault.message} {fault.mend}".strip())
        else:
            return render(request, "desk/merged.html", {"merge_id": merge_id, "customer_id": customer_id})
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/merge.html", {"form": form, "customer_id": customer_id}, status=status)


@require_http_methods(["GET", "POST"])
@entered("customer:merge")
def unmerge(request: HttpRequest, context: AccessContext, merge_id: int) -> HttpResponse:
    """What would come apart; then back to the records as they were, at any later time."""
    now = clock.now()
    if request.method == "GET":
        parting = register.parting(context, merge_id, now=now)
        return render(request, "desk/unmerge.html", {"parting": parting, "sides": _sides(parting)})
    stayed = register.unmerge(context, merge_id=merge_id, now=now)
    messages.success(request, _("The merge is undone; the records stand as before."))
    return redirect("desk:customer", customer_id=stayed)


def _sides(parting: Parting) -> list[tuple[str, list[tuple[Record, str, str]]]]:
    """Title and records of either side, each record with its kind in words and its icon."""
    titles = (_("Stays here"), _("Stands by itself again"))
    return [
        (title, [(record, kind_label(record.hit.kind), kind_icon(record.hit.kind)) for record in records])
        for title, records in zip(titles, (parting.staying, parting.leaving), strict=True)
    ]
