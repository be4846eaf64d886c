"""What is asked of whoever lets something stay that was found after an erasure."""

from django import forms
from django.utils.translation import gettext_lazy


class JustifyForm(forms.Form):
    """Why, and by which law. Both stand where they can be read: they name nobody."""

    reason = forms.CharField(
        label=gettext_lazy("Why may it stay?"),
        max_length=200,
        help_text=gettext_lazy("Name nobody."),
        widget=forms.TextInput,
    )
    law = forms.CharField(
        label=gettext_lazy("Which law says so?"),
        max_length=200,
        help_text=gettext_lazy("It stands in the certificate."),
        widget=forms.TextInput,
    )
