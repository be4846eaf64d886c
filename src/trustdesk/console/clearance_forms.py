"""What is typed about purposes, notices, recipients, lists and the company's own policy. Meaning is checked below."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from trustdesk.clearance.api import terms
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    ELEMENTS,
    EVERYTHING,
    Assessment,
    ListFormat,
    NewOutsideList,
    NewPurpose,
    NewRecipient,
    NoticeKind,
    NoticeText,
    Point,
    PointKind,
    Purpose,
    RecipientRole,
    Scope,
    SuppressionReason,
)
from trustdesk.console.clearance_words import (
    element_label,
    format_label,
    notice_label,
    reason_label,
    role_label,
    safeguard_label,
)
from trustdesk.decision.contracts import LegalBasis, PurposeKind
from trustdesk.design.contacting import kind_label, point_label, purpose_name
from trustdesk.design.law import basis_label

_DAY = forms.DateInput(attrs={"type": "date"})
_CODE_OF_COUNTRY = 2
_IN = "label_"


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PurposeForm(forms.Form):
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("Small letters: newsletter. It never changes."),
    )
    label = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As customers read it in their portal.")
    )
    kind = forms.TypedChoiceField(label=gettext_lazy("Kind"), coerce=PurposeKind)
    legal_basis = forms.ChoiceField(label=gettext_lazy("Legal basis"))
    term = forms.ChoiceField(
        label=gettext_lazy("Term"), help_text=gettext_lazy("Of the W3C's Data Privacy Vocabulary, for other systems.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, languages: Sequence[str]) -> None:
        super().__init__(data, initial={"term": "dpv:DirectMarketing"})
        for language in languages:
            self.fields[_IN + language] = forms.CharField(
                label=f"{_('Name')} · {get_language_info(language)['name_local']}", max_length=200, required=False
            )
        articles = [basis.value for basis in LegalBasis]
        offered: dict[str, list[tuple[str, str]]] = {
            "kind": [(kind.value, kind_label(kind)) for kind in PurposeKind],
            "legal_basis": [(basis, f"{basis_label(basis)} ({basis})") for basis in articles],
            "term": [(term, term) for term in terms("purposes")],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def purpose(self) -> NewPurpose:
        given = self.cleaned_data
        return NewPurpose(
            code=given["code"],
            label=given["label"],
            term=given["term"],
            kind=given["kind"],
            legal_basis=given["legal_basis"],
            other_labels={name.removeprefix(_IN): given[name] for name in self.fields if name.startswith(_IN)},
        )

    def in_other_languages(self) -> list[forms.BoundField]:
        """A name for each of the company's languages, where it reads differently there."""
        return [self[name] for name in self.fields if name.startswith(_IN)]


class AssessmentForm(forms.Form):
    """The assessment of legitimate interests, in its usual three steps."""

    pursued = forms.CharField(label=gettext_lazy("Which interest, and whose"), max_length=5_000, widget=_lines(3))
    necessity = forms.CharField(label=gettext_lazy("Why nothing milder does"), max_length=5_000, widget=_lines(3))
    balancing = forms.CharField(
        label=gettext_lazy("Against the person's interests and expectations"), max_length=5_000, widget=_lines(3)
    )
    safeguards = forms.CharField(label=gettext_lazy("What protects the person"), max_length=5_000, widget=_lines(3))
    assessed_by = forms.CharField(
        label=gettext_lazy("Who answers for it"), max_length=200, help_text=gettext_lazy("Name and office.")
    )
    review_date = forms.DateField(
        label=gettext_lazy("To be looked at again on"),
        required=False,
        widget=_DAY,
        help_text=gettext_lazy("From that day on it counts no more."),
    )

    def assessment(self, now: datetime) -> Assessment:
        return Assessment(**self.cleaned_data, assessed_at=now)


class NoticeForm(forms.Form):
    """A whole notice: every element in every language of the company."""

    kind = forms.TypedChoiceField(label=gettext_lazy("Kind"), coerce=NoticeKind)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=40, help_text=gettext_lazy("As in 2026-1."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, languages: Sequence[str]) -> None:
        super().__init__(data)
        self.languages = languages
        self.fields["kind"].choices = [(kind.value, notice_label(kind)) for kind in NoticeKind]  # type: ignore[attr-defined]
        for language in languages:
            for element in ELEMENTS:
                self.fields[f"{language}.{element}"] = forms.CharField(
                    label=element_label(element), max_length=10_000, widget=_lines(2)
                )

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """By language, its fields."""
        return [(language, [self[f"{language}.{element}"] for element in ELEMENTS]) for language in self.languages]

    def texts(self) -> dict[str, NoticeText]:
        return {
            language: NoticeText(**{element: self.cleaned_data[f"{language}.{element}"] for element in ELEMENTS})
            for language in self.languages
        }


class RecipientForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    role = forms.TypedChoiceField(label=gettext_lazy("Role"), coerce=RecipientRole)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        min_length=_CODE_OF_COUNTRY,
        max_length=_CODE_OF_COUNTRY,
        help_text=gettext_lazy("Two letters, as in FI: where the data go."),
    )
    safeguard = forms.ChoiceField(
        label=gettext_lazy("What protects them there"),
        required=False,
        help_text=gettext_lazy("For a country outside of the European Economic Area: without it nothing is given."),
    )
    purposes = forms.MultipleChoiceField(label=gettext_lazy("Purposes"), widget=forms.CheckboxSelectMultiple)
    categories = forms.MultipleChoiceField(label=gettext_lazy("What may be given"), widget=forms.CheckboxSelectMultiple)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=_DAY)
    notice_email = forms.EmailField(
        label=gettext_lazy("E-mail address for notices"),
        required=False,
        help_text=gettext_lazy("Where they are told of erasures and corrections, where no system of theirs listens."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        purposes: Sequence[Purpose],
        categories: Mapping[str, str],
    ) -> None:
        super().__init__(data)
        offered: dict[str, list[tuple[str, str]]] = {
            "role": [(role.value, role_label(role)) for role in RecipientRole],
            "safeguard": [("", _("nothing more")), *((term, safeguard_label(term)) for term in terms("safeguards"))],
            "purposes": [(purpose.code, purpose_name(purpose)) for purpose in purposes],
            "categories": list(categories.items()),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def recipient(self) -> NewRecipient:
        given = self.cleaned_data
        last = given["ends_on"]
        return NewRecipient(
            name=given["name"],
            role=given["role"],
            country=given["country"].upper(),
            safeguard=given["safeguard"],
            purposes=given["purposes"],
            categories=given["categories"],
            ends_at=datetime.combine(last, time.max, UTC) if last else None,
            notice_email=given["notice_email"],
        )


class NoticeEmailForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address for notices"), required=False)


class OutsideListForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("The rule's, for a list that the law asks for; otherwise one of your own."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=_CODE_OF_COUNTRY,
        required=False,
        help_text=gettext_lazy("Two letters; leave empty where it counts everywhere."),
    )
    kind = forms.TypedChoiceField(label=gettext_lazy("What is on it"), coerce=PointKind)
    format = forms.TypedChoiceField(label=gettext_lazy("How the file is written"), coerce=ListFormat)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        offered: dict[str, list[tuple[str, str]]] = {
            "kind": [(kind.value, point_label(kind)) for kind in PointKind],
            "format": [(form.value, format_label(form)) for form in ListFormat],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def outside(self) -> NewOutsideList:
        return NewOutsideList(**self.cleaned_data)


class PolicyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The policy"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=gettext_lazy("In the form of a rule pack. It may ask for more than the law, never for less."),
    )


class LookUpForm(forms.Form):
    """A number or address, whoever it belongs to."""

    kind = forms.TypedChoiceField(label=gettext_lazy("What"), coerce=PointKind)
    text = forms.CharField(
        label=gettext_lazy("Number or address"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s")
        kinds = [(kind.value, point_label(kind)) for kind in PointKind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def point(self, country: str) -> Point:
        """National numbers are read as those of the company's country."""
        return Point(self.cleaned_data["kind"], self.cleaned_data["text"], country)


class SuppressionForm(LookUpForm):
    """One that is not to be used."""

    MARKETING, ALL = "marketing", "everything"
    REASONS = (SuppressionReason.HAND, SuppressionReason.OBJECTION, SuppressionReason.REFUSED_IN_CALL)

    scope = forms.ChoiceField(label=gettext_lazy("Not to be used for"))
    reason = forms.TypedChoiceField(label=gettext_lazy("Because"), coerce=SuppressionReason)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        offered: dict[str, list[tuple[str, str]]] = {
            "scope": [(self.MARKETING, _("advertising")), (self.ALL, _("anything"))],
            "reason": [(reason.value, reason_label(reason)) for reason in self.REASONS],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Scope:
        return ALL_MARKETING if self.cleaned_data["scope"] == self.MARKETING else EVERYTHING
