"""What is typed when somebody asks for a right at the desk. Meaning is checked by rights; here only shape."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from trustdesk.design.requesting import way_label
from trustdesk.rights.contracts import Channel

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_HERE = (Channel.CALL, Channel.DESK, Channel.MAIL)


class TakeForm(forms.Form):
    """How it came, in whose words, and in which language the answer is to be."""

    channel = forms.TypedChoiceField(
        label=gettext_lazy("How it came"),
        choices=lambda: [(each.value, way_label(each)) for each in _HERE],
        coerce=Channel,
        widget=forms.RadioSelect,
    )
    received_at = forms.DateTimeField(
        label=gettext_lazy("When it reached us"),
        widget=_MOMENT,
        required=False,
        help_text=gettext_lazy("Empty: now. The month runs from then."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the answer"), choices=settings.LANGUAGES)
    words = forms.CharField(
        label=gettext_lazy("In the person's own words"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, language: str, known: bool) -> None:
        super().__init__(data, auto_id="take-%s", initial={"channel": Channel.CALL, "language": language})
        if not known:
            self.fields["name"] = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
            self.fields["reply_to"] = forms.CharField(
                label=gettext_lazy("Where the answer shall go"), max_length=200, required=False
            )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code the person says"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )
