"""What is asked before a mandate begins or ends. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.accounts.api import ROLES
from trustdesk.design.operations import operation_label
from trustdesk.design.purposes import purpose_label
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.mandates.contracts import EVERY_CATEGORY, PURPOSES, ControllerView, ProcessorView
from trustdesk.register import api as register

OWN_STAFF = "own"
_CODE_OF_COUNTRY = 2


def category_labels() -> Mapping[str, str]:
    """What a mandate may cover, in DPV's terms, each with its words."""
    return {EVERY_CATEGORY: _("everything that is held"), **register.standard_categories()}


def operations_under_mandates() -> list[str]:
    """What some role may do under a mandate, in the order of the roles: the usual work stands first."""
    return list(dict.fromkeys(code for role in ROLES.values() for code in sorted(role)))


class MandateForm(forms.Form):
    """What a company lets its own staff or a processor do (GDPR Art. 28(3)), from which day to which."""

    company = forms.TypedChoiceField(label=gettext_lazy("Company"), coerce=int)
    processor = forms.ChoiceField(label=gettext_lazy("Who works for it"))
    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        help_text=gettext_lazy("Leave empty for today: it then begins at once."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty for a mandate without an end."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    purposes = forms.MultipleChoiceField(label=gettext_lazy("Purposes"), widget=forms.CheckboxSelectMultiple)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"), widget=forms.CheckboxSelectMultiple, initial=[EVERY_CATEGORY]
    )
    operations = forms.MultipleChoiceField(
        label=gettext_lazy("What may be done"),
        help_text=gettext_lazy("A seat never allows more than its mandate. An agent's work is ticked."),
        widget=forms.CheckboxSelectMultiple,
        initial=sorted(ROLES["agent"]),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        companies: Sequence[ControllerView],
        processors: Sequence[ProcessorView],
    ) -> None:
        super().__init__(data)
        self._zones = {company.id: ZoneInfo(company.time_zone) for company in companies}
        offered: dict[str, list[tuple[Any, str]]] = {
            "company": [(company.id, company.name) for company in companies],
            "processor": [
                *((to_public(one.id), f"{one.name} ({one.country})") for one in processors),
                (OWN_STAFF, _("Own staff")),
            ],
            "purposes": [(code, purpose_label(code)) for code in PURPOSES],
            "categories": list(category_labels().items()),
            "operations": [(code, operation_label(code)) for code in operations_under_mandates()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def processor_id(self) -> int | None:
        """None: the company's own staff."""
        given = self.cleaned_data["processor"]
        return None if given == OWN_STAFF else from_public(given)

    def starts_at(self, *, now: datetime) -> datetime:
        """The first instant of the first day where the company is; now where that day has begun or none is given."""
        day = self.cleaned_data["first_day"]
        return now if day is None else max(now, self._midnight(day))

    def ends_at(self) -> datetime | None:
        """The first instant after the last day, where the company is: periods are half-open."""
        day = self.cleaned_data["last_day"]
        return None if day is None else self._midnight(day + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zones[self.cleaned_data["company"]])


class ProcessorForm(forms.Form):
    """A company that answers on behalf of others."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        min_length=_CODE_OF_COUNTRY,
        max_length=_CODE_OF_COUNTRY,
        help_text=gettext_lazy("Two letters, as in FI."),
    )


class EndForm(forms.Form):
    """Why a mandate ends."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It stands in the company's log. Name no customer."),
    )
