"""What is typed about an erasure."""

from django import forms
from django.utils.translation import gettext_lazy


class BecauseForm(forms.Form):
    """Why it is dismissed or held: a file number or a ground, for the log and the page."""

    because = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("A file number or a ground: no names."),
    )
