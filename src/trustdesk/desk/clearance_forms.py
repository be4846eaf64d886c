"""What is typed about consents and objections. Whether it proves anything is checked by clearance."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance.api import Products
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    EVERYTHING,
    By,
    Collection,
    ConsentState,
    Evidence,
    Method,
    Purpose,
    Scope,
)
from trustdesk.decision.contracts import Channel
from trustdesk.design.contacting import by_label, channel_label, method_label, purpose_name, state_label
from trustdesk.design.fields import ReferenceField
from trustdesk.kernel.errors import BadInputError

_SAID = (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN)
_AT_THE_DESK = (
    Method.PAPER_SCAN,
    Method.RECORDED_SENTENCE,
    Method.KEY_PRESS,
    Method.WEB_FORM,
    Method.TOLD_OPERATOR,
    Method.REPLY,
)
_CHANNELS = (
    Channel.CALL_HUMAN,
    Channel.SMS,
    Channel.EMAIL,
    Channel.POST,
    Channel.CHAT,
    Channel.SOCIAL_DM,
    Channel.CALL_AUTOMATED,
    Channel.MMS,
    Channel.FAX,
)
_LARGEST = 20 * 1024 * 1024
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ConsentForm(forms.Form):
    """What the customer said about one purpose and one way, and what proves it."""

    state = forms.TypedChoiceField(
        label=gettext_lazy("What did the customer say?"), coerce=ConsentState, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=gettext_lazy("About"))
    channel = forms.TypedChoiceField(
        label=gettext_lazy("By which way"),
        coerce=lambda text: Channel(text) if text else None,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Every way ends them all. Of a consent it means none: data may be given to others."),
    )
    method = forms.TypedChoiceField(label=gettext_lazy("How was it said?"), coerce=Method)
    by = forms.TypedChoiceField(label=gettext_lazy("By whom"), coerce=By)
    at = forms.DateTimeField(
        label=gettext_lazy("When"), required=False, widget=_MOMENT, help_text=gettext_lazy("Empty: now.")
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Good until"),
        required=False,
        widget=_MOMENT,
        help_text=gettext_lazy("Empty: until it is taken back."),
    )
    words = forms.CharField(
        label=gettext_lazy("The exact words"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("As shown, read out or spoken. They are sealed, and kept as proof."),
    )
    notice_version = forms.ChoiceField(
        label=gettext_lazy("Version of the notice"),
        required=False,
        help_text=gettext_lazy("What the customer was told before."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Where the original is kept"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The binder and page of a paper, the number of a call."),
    )
    document = forms.FileField(
        label=gettext_lazy("Scan of the paper"),
        required=False,
        help_text=gettext_lazy("Only its digest is recorded: keep the file where you keep the paper."),
    )
    recording = forms.CharField(label=gettext_lazy("Recording"), max_length=100, required=False)
    spoken_from = forms.DecimalField(
        label=gettext_lazy("The sentence begins at second"), min_value=0, max_digits=8, decimal_places=1, required=False
    )
    spoken_to = forms.DecimalField(
        label=gettext_lazy("and ends at second"), min_value=0, max_digits=8, decimal_places=1, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        purposes: Sequence[Purpose],
        versions: Sequence[str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        newest = versions[0] if versions else ""
        first = {"channel": _CHANNELS[0].value, "notice_version": newest}
        super().__init__(data, files, initial=first | dict(initial or {}))
        offered: dict[str, list[tuple[str, str]]] = {
            "state": [(state.value, state_label(state)) for state in _SAID],
            "purpose": [(purpose.code, purpose_name(purpose)) for purpose in purposes],
            "channel": [*((channel.value, channel_label(channel)) for channel in _CHANNELS), ("", channel_label(None))],
            "method": [(method.value, method_label(method)) for method in _AT_THE_DESK],
            "by": [(by.value, by_label(by)) for by in (By.PERSON, By.GUARDIAN)],
            "notice_version": [("", _("none")), *((version, version) for version in versions)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_document(self) -> bytes:
        """Its digest: the paper itself stays where it is."""
        given: UploadedFile[Any] | None = self.cleaned_data["document"]
        if given is None:
            return b""
        if (given.size or 0) > _LARGEST:
            raise forms.ValidationError(_("A scan has at most 20 MB."))
        digest = hashlib.sha256()
        for chunk in given.chunks():
            digest.update(chunk)
        return digest.digest()

    def evidence(self, language: str) -> Evidence:
        given = self.cleaned_data
        begins, ends = given["spoken_from"], given["spoken_to"]
        return Evidence(
            method=given["method"],
            by=given["by"],
            words=given["words"],
            notice_version=given["notice_version"],
            notice_language=language if given["notice_version"] else "",
            recording=given["recording"],
            spoken_ms=None if begins is None or ends is None else (int(begins * 1000), int(ends * 1000)),
            document_sha256=given["document"],
            reference=given["reference"],
        )


class OfferForm(forms.Form):
    """What it is about: who bought of the same may be told of similar offers, in most countries."""

    product = forms.ChoiceField(label=gettext_lazy("What is offered"), required=False)

    def __init__(self, data: Mapping[str, Any], *, products: Products) -> None:
        super().__init__(data, auto_id="offer-%s")
        choices: list[tuple[str, object]] = [
            ("", _("not said")),
            (_("What your customers bought"), [(word, word) for word in products.own]),
            (_("What the law names"), [(word, word) for word in products.named_by_rules]),
        ]
        self.fields["product"].choices = [choice for choice in choices if choice[1]]  # type: ignore[attr-defined]

    def about(self) -> Mapping[str, object]:
        """As a question says it. BadInputError for what nobody offers here."""
        if not self.is_valid():
            raise BadInputError(_("Nothing of this name is offered."), place="product", mend=_("Choose one."))
        product = self.cleaned_data["product"]
        return {"product": product} if product else {}


def _known(label: object) -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=[("", gettext_lazy("not known")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda text: text == "yes",
        empty_value=None,
        required=False,
    )


class CollectionForm(forms.Form):
    """How the customer's numbers and addresses came to the company: what an offer without a consent rests on."""

    from_sale = _known(gettext_lazy("Number or address comes from a purchase"))
    told = _known(gettext_lazy("Was told then that objecting is free"))
    refused = _known(gettext_lazy("Said no then"))
    asked = _known(gettext_lazy("Asked to be contacted"))
    asked_until = forms.DateTimeField(
        label=gettext_lazy("The request holds until"),
        required=False,
        widget=_MOMENT,
        help_text=gettext_lazy("Empty: until it is answered otherwise."),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When"), required=False, widget=_MOMENT, help_text=gettext_lazy("Empty: now.")
    )

    def collection(self) -> Collection:
        given = self.cleaned_data
        return Collection(**{name: given[name] for name in ("from_sale", "told", "refused", "asked", "asked_until")})


