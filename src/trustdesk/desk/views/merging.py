"""Two records of one person shown as one; nothing is moved, so it can be undone exactly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.design.entrance import entered
from trustdesk.desk.forms import MergeForm
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import from_public
from trustdesk.register import api as register

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
                customer_id=_reference(form.cleaned_data["other"]),
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except (BadInputError, ConflictError, NotFoundError) as fault:
            form.add_error("other", f"{fault.message} {fault.mend}".strip())
        else:
            return render(request, "desk/merged.html", {"merge_id": merge_id, "customer_id": customer_id})
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/merge.html", {"form": form, "customer_id": customer_id}, status=status)


@require_POST
@entered("customer:merge")
def unmerge(request: HttpRequest, context: AccessContext, merge_id: int) -> HttpResponse:
    """Back to two records."""
    register.unmerge(context, merge_id=merge_id, now=clock.now())
    messages.success(request, _("The merge is undone; both records stand as before."))
    return redirect("desk:start")


def _reference(text: str) -> int:
    try:
        return from_public("".join(text.split()).upper())
    except ValueError:
        raise BadInputError(
            _("This is not a reference."), place="other", mend=_("Copy it from the other customer's card.")
        ) from None
