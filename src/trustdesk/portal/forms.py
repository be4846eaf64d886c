"""What a customer types. Wrong input says what is expected, never what is known."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trustdesk.decision.contracts import Channel


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Your e-mail address or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )


class FactForm(forms.Form):
    fact = forms.CharField(
        label=_("Your birth date or customer number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RecordingForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the call"),
        help_text=_("Twelve digits; you heard them at the beginning of the call."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
    )


class SwitchForm(forms.Form):
    purpose = forms.CharField(max_length=40)
    channel = forms.CharField(max_length=20)
    on = forms.TypedChoiceField(choices=(("yes", "yes"), ("no", "no")), coerce=lambda said: said == "yes")


class NumberForm(forms.Form):
    """A number that somebody was called from."""

    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class CorrectForm(forms.Form):
    text = forms.CharField(
        label=_("The right value"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WithdrawForm(forms.Form):
    """Which consent is taken back; without a channel the one to passing data on."""

    purpose = forms.CharField(max_length=40)
    channel = forms.TypedChoiceField(
        choices=[(each.value, each.value) for each in Channel], coerce=Channel, required=False, empty_value=None
    )

    def channel_value(self) -> str:
        channel: Channel | None = self.cleaned_data["channel"]
        return channel.value if channel else ""


class RequestWordsForm(forms.Form):
    """What the customer adds in own words; the request stands without them too."""

    words = forms.CharField(
        label=_("Anything we should know"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
