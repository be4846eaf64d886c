"""What is typed about how long a confirmation counts."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.design.freshness import confirmer_label
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.register.contracts import MOST_FRESH_DAYS, Attribute, ConfirmedBy, Source

_SOURCE = "source:"


class WhoForm(forms.Form):
    """One confirmation of one attribute: by something, or by a named source."""

    attribute = forms.ChoiceField(label=gettext_lazy("What"))
    who = forms.ChoiceField(label=gettext_lazy("Confirmed by"))

    def __init__(self, data: object = None, *, catalog: Sequence[Attribute], sources: Sequence[Source]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offered: dict[str, list[tuple[str, str]]] = {
            "attribute": [(each.code, _(each.label)) for each in catalog],
            "who": [
                *((by.value, confirmer_label(by.value)) for by in ConfirmedBy),
                *((f"{_SOURCE}{to_public(each.source_id)}", each.name) for each in sources),
            ],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def by(self) -> ConfirmedBy | None:
        who = self.cleaned_data["who"]
        return None if who.startswith(_SOURCE) else ConfirmedBy(who)

    def source_id(self) -> int | None:
        who = self.cleaned_data["who"]
        return from_public(who.removeprefix(_SOURCE)) if who.startswith(_SOURCE) else None

    @staticmethod
    def who_of(by: ConfirmedBy | None, source_id: int | None) -> str:
        """As the field names it."""
        return by.value if by else f"{_SOURCE}{to_public(source_id or 0)}"


class FreshnessForm(WhoForm):
    days = forms.IntegerField(label=gettext_lazy("Counts for days"), min_value=1, max_value=MOST_FRESH_DAYS)
