"""How a list is understood and where it comes from."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.console.words import basis_label
from trustdesk.intake.contracts import ColumnMapping, Preview, Target, Undeclared
from trustdesk.kernel.ids import to_public
from trustdesk.register.contracts import Attribute, CustomerKind, NewSource, Source, SourceKind

NEW = "new"
LEAVE_OUT = "-"
_BASES = ("eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b", "eu-gdpr:A6-1-c", "eu-gdpr:A6-1-f")


class ListForm(forms.Form):
    """The file. Its name is not kept: it may name a person."""

    file = forms.FileField(
        label=gettext_lazy("List"), help_text=gettext_lazy("CSV, JSON Lines or XLSX, with the names of the columns.")
    )


class PrepareForm(forms.Form):
    """One page before anything is imported: columns, what becomes of the rest, source and evidence."""

    name = forms.CharField(
        label=gettext_lazy("Name of this mapping"),
        max_length=100,
        help_text=gettext_lazy("The next list of this kind is understood the same way."),
    )
    kind = forms.TypedChoiceField(label=gettext_lazy("Who is in the list"), coerce=CustomerKind)
    date_format = forms.ChoiceField(label=gettext_lazy("How dates are written"), required=False)
    undeclared = forms.ChoiceField(label=gettext_lazy("Columns that are left out"), widget=forms.RadioSelect)
    source = forms.ChoiceField(label=gettext_lazy("Where the list comes from"))
    source_kind = forms.ChoiceField(label=gettext_lazy("Kind of source"), required=False)
    source_name = forms.CharField(label=gettext_lazy("Name of the source"), max_length=200, required=False)
    legal_basis = forms.ChoiceField(label=gettext_lazy("Legal basis"), required=False)
    seller = forms.CharField(label=gettext_lazy("Seller"), max_length=200, required=False)
    acquired_date = forms.DateField(
        label=gettext_lazy("Bought on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    proof = forms.CharField(
        label=gettext_lazy("Proof"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Contract or file number. A bought list without it is refused."),
    )
    evidence = forms.FileField(
        label=gettext_lazy("Evidence"),
        required=False,
        help_text=gettext_lazy("Only its SHA-256 is kept: it proves later that this was the document."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        preview: Preview,
        catalog: Sequence[Attribute],
        sources: Sequence[Source],
    ) -> None:
        super().__init__(data, files, initial={"undeclared": Undeclared.REFUSE.value, "source": NEW})  # type: ignore[arg-type]
        self.preview = preview
        choose = self._choose
        choose("kind", [(kind.value, label) for kind, label in _kinds()])
        choose("date_format", _date_formats())
        choose("undeclared", _undeclared())
        choose("source", [(NEW, _("A new source")), *((to_public(one.source_id), one.name) for one in sources)])
        choose("source_kind", _source_kinds())
        choose("legal_basis", [(iri, f"{basis_label(iri)} · {iri}") for iri in _BASES])
        targets = [(LEAVE_OUT, _("leave out")), *_targets(catalog)]
        known = {code for code, _label in targets}
        for number, column in enumerate(preview.columns):
            proposed = preview.proposed.get(column, "")
            field = forms.ChoiceField(
                label=column, choices=targets, initial=proposed if proposed in known else LEAVE_OUT
            )
            self.fields[f"column_{number}"] = field

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def columns(self) -> list[forms.BoundField]:
        """The fields that say what each column fills."""
        return [self[f"column_{number}"] for number in range(len(self.preview.columns))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("source") == NEW and not given.get("source_name"):
            self.add_error("source_name", _("Say where the list comes from: without an origin nothing is imported."))
        if all(given.get(f"column_{number}") == LEAVE_OUT for number in range(len(self.preview.columns))):
            self.add_error("name", _("At least one column must be taken."))
        return given

    def mapping(self) -> ColumnMapping:
        given = self.cleaned_data
        chosen = {column: given[f"column_{number}"] for number, column in enumerate(self.preview.columns)}
        return ColumnMapping(
            name=given["name"],
            columns={column: Target(to) for column, to in chosen.items() if to != LEAVE_OUT},
            undeclared=Undeclared(given["undeclared"]),
            kind=given["kind"],
            date_format=given["date_format"],
        )

    def new_source(self) -> NewSource:
        given = self.cleaned_data
        evidence = given.get("evidence")
        digest = hashlib.sha256()
        for piece in evidence.chunks() if evidence else ():
            digest.update(piece)
        return NewSource(
            kind=SourceKind(given["source_kind"]),
            name=given["source_name"],
            legal_basis=given["legal_basis"],
            seller=given["seller"],
            acquired_date=given["acquired_date"],
            proof=given["proof"],
            evidence_sha256=digest.digest() if evidence else b"",
        )


def _kinds() -> list[tuple[CustomerKind, str]]:
    return [
        (CustomerKind.PERSON, _("Persons")),
        (CustomerKind.COMPANY, _("Companies")),
        (CustomerKind.SOLE_TRADER, _("Sole traders")),
    ]


def _date_formats() -> list[tuple[str, str]]:
    return [
        ("", "2026-03-04 (ISO 8601)"),
        ("%d.%m.%Y", "04.03.2026"),
        ("%Y.%m.%d.", "2026.03.04."),
        ("%d/%m/%Y", "04/03/2026"),
        ("%d-%m-%Y", "04-03-2026"),
    ]


def _undeclared() -> list[tuple[str, str]]:
    return [
        (Undeclared.REFUSE.value, _("There must be none: refuse the list otherwise")),
        (Undeclared.DROP.value, _("Drop them: their contents are not kept anywhere")),
    ]


def _source_kinds() -> list[tuple[str, str]]:
    return [
        (SourceKind.IMPORT.value, _("Our own older system")),
        (SourceKind.BOUGHT.value, _("A bought list")),
        (SourceKind.OTHER.value, _("Another")),
    ]


def _targets(catalog: Sequence[Attribute]) -> list[tuple[str, str]]:
    fields = [
        (":language", _("Language of the customer")),
        (":country", _("Country")),
        (":customer_since", _("Customer since")),
        (":last_sale_date", _("Last sale")),
        (":product_group", _("Product group")),
        (":as_of", _("Day the row was last known true")),
        (":kind", _("Kind")),
    ]
    return [*((attribute.code, _(attribute.label)) for attribute in catalog), *fields]
