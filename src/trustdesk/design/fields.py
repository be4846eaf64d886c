"""Form fields that the surfaces share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from trustdesk.kernel.ids import from_public


class ReferenceField(forms.CharField):
    """An identifier as it is spoken or copied from a card: letters of any case, blanks between them."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of every field
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: object) -> int:
        text = super().clean(value)
        try:
            return from_public("".join(str(text).split()))
        except ValueError:
            raise forms.ValidationError(_("This is not a reference: it has thirteen letters and digits.")) from None
