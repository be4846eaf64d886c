"""What is typed about samples of updates."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_MONTH = timedelta(days=30)


class SampleForm(forms.Form):
    """From which period, and how many."""

    since = forms.DateTimeField(label=gettext_lazy("Updated from"), widget=_MOMENT)
    until = forms.DateTimeField(label=gettext_lazy("until"), widget=_MOMENT)
    size = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=5_000,
        initial=100,
        help_text=gettext_lazy("None wrong in 100 proves: at most 3 %. None wrong in 3,000 proves: at most 0.1 %."),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, since: datetime, until: datetime) -> None:
        begins = timezone.localtime(since).replace(second=0, microsecond=0)
        super().__init__(data, initial={"since": begins, "until": timezone.localtime(until)})

    def period(self) -> dict[str, datetime]:
        return {"since": self.cleaned_data["since"], "until": self.cleaned_data["until"]}

    @staticmethod
    def month_before(now: datetime) -> datetime:
        return now - _MONTH
