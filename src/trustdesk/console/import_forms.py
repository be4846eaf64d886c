"""How a list is understood and where it comes from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trustdesk.console import import_choices as choices
from trustdesk.intake.contracts import ColumnMapping, Fit, Preview, SavedMapping, Target, Undeclared
from trustdesk.kernel.ids import to_public
from trustdesk.register.contracts import Attribute, CustomerKind, NewSource, Source, SourceKind

NEW = "new"
LEAVE_OUT = "-"
SAVE = "save"  # the button that keeps the mapping and begins nothing


class ListForm(forms.Form):
    """The file. Its name is not kept: it may name a person."""

    file = forms.FileField(
        label=gettext_lazy("List"), help_text=gettext_lazy("CSV, JSON Lines or XLSX, with the names of the columns.")
    )


class PickForm(forms.Form):
    """One of the saved mappings; each says whether it fits the list at hand."""

    mapping = forms.ChoiceField(label=gettext_lazy("Read the list as saved under"), required=False)

    def __init__(self, *, saved: Sequence[SavedMapping], preview: Preview, picked: SavedMapping | None) -> None:
        super().__init__(initial={"mapping": to_public(picked.mapping_id) if picked else ""})
        offers = [(to_public(one.mapping_id), _offered(one.mapping, preview.fit(one.mapping))) for one in saved]
        self.fields["mapping"].choices = [("", _("none: as the names of the columns suggest")), *offers]  # type: ignore[attr-defined]


def _offered(mapping: ColumnMapping, fit: Fit) -> str:
    if fit.whole:
        return _("%(name)s · fits this list") % {"name": mapping.name}
    count = len(fit.missing) + len(fit.unnamed)
    words = ngettext("%(name)s · %(count)d column differs", "%(name)s · %(count)d columns differ", count)
    return words % {"name": mapping.name, "count": count}


class PrepareForm(forms.Form):
    """One page before anything is imported: columns, what becomes of the rest, source and evidence.

    Begun from a saved mapping it keeps what this page does not ask: labels, shared lines, order, reading, country.
    """

    name = forms.CharField(
        label=gettext_lazy("Name of this mapping"),
        max_length=100,
        help_text=gettext_lazy("Under this name the next list of this kind can be read the same way."),
    )
    replace = forms.BooleanField(label=gettext_lazy("Replace the saved mapping of this name"), required=False)
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
        saved: Sequence[SavedMapping],
        picked: SavedMapping | None,
    ) -> None:
        self.kept = picked.mapping if picked else ColumnMapping(name="", columns={}, undeclared=Undeclared.REFUSE)
        initial = {"source": NEW, "name": self.kept.name, "undeclared": self.kept.undeclared.value}
        initial |= {"kind": self.kept.kind.value, "date_format": self.kept.date_format}
        super().__init__(data, files, initial=initial)  # type: ignore[arg-type]
        self.preview = preview
        self.asks_to_replace = False
        self._saved = {one.mapping.name: one.mapping for one in saved}
        choose = self._choose
        choose("kind", _with(choices.kinds(), self.kept.kind.value))
        choose("date_format", _with(choices.date_formats(), self.kept.date_format))
        choose("undeclared", choices.undeclared())
        choose("source", [(NEW, _("A new source")), *((to_public(one.source_id), one.name) for one in sources)])
        choose("source_kind", choices.source_kinds())
        choose("legal_basis", choices.legal_bases())
        targets = [(LEAVE_OUT, _("leave out")), *choices.targets(catalog)]
        for number, column in enumerate(preview.columns):
            self.fields[f"column_{number}"] = self._column(column, targets, from_saved=picked is not None)

    def _choose(self, name: str, offered: choices.Choices) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined]

    def _column(self, column: str, targets: choices.Choices, *, from_saved: bool) -> forms.ChoiceField:
        target = self.kept.columns.get(column)
        proposed = (target.to if target else "") if from_saved else self.preview.proposed.get(column, "")
        known = {code for code, _label in targets}
        return forms.ChoiceField(
            label=column,
            choices=targets,
            initial=proposed if proposed in known else LEAVE_OUT,
            help_text=_told_apart(target) if target else "",
        )

    def columns(self) -> list[forms.BoundField]:
        """The fields that say what each column fills."""
        return [self[f"column_{number}"] for number in range(len(self.preview.columns))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        saving = SAVE in self.data
        if not saving and given.get("source") == NEW and not given.get("source_name"):
            self.add_error("source_name", _("Say where the list comes from: without an origin nothing is imported."))
        chosen = [given.get(f"column_{number}") for number in range(len(self.preview.columns))]
        left_out = [column for column, to in zip(self.preview.columns, chosen, strict=True) if to == LEAVE_OUT]
        if len(left_out) == len(chosen):
            self.add_error("name", _("At least one column must be taken."))
        elif left_out and given.get("undeclared") == Undeclared.REFUSE.value:
            words = _("Left out are: %(columns)s. Say what they are, or that they are dropped.")
            self.add_error("undeclared", words % {"columns": ", ".join(left_out)})
        if not self.errors:
            self._check_name(given)
        return given

    def _check_name(self, given: Mapping[str, Any]) -> None:
        other = self._saved.get(given["name"])
        if other is None or given["replace"] or other.digest == self.mapping().digest:
            return
        self.asks_to_replace = True
        self.add_error("name", _("A saved mapping of this name reads otherwise. Replace it, or choose another name."))

    def mapping(self) -> ColumnMapping:
        given = self.cleaned_data
        chosen = {column: given[f"column_{number}"] for number, column in enumerate(self.preview.columns)}
        # In the saved order: it says how several columns are joined to one value.
        ordered = [*(column for column in self.kept.columns if column in chosen), *chosen]
        return replace(
            self.kept,
            name=given["name"],
            columns={column: self._target(column, chosen[column]) for column in ordered if chosen[column] != LEAVE_OUT},
            undeclared=Undeclared(given["undeclared"]),
            kind=given["kind"],
            date_format=given["date_format"],
        )

    def _target(self, column: str, to: str) -> Target:
        kept = self.kept.columns.get(column)
        return kept if kept is not None and kept.to == to else Target(to)

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


def _told_apart(target: Target) -> str:
    """What a saved mapping says of a column beyond its target; it stays as long as the target does."""
    words = [_("as “%(label)s”") % {"label": target.label}] if target.label else []
    return ", ".join([*words, _("Shared line")] if target.shared_line else words)


def _with(offered: choices.Choices, kept: str) -> choices.Choices:
    """What a mapping made elsewhere says is offered too, else this page would change it in silence."""
    return offered if kept in {value for value, _label in offered} else [*offered, (kept, kept)]
