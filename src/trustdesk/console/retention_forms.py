"""What is typed about how long things are kept."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.design.retention import ground_label, kind_label, start_label
from trustdesk.retention.contracts import LONGEST_MONTHS, Ground, NewRule, Start

_USUAL_LIMIT = 1_000


class RuleForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What"))
    months = forms.IntegerField(
        label=gettext_lazy("Months"),
        min_value=1,
        max_value=LONGEST_MONTHS,
        help_text=gettext_lazy("Ten years are 120."),
    )
    counted_from = forms.TypedChoiceField(label=gettext_lazy("Counted"), coerce=Start)
    purpose = forms.ChoiceField(label=gettext_lazy("Held for"), required=False)
    country = forms.RegexField(
        r"^([A-Z]{2})?$",
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("Two letters, or nothing for all."),
        error_messages={"invalid": gettext_lazy("Two capital letters, as FI.")},
    )
    ground = forms.TypedChoiceField(label=gettext_lazy("Whose rule"), coerce=Ground)
    source = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The law with its section, or your own reason."),
    )

    def __init__(self, data: object = None, *, kinds: Sequence[str], purposes: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offered: dict[str, list[tuple[str, str]]] = {
            "kind": sorted(((kind, kind_label(kind)) for kind in kinds), key=lambda choice: choice[1]),
            "purpose": [("", _("whatever it is held for")), *purposes],
            "counted_from": [(start.value, start_label(start)) for start in Start],
            "ground": [(ground.value, ground_label(ground)) for ground in Ground],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def rule(self) -> NewRule:
        return NewRule(**self.cleaned_data)


class RunForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput)
    most = forms.IntegerField(
        label=gettext_lazy("At most"),
        min_value=1,
        initial=_USUAL_LIMIT,
        help_text=gettext_lazy("A first run is better a small one."),
    )
