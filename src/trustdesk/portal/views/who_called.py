"""Who called me? A number becomes company and purpose, for anybody, and nothing else: no customer is asked for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from trustdesk.kernel.errors import BadInputError
from trustdesk.portal.door import count, private
from trustdesk.portal.forms import NumberForm
from trustdesk.telephony import api as telephony

UNPROCESSABLE = 422


@login_not_required
@require_http_methods(["GET", "POST"])
def who_called(request: HttpRequest) -> HttpResponseBase:
    """The number goes in the body, not the address: it would stand in the histories of others otherwise."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    values: dict[str, object] = {"form": form}
    if request.method == "POST":
        count(request, "who-called")
        if form.is_valid():
            try:
                number = telephony.normal(form.cleaned_data["number"])
            except BadInputError as error:
                form.add_error("number", f"{error.message} {error.mend}")
            else:
                found = telephony.public_number(number, language=get_language() or "en")
                values |= {"asked": telephony.shown(number), "found": found}
    return private(render(request, "portal/who_called.html", values, status=UNPROCESSABLE if form.errors else 200))