class ObjectionForm(forms.Form):
    """To what the customer objects: all advertising, everything, or one purpose; by one way or by all."""

    MARKETING, ALL = "all-marketing", "everything"

    about = forms.ChoiceField(label=gettext_lazy("The customer does not want"))
    channel = forms.TypedChoiceField(
        label=gettext_lazy("By which way"),
        coerce=lambda text: Channel(text) if text else None,
        empty_value=None,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, purposes: Sequence[Purpose]) -> None:
        super().__init__(data, auto_id="object-%s")
        every = [(self.MARKETING, _("any advertising")), (self.ALL, _("to be contacted at all"))]
        offered: dict[str, list[tuple[str, str]]] = {
            "about": [
                *every,
                *((f"purpose-{purpose.code}", purpose_name(purpose)) for purpose in purposes),
            ],
            "channel": [("", channel_label(None)), *((each.value, channel_label(each)) for each in _CHANNELS)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def scope(self) -> Scope:
        about, channel = self.cleaned_data["about"], self.cleaned_data["channel"]
        whole = {self.MARKETING: ALL_MARKETING, self.ALL: EVERYTHING}.get(about)
        if whole is not None:
            return Scope(kind=whole.kind, channel=channel)
        return Scope(purpose=about.removeprefix("purpose-"), channel=channel)


class TakenBackForm(forms.Form):
    """That the customer takes an objection back, and in which words."""

    objection = ReferenceField()
    words = forms.CharField(
        label=gettext_lazy("In which words"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only the customer's own act lifts an objection. The words are sealed."),
    )
