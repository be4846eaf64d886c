from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trustdesk.accounts.services.elevation import MOST_MINUTES


class PasswordForm(forms.Form):
    """Choose a password, twice."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A few words are easier to remember than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )
    again = forms.CharField(
        label=_("Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("password") != data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return data


class ElevateForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It goes into the log. Leave out names of customers."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES, initial=15)
