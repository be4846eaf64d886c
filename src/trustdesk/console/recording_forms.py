"""What is asked of recordings in the console."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose, Recipient
from trustdesk.design.contacting import purpose_name
from trustdesk.design.queues import queue_choices
from trustdesk.design.recording import ground_labels, purposes_offered
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.recordings.contracts import CallView, Ground, Outside

HOUSE = "house"


def _purposes() -> list[tuple[str, str]]:
    return [("", _("Choose")), *purposes_offered()]


class FindForm(forms.Form):
    """By what recordings are looked for. Days are the company's, both included."""

    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    queue = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    held = forms.BooleanField(label=gettext_lazy("Under a legal hold"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, queues: Mapping[str, str]) -> None:
        """`queues` are the company's, by code; one that is no more, and whose recordings are kept, can be asked for."""
        super().__init__(data)
        asked = str((data or {}).get("queue", ""))[:60]
        codes = {*queues, asked} - {""}
        self.fields["queue"].choices = [("", _("All queues")), *queue_choices(queues, codes)]  # type: ignore[attr-defined]

    def wanted(self) -> Mapping[str, Any]:
        """As the list is asked for it; what can't be read is not asked for."""
        given = self.cleaned_data if self.is_valid() else {}
        first, last = given.get("first"), given.get("last")
        return {
            "since": timezone.make_aware(datetime.combine(first, time.min)) if first else None,
            "until": timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)) if last else None,
            "queue": given.get("queue", ""),
            "held": bool(given.get("held")),
        }


class ListenForm(forms.Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you listen for?"),
        help_text=gettext_lazy("It is kept in the log."),
        choices=_purposes,
    )


class HoldForm(forms.Form):
    ground = forms.TypedChoiceField(
        label=gettext_lazy("Why is it kept?"), coerce=Ground, choices=lambda: list(ground_labels().items())
    )
    file_number = forms.CharField(
        label=gettext_lazy("Number of the file"),
        max_length=60,
        help_text=gettext_lazy("That of the court, the authority or your own. No names."),
    )


class TakeOutForm(forms.Form):
    """A recording that leaves the program: in which form, for what, and for whom."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    purpose = forms.ChoiceField(label=gettext_lazy("For what?"), choices=_purposes)
    recipient = forms.ChoiceField(
        label=gettext_lazy("For whom?"),
        help_text=gettext_lazy("Outside the house it goes only to whom it may be given."),
    )
    told_for = forms.ChoiceField(label=gettext_lazy("Purpose of the disclosure"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        calls: Sequence[tuple[CallView, str]],
        recipients: Sequence[Recipient],
        purposes: Sequence[Purpose],
    ) -> None:
        super().__init__(data)
        wavs = [
            (to_public(call.call_id), _("WAV of %(call)s") % {"call": _named(call, label)}) for call, label in calls
        ]
        self._choose("form", [("vcon", _("Signed vCon of the whole conversation")), *wavs])
        named = [(to_public(one.recipient_id), one.name) for one in recipients]
        self._choose("recipient", [(HOUSE, _("It stays in the house")), *named])
        self._choose("told_for", [("", _("Choose")), *((one.code, purpose_name(one)) for one in purposes)])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("recipient", HOUSE) != HOUSE and not given.get("told_for"):
            self.add_error("told_for", _("Say for which purpose it is given away."))
        return given

    def outside(self) -> Outside | None:
        """Who gets it; None where it stays."""
        given = self.cleaned_data
        if given["recipient"] == HOUSE:
            return None
        return Outside(from_public(given["recipient"]), given["told_for"])


def _named(call: CallView, length: str) -> str:
    """Which call of the conversation: several can be equally long."""
    return f"{date_format(timezone.localtime(call.began_at), 'SHORT_DATETIME_FORMAT')} · {length}"
