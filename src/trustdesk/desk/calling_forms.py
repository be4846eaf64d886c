"""What is typed and pressed at the telephone. Whether it may be done is decided by the switchboard and clearance."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose
from trustdesk.design.contacting import purpose_name
from trustdesk.switchboard.contracts import CHOSEN, PAUSES, Pause, Presence

_KEYS = RegexValidator(r"^[0-9*#]{1,32}$")
_NUMBER = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "type": "tel"})


class PresenceForm(forms.Form):
    state = forms.TypedChoiceField(choices=[(one.value, one.value) for one in sorted(CHOSEN)], coerce=Presence)
    reason = forms.TypedChoiceField(
        choices=[(one.value, one.value) for one in PAUSES], coerce=Pause, required=False, empty_value=None
    )


class DigitsForm(forms.Form):
    digits = forms.CharField(validators=[_KEYS])


class QueueForm(forms.Form):
    queue = forms.CharField(max_length=100)


class ColleagueForm(forms.Form):
    operator = forms.IntegerField(min_value=1)


class DialForm(forms.Form):
    """A number typed by hand, or one of a customer's card; what for stands in the decision."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=40, required=False, widget=_NUMBER)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, purposes: Sequence[Purpose]) -> None:
        super().__init__(data, auto_id="dial-%s")
        self.fields["purpose"].choices = [(one.code, purpose_name(one)) for one in purposes]  # type: ignore[attr-defined]
