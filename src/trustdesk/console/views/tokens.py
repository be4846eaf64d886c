"""Tokens of other systems: made, shown once, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.operations import operation_label
from trustdesk.design.purposes import purpose_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.mandates import api as mandates
from trustdesk.mandates.contracts import MandateView, NewToken, TokenView

UNPROCESSABLE = 422
# Done by people only, in the console: no address of the interface asks for them.
PEOPLES = ("operator:", "seat:", "token:", "health:")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as the list shows it."""

    token: TokenView
    may: Sequence[str]
    purposes: Sequence[str]
    answers: str


class TokenForm(forms.Form):
    """A token can never do more than the mandate."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("Name the system that uses it.")
    )
    operations = forms.MultipleChoiceField(label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple)
    purposes = forms.MultipleChoiceField(label=gettext_lazy("For which purposes"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=gettext_lazy("Days until it ends"), min_value=1, max_value=365, initial=90)

    def __init__(self, data: object = None, *, mandate: MandateView) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offered = [code for code in sorted(mandate.operations) if not code.startswith(PEOPLES)]
        labels = [(code, f"{operation_label(code)} · {code}") for code in offered]
        self.fields["operations"].choices = labels  # type: ignore[attr-defined]
        choices = [(code, purpose_label(code)) for code in mandate.purposes]
        self.fields["purposes"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@entered("token:manage")
def tokens(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The list; a new one is shown once, on the answer to its making, and never again."""
    now = clock.now()
    mandate = next(one for one in mandates.mandates(context) if one.id == context.mandate_id)
    form = TokenForm(request.POST if request.method == "POST" else None, mandate=mandate)
    made: NewToken | None = None
    if request.method == "POST":
        accounts.check_elevated(request, "token:manage", now=now)
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = mandates.create_token(
                    context,
                    name=given["name"],
                    operations=given["operations"],
                    purposes=given["purposes"],
                    ends_at=now + timedelta(days=given["days"]),
                    now=now,
                )
            except BadInputError as fault:
                form.add_error(fault.place if fault.place in form.fields else None, fault.message)
    values = {
        "tokens": _rows(mandates.tokens(context)),
        # After one was made the form is empty again: a second click must not make a second one.
        "form": TokenForm(mandate=mandate) if made else form,
        "made": made,
        "now": now,
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/tokens.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _rows(tokens: Sequence[TokenView]) -> list[TokenRow]:
    names = accounts.names({token.responsible_operator_id for token in tokens})
    return [
        TokenRow(
            token=token,
            may=[operation_label(code) for code in sorted(token.operations)],
            purposes=[purpose_label(code) for code in token.purposes],
            answers=operator_name(names, token.responsible_operator_id),
        )
        for token in tokens
    ]


@require_POST
@entered("token:manage")
def revoke(request: HttpRequest, context: AccessContext, token_id: int) -> HttpResponse:
    """It opens nothing from now on."""
    now = clock.now()
    accounts.check_elevated(request, "token:manage", now=now)
    mandates.revoke_token(context, token_id=token_id, now=now)
    return redirect("console:tokens")
