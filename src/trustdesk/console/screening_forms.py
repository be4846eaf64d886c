"""What is asked of a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose
from trustdesk.decision.contracts import Channel
from trustdesk.design.contacting import purpose_name
from trustdesk.intake.contracts import Preview
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.screening.contracts import Ask, CellKind, Engine, Filter, Layout

LEAVE_OUT = "-"
_PROPOSED = {
    "phone": CellKind.PHONE,
    "email": CellKind.EMAIL,
    "address": CellKind.ADDRESS,
    "customer_number": CellKind.CUSTOMER,
}


class QuestionForm(forms.Form):
    """Purpose, channel and what is offered; the same for every list."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose of the contacts"))
    channel = forms.TypedChoiceField(label=gettext_lazy("Channel"), coerce=Channel)
    product = forms.CharField(
        label=gettext_lazy("What is offered"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The product group, as customers have it: what is similar to it may count."),
    )
    engine = forms.TypedChoiceField(
        label=gettext_lazy("Where it is computed"),
        coerce=Engine,
        help_text=gettext_lazy("The verdicts are the same everywhere. The database is right for most lists."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, purposes: Sequence[Purpose]) -> None:
        super().__init__(data)
        self._choose("purpose", [(one.code, purpose_name(one)) for one in purposes if one.retired_at is None])
        self._choose("channel", [(one.value, label) for one, label in channel_labels().items()])
        self._choose("engine", [(one.value, label) for one, label in engine_labels().items()])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def ask(self) -> Ask:
        given = self.cleaned_data
        about = {"product": given["product"]} if given["product"] else {}
        return Ask(purpose=given["purpose"], channel=given["channel"], about=about, engine=given["engine"])


class ListQuestionForm(QuestionForm):
    """The same, with what the columns of a file hold."""

    country = forms.CharField(
        label=gettext_lazy("Country of national numbers"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two letters, as in FI. Empty: that of the company."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, purposes: Sequence[Purpose], preview: Preview) -> None:
        super().__init__(data, purposes=purposes)
        self.preview = preview
        kinds = [(LEAVE_OUT, _("leave out")), *((one.value, label) for one, label in kind_labels().items())]
        for number, column in enumerate(preview.columns):
            proposed = _PROPOSED.get(preview.proposed.get(column, ""), LEAVE_OUT)
            self.fields[f"column_{number}"] = forms.ChoiceField(label=column, choices=kinds, initial=proposed)

    def columns(self) -> list[forms.BoundField]:
        """The fields that say what each column holds."""
        return [self[f"column_{number}"] for number in range(len(self.preview.columns))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if all(given.get(f"column_{number}") == LEAVE_OUT for number in range(len(self.preview.columns))):
            self.add_error("purpose", _("At least one column must be taken."))
        return given

    def layout(self) -> Layout:
        given = self.cleaned_data
        chosen = {column: given[f"column_{number}"] for number, column in enumerate(self.preview.columns)}
        columns = {column: CellKind(kind) for column, kind in chosen.items() if kind != LEAVE_OUT}
        return Layout(columns=columns, country=given["country"].upper())


class FilterQuestionForm(QuestionForm):
    """The same, for customers that a saved filter means."""

    saved = forms.ChoiceField(label=gettext_lazy("Saved filter"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, purposes: Sequence[Purpose], filters: Sequence[Filter]
    ) -> None:
        super().__init__(data, purposes=purposes)
        self._choose("saved", [(to_public(one.filter_id), one.name) for one in filters])

    def filter_id(self) -> int:
        return from_public(self.cleaned_data["saved"])


def channel_labels() -> dict[Channel, str]:
    return {
        Channel.CALL_HUMAN: _("Call by a person"),
        Channel.CALL_AUTOMATED: _("Call by a machine"),
        Channel.EMAIL: _("E-mail"),
        Channel.SMS: _("SMS"),
        Channel.MMS: _("MMS"),
        Channel.SOCIAL_DM: _("Message on a social network"),
        Channel.POST: _("Letter"),
        Channel.FAX: _("Fax"),
        Channel.CHAT: _("Chat"),
    }


def engine_labels() -> dict[Engine, str]:
    return {
        Engine.POSTGRESQL: _("In the database"),
        Engine.DUCKDB: _("On a columnar copy (DuckDB)"),
        Engine.SPARK: _("On Spark"),
    }


def kind_labels() -> dict[CellKind, str]:
    return {
        CellKind.PHONE: _("Phone numbers"),
        CellKind.EMAIL: _("E-mail addresses"),
        CellKind.ADDRESS: _("Postal addresses"),
        CellKind.HANDLE: _("Chat or social handles"),
        CellKind.CUSTOMER: _("Customer numbers"),
    }
