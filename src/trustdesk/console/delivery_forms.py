"""What is typed about delivery. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy

from trustdesk.clearance.contracts import Purpose, Recipient
from trustdesk.console.delivery_words import event_label, way_label
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import CHANNELS, EVENTS, NewEndpoint, Sender, Template
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


class WordingForm(forms.Form):
    """What a message says, in one language, by mail or SMS."""

    channel = forms.ChoiceField(label=gettext_lazy("Way"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    code = forms.RegexField(
        regex=r"^[a-z][a-z0-9_-]{0,39}$",
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "What it is called by campaigns and other systems: spring-offer. The same in every language."
        ),
        error_messages={"invalid": gettext_lazy("Small letters, digits and hyphens, at most 40, a letter first.")},
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Of a mail; an SMS has none."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Plain, paragraphs apart by an empty line. {company} becomes the name of the company; a campaign fills in "
            "nothing else."
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, begun: Template | None = None, language: str = ""
    ) -> None:
        same = {name: getattr(begun, name) for name in self.base_fields} if begun else {"language": language}
        super().__init__(data, initial=same)
        self.fields["channel"].choices = [(one.value, way_label(one)) for one in CHANNELS]  # type: ignore[attr-defined]
        named = [(code, capfirst(get_language_info(code)["name_translated"])) for code, _name in settings.LANGUAGES]
        self.fields["language"].choices = named  # type: ignore[attr-defined]

    def wording(self) -> Template:
        given = self.cleaned_data
        return Template(
            channel=Channel(given["channel"]),
            code=given["code"],
            language=given["language"],
            subject=given["subject"],
            text=given["text"].replace("\r\n", "\n"),
        )
