"""What a customer types. Wrong input says what is expected, never what is known."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
