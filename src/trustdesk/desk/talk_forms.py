"""What is typed in a conversation. Meaning is checked by conversations; here only shape."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose
from trustdesk.conversations.contracts import (
    DATED,
    Asked,
    ComplaintForm,
    Disposition,
    Given,
    How,
    Meaning,
    NewFollowUp,
    State,
)
from trustdesk.decision.contracts import Channel
from trustdesk.design.contacting import channel_label, purpose_name
from trustdesk.design.conversing import field_label, how_label, state_label
from trustdesk.kernel.ids import from_public

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_WAYS = (Channel.CALL_HUMAN, Channel.EMAIL, Channel.SMS, Channel.POST)
_LONG = frozenset({"description", "evidence", "position"})
_ASKED = (How.QUESTIONS, How.CALLED_BACK, How.DOCUMENT, How.CODE)


class ListForm(forms.Form):
    """Which conversations are shown."""

    queue = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Mine only"), required=False)

    def __init__(self, data: Mapping[str, Any], *, queues: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="list-%s")
        chosen: dict[str, Sequence[tuple[str, str]]] = {
            "queue": [("", _("All queues")), *queues],
            "state": [("", _("Open and waiting")), *((each.value, state_label(each)) for each in State)],
        }
        for name, choices in chosen.items():
            field = self.fields[name]
            field.choices = choices  # type: ignore[attr-defined]
            field.widget.attrs["data-submit-on-change"] = True
        self.fields["mine"].widget.attrs["data-submit-on-change"] = True


class ReferenceForm(forms.Form):
    """Twelve digits as they are said: sent in the body, so that guesses stand in no address."""

    digits = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


class TalkNoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "data-key-note": True})
    )


class FollowUpForm(forms.Form):
    """Something to do on a day."""

    due_at = forms.DateTimeField(label=gettext_lazy("When"), widget=_MOMENT)
    text = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    mine = forms.BooleanField(label=gettext_lazy("I do it myself"), required=False)

    def new(self, operator_id: int) -> NewFollowUp:
        given = self.cleaned_data
        owner = operator_id if given["mine"] else None
        return NewFollowUp(due_at=given["due_at"], text=given["text"], owner_id=owner)


class QueueForm(forms.Form):
    queue = forms.ChoiceField(label=gettext_lazy("To the queue"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, queues: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="queue-%s")
        self.fields["queue"].choices = queues  # type: ignore[attr-defined]


class IdentifyForm(forms.Form):
    """Who it is, and how that is known."""

    customer = forms.CharField(widget=forms.HiddenInput, max_length=13)
    interaction = forms.CharField(widget=forms.HiddenInput, max_length=13, required=False)
    how = forms.TypedChoiceField(label=gettext_lazy("How is it known?"), coerce=How, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None = None, *, customer: str = "", interaction: str = "") -> None:
        """`interaction`: of which call or message it is said, where only that one was in doubt."""
        initial = {"customer": customer, "interaction": interaction}
        super().__init__(data, initial=initial, auto_id=f"identify-{interaction or customer}-%s")
        self.fields["how"].choices = [(each.value, how_label(each)) for each in _ASKED]  # type: ignore[attr-defined]

    def clean_customer(self) -> int:
        return self._read("customer")

    def clean_interaction(self) -> int | None:
        return self._read("interaction") if self.cleaned_data["interaction"] else None

    def _read(self, name: str) -> int:
        try:
            return from_public(self.cleaned_data[name])
        except ValueError:
            raise forms.ValidationError(_("Choose one.")) from None


class DisposeForm(forms.Form):
    """What came of it: a note, and what this disposition asks for."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        said: Disposition,
        asked: Asked | None = None,
        purposes: Sequence[Purpose] = (),
        submitted: str = "",
        due_at: datetime | None = None,
    ) -> None:
        super().__init__(data, auto_id="dispose-%s")
        self.said = said
        self._asked = asked
        if said.meaning in DATED:
            self._ask_for_a_day(due_at)
        if said.meaning is Meaning.OBJECTION:
            self._ask_what_about(purposes)
        if asked is not None:
            self._ask_for_minutes(asked, submitted)
        self.fields["note"] = forms.CharField(
            label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def _ask_for_a_day(self, due_at: datetime | None) -> None:
        initial = timezone.localtime(due_at).strftime("%Y-%m-%dT%H:%M") if due_at else None
        self.fields["due_at"] = forms.DateTimeField(label=_("When"), widget=_MOMENT, initial=initial)
        self.fields["mine"] = forms.BooleanField(label=_("I do it myself"), required=False, initial=True)

    def _ask_what_about(self, purposes: Sequence[Purpose]) -> None:
        ways = [("", _("Every way")), *((each.value, channel_label(each)) for each in _WAYS)]
        about = [("", _("All advertising")), *((each.code, purpose_name(each)) for each in purposes)]
        self.fields["purpose"] = forms.ChoiceField(label=_("What the customer does not want"), choices=about)
        self.fields["purpose"].required = False
        self.fields["channel"] = forms.TypedChoiceField(
            label=_("By which way"),
            choices=ways,
            coerce=lambda text: Channel(text) if text else None,
            empty_value=None,
            required=False,
        )

    def _ask_for_minutes(self, asked: Asked, submitted: str) -> None:
        for name in asked.fields:
            if name in asked.own:
                continue
            self.fields[name] = forms.CharField(
                label=field_label(name),
                max_length=10_000,
                required=name not in asked.may_be_empty,
                initial=submitted if name == "submitted" else "",
                widget=forms.Textarea(attrs={"rows": 4}) if name in _LONG else forms.TextInput(),
            )

    def given(self, operator_id: int) -> Given:
        """What conversations ask for."""
        said = self.cleaned_data
        minutes = None
        if self._asked is not None:
            minutes = ComplaintForm(fields={name: said[name] for name in self._asked.fields if name in said})
        return Given(
            due_at=said.get("due_at"),
            owner_id=operator_id if said.get("mine") else None,
            purpose=said.get("purpose", ""),
            channel=said.get("channel"),
            complaint=minutes,
        )
