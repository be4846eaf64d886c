"""What is typed at the desk. Meaning is checked by the register; here only shape."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.design.fields import ReferenceField
from trustdesk.design.restriction import ground_choices
from trustdesk.desk.words import confirmed_by_choices, kind_label
from trustdesk.kernel.ids import to_public
from trustdesk.register.contracts import (
    Answer,
    Attribute,
    CardValue,
    ConfirmedBy,
    CustomerKind,
    NewValue,
    Notice,
    NoticeKind,
    RestrictionGround,
    Source,
    SourceKind,
    ValueKind,
)

DIRECT = "direct"
_KEPT_AS_TYPED = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class SearchForm(forms.Form):
    """What is looked for: sent in the body, so it stands in no address and no log of addresses."""

    query = forms.CharField(max_length=200, strip=True, required=False)


class ConfirmForm(forms.Form):
    by = forms.TypedChoiceField(choices=confirmed_by_choices, coerce=ConfirmedBy)


class CorrectForm(forms.Form):
    text = forms.CharField(max_length=2000, widget=_KEPT_AS_TYPED)
    by = forms.TypedChoiceField(label=gettext_lazy("On whose word"), choices=confirmed_by_choices, coerce=ConfirmedBy)

    @classmethod
    def of(cls, value: CardValue, data: Mapping[str, Any] | None = None) -> "CorrectForm":
        """The form of one value, with ids of its own on the page."""
        reference = to_public(value.value_id)
        form = cls(data, initial={"text": value.text or ""}, auto_id=f"correct-{reference}-%s")
        form.fields["text"].label = _("The right value")
        return form


class AnswerForm(forms.Form):
    """What the customer said to the one question of a conversation; `text` where it is different now."""

    value = ReferenceField()
    answer = forms.TypedChoiceField(choices=[(each.value, each.value) for each in Answer], coerce=Answer)
    text = forms.CharField(
        label=gettext_lazy("The right value"), max_length=2000, required=False, widget=_KEPT_AS_TYPED
    )


class NewValueForm(forms.Form):
    """One more value for a customer."""

    attribute = forms.ChoiceField(label=gettext_lazy("What"))
    text = forms.CharField(label=gettext_lazy("Value"), max_length=2000, widget=_KEPT_AS_TYPED)
    label = forms.CharField(
        label=gettext_lazy("Which of several"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example: work, home, billing."),
    )
    shared_line = forms.BooleanField(
        label=gettext_lazy("Shared line"),
        help_text=gettext_lazy("More than one person answers here."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, catalog: Sequence[Attribute]) -> None:
        super().__init__(data, auto_id="add-%s")
        choices = [(attribute.code, _(attribute.label)) for attribute in catalog]
        self.fields["attribute"].choices = choices  # type: ignore[attr-defined]

    def value(self, now: datetime) -> NewValue:
        given = self.cleaned_data
        return NewValue(
            given["attribute"], given["text"], given["label"], given["shared_line"], now, ConfirmedBy.CUSTOMER
        )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "data-key-note": True})
    )


class RestrictForm(forms.Form):
    ground = forms.TypedChoiceField(
        label=gettext_lazy("Why it is restricted"), choices=ground_choices, coerce=RestrictionGround
    )


class MergeForm(forms.Form):
    """The other one is named by the reference on its card."""

    other = ReferenceField(
        label=gettext_lazy("Reference of the customer to show as one with this"),
        help_text=gettext_lazy("Copy it from the other customer's card: thirteen letters and digits."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are the same"),
        max_length=200,
        help_text=gettext_lazy("Without names or numbers of the person: it stays in the log."),
    )


class CreateForm(forms.Form):
    """A customer by hand: the kind, where it comes from, the notice, and one field for each declared attribute."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"),
        coerce=CustomerKind,
        help_text=gettext_lazy("A contact at a company is created from the company's card."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Where does this come from?"))
    notice_given = forms.BooleanField(
        label=gettext_lazy("The customer was given the privacy notice just now"),
        help_text=gettext_lazy("Required when the data comes from the customer: GDPR Art. 13."),
        required=False,
    )
    notice_version = forms.CharField(label=gettext_lazy("Version of the notice"), max_length=60, required=False)
    language = forms.CharField(label=gettext_lazy("Language"), max_length=12, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Sequence[Attribute],
        sources: Sequence[Source],
        language: str,
        at_company: bool = False,
    ) -> None:
        super().__init__(data, initial={"source": DIRECT, "language": language, "kind": CustomerKind.PERSON.value})
        self.catalog = catalog
        if at_company:
            del self.fields["kind"]  # it is known, and nothing to ask
        else:
            kinds = [(kind.value, kind_label(kind)) for kind in CustomerKind if kind is not CustomerKind.NAMED_EMPLOYEE]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        others = [
            (to_public(source.source_id), source.name) for source in sources if source.kind is not SourceKind.DIRECT
        ]
        self.fields["source"].choices = [(DIRECT, _("From the customer")), *others]  # type: ignore[attr-defined]
        for attribute in catalog:
            self.fields[f"value_{attribute.code}"] = forms.CharField(
                label=_(attribute.label), max_length=2000, required=False, widget=_widget(attribute)
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("source") == DIRECT:
            if not given.get("notice_given"):
                self.add_error("notice_given", _("Give the notice first, then tick this."))
            if not given.get("notice_version"):
                self.add_error("notice_version", _("Say which version was given."))
        if not any(given.get(f"value_{attribute.code}") for attribute in self.catalog if _names(attribute)):
            names = [attribute for attribute in self.catalog if _names(attribute)]
            if names:
                self.add_error(f"value_{names[0].code}", _("A customer needs a name."))
        return given

    def values(self, now: datetime) -> list[NewValue]:
        direct = self.cleaned_data["source"] == DIRECT
        return [
            NewValue(
                attribute.code,
                text,
                confirmed_at=now if direct else None,
                confirmed_by=ConfirmedBy.CUSTOMER if direct else None,
            )
            for attribute in self.catalog
            if (text := self.cleaned_data.get(f"value_{attribute.code}", ""))
        ]

    def notice(self, now: datetime) -> Notice | None:
        if not self.cleaned_data["notice_given"]:
            return None
        kind = NoticeKind.ART13 if self.cleaned_data["source"] == DIRECT else NoticeKind.ART14
        return Notice(kind, self.cleaned_data["notice_version"], now)

    def value_fields(self) -> list[tuple[str, forms.BoundField]]:
        """Each attribute's field with the kind of its value."""
        return [(attribute.kind.value, self[f"value_{attribute.code}"]) for attribute in self.catalog]


def _names(attribute: Attribute) -> bool:
    return attribute.kind is ValueKind.NAME


def _widget(attribute: Attribute) -> forms.Widget:
    if attribute.kind is ValueKind.TEXT:
        return forms.Textarea(attrs={"rows": 2})
    kinds = {ValueKind.PHONE: "tel", ValueKind.EMAIL: "email", ValueKind.BIRTH_DATE: "date", ValueKind.DATE: "date"}
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    widget.input_type = kinds.get(attribute.kind, "text")
    return widget
