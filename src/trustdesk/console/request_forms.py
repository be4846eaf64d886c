"""What is decided about requests. Meaning is checked by rights; here only shape."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from trustdesk.design.fields import ReferenceField
from trustdesk.design.requesting import ground_label, kind_label, state_label
from trustdesk.rights.contracts import CLOSED, GROUNDS, Ground, Kind, State

ENDED = "closed"


class FilterForm(forms.Form):
    """Which requests are shown; nothing chosen: all that are open."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.TypedChoiceField(label=gettext_lazy("Right"), coerce=Kind, empty_value=None, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="filter-%s")
        states = [(each.value, state_label(each)) for each in State]
        everything = [("", gettext_lazy("All open ones")), (ENDED, gettext_lazy("All closed ones")), *states]
        self.fields["state"].choices = everything  # type: ignore[attr-defined]
        kinds = [("", gettext_lazy("Every right")), *((each.value, kind_label(each)) for each in Kind)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def states(self) -> tuple[State, ...]:
        """Those asked for; none where all open ones are."""
        chosen = self.cleaned_data.get("state", "")
        if chosen == ENDED:
            return tuple(CLOSED)
        return (State(chosen),) if chosen else ()


class RefuseForm(forms.Form):
    """No, for a ground of law, with words for the person."""

    ground = forms.TypedChoiceField(label=gettext_lazy("On which ground"), coerce=Ground, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("What the person is told"),
        max_length=4_000,
        help_text=gettext_lazy("In plain words. How to complain and go to court is added to the letter."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: Kind) -> None:
        super().__init__(data, auto_id="refuse-%s")
        fitting = [
            (each.value, f"{ground_label(each)} — {law}") for each, (law, kinds) in GROUNDS.items() if kind in kinds
        ]
        self.fields["ground"].choices = fitting  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A deed that needs its reason."""

    reason = forms.CharField(max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, name: str, label: str, help_text: str = "") -> None:
        super().__init__(data, auto_id=f"{name}-%s")
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class SupposeForm(forms.Form):
    """Whose it may be is named by the reference on the card."""

    customer = ReferenceField(
        label=gettext_lazy("Reference of the customer"),
        help_text=gettext_lazy("Copy it from the customer's card: thirteen letters and digits. It proves nothing yet."),
    )
