"""What is typed about delivery. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose, Recipient
from trustdesk.console.delivery_words import event_label
from trustdesk.delivery.contracts import EVENTS, NewEndpoint, Sender
from trustdesk.design.contacting import purpose_name
from trustdesk.kernel.ids import from_public, to_public


class SenderForm(forms.Form):
    """As whom the company writes."""

    mail_address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254, required=False)
    mail_name = forms.CharField(label=gettext_lazy("Name shown with it"), max_length=200, required=False)
    reply_to = forms.EmailField(label=gettext_lazy("Answers go to"), max_length=254, required=False)
    return_mailbox = forms.EmailField(
        label=gettext_lazy("Return mailbox"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Takes back what could not be delivered. It needs sub-addresses: returns+…@example.com."
        ),
    )
    sms_name = forms.CharField(
        label=gettext_lazy("Name or number on SMS"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("A number with its country code, or up to eleven letters and digits."),
    )
    imprint = forms.CharField(
        label=gettext_lazy("Who you are"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Name, address and how to reach you. It closes every advertisement; without it none leaves."
        ),
    )

    def sender(self) -> Sender:
        return Sender(**{name: self.cleaned_data[name] for name in self.fields})


class EndpointForm(forms.Form):
    """Another system to be called, and who stands behind it."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("Name the system that is called.")
    )
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=2_000,
        assume_scheme="https",
        help_text=gettext_lazy("Under https, on the open Internet."),
    )
    recipient = forms.ChoiceField(
        label=gettext_lazy("Recipient"),
        help_text=gettext_lazy("What may be told is what this recipient is declared for."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    events = forms.MultipleChoiceField(label=gettext_lazy("What it is told"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, recipients: Sequence[Recipient], purposes: Sequence[Purpose]
    ) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, str]]] = {
            "recipient": [(to_public(one.recipient_id), one.name) for one in recipients],
            "purpose": [(one.code, purpose_name(one)) for one in purposes if one.retired_at is None],
            "events": [(event, event_label(event)) for event in EVENTS],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def endpoint(self) -> NewEndpoint:
        given = self.cleaned_data
        return NewEndpoint(
            name=given["name"],
            url=given["url"],
            recipient_id=from_public(given["recipient"]),
            purpose=given["purpose"],
            events=given["events"],
        )
