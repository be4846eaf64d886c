"""What is typed in the console. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.accounts.api import INSTALLATION_ROLES, ROLES
from trustdesk.design.purposes import purpose_label, role_label
from trustdesk.mandates.contracts import PURPOSES, ControllerView, MandateView

Companies = Sequence[tuple[ControllerView, MandateView]]


def installation_role_label(role: str) -> str:
    labels = {
        "administrator": _("Administrator of the installation"),
        "officer": _("Officer of the installation (recoveries, log)"),
    }
    return labels.get(role, role)


def _installation_roles() -> list[tuple[str, str]]:
    return [(role, installation_role_label(role)) for role in INSTALLATION_ROLES]


class InviteForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Office in the installation"),
        help_text=gettext_lazy("Leave empty for agents: their rights come from seats."),
        choices=_installation_roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _pair(text: str) -> tuple[int, int]:
    company, mandate = text.split(":")
    return int(company), int(mandate)


class SeatForm(forms.Form):
    """The mandate is chosen together with its company, so they can't disagree."""

    mandate = forms.TypedChoiceField(label=gettext_lazy("Company and mandate"), coerce=_pair)
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    purposes = forms.MultipleChoiceField(label=gettext_lazy("Purposes"), widget=forms.CheckboxSelectMultiple)
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty for as long as the mandate lasts."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, companies: Companies) -> None:
        super().__init__(data)
        mandates = [
            (f"{company.id}:{mandate.id}", f"{company.name} · {mandate.processor_name or _('Own staff')}")
            for company, mandate in companies
        ]
        self.fields["mandate"].choices = mandates  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role, role_label(role)) for role in ROLES]  # type: ignore[attr-defined]
        self.fields["purposes"].choices = [(one, purpose_label(one)) for one in PURPOSES]  # type: ignore[attr-defined]

    def ends_at(self) -> datetime | None:
        """The instant after the last day; UTC, as everything stored."""
        day = self.cleaned_data["last_day"]
        return None if day is None else datetime.combine(day, time.max, tzinfo=UTC)
