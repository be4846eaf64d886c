"""What is typed about complaints and dispositions. Meaning is checked by conversations; here only shape."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from trustdesk.conversations.contracts import DATED, Disposition, Meaning, NewReply, QueueRules, ReplyOutcome
from trustdesk.design.conversing import meaning_label, outcome_label

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_SPARE = 2  # empty rows below those that are there


class ReplyForm(forms.Form):
    """The reply as it was sent."""

    outcome = forms.TypedChoiceField(
        label=gettext_lazy("What was answered"), coerce=ReplyOutcome, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("The reply as it was sent"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    sent_at = forms.DateTimeField(label=gettext_lazy("Sent"), widget=_MOMENT)
    authority = forms.CharField(
        label=gettext_lazy("Where the person can go next"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Authority or conciliation body, where not all was accepted."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="reply-%s")
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (each.value, outcome_label(each)) for each in ReplyOutcome
        ]

    def new(self) -> NewReply:
        given = self.cleaned_data
        return NewReply(
            outcome=given["outcome"], text=given["text"], sent_at=given["sent_at"], authority=given["authority"]
        )


class ExtendForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What the person was told"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DispositionForm(forms.Form):
    """One disposition: an empty code takes it off the list."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, required=False)
    meaning = forms.TypedChoiceField(label=gettext_lazy("What it means"), coerce=Meaning, required=False)
    hours = forms.IntegerField(
        label=gettext_lazy("Looked at again after hours"), min_value=1, max_value=8_760, required=False
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - those of every form of a set
        super().__init__(*arguments, **options)
        self.fields["meaning"].choices = [  # type: ignore[attr-defined]
            (each.value, meaning_label(each)) for each in Meaning
        ]
        for language, name in settings.LANGUAGES:
            self.fields[f"label_{language}"] = forms.CharField(
                label=_("Name, %(language)s") % {"language": name}, max_length=80, required=False
            )

    def read(self) -> Disposition | None:
        given = self.cleaned_data
        if not given.get("code"):
            return None
        labels = {
            language: given[f"label_{language}"] for language, _name in settings.LANGUAGES if given[f"label_{language}"]
        }
        meaning = given["meaning"]
        hours = given["hours"] if meaning in DATED else None
        after = None if hours is None else timedelta(hours=hours)
        return Disposition(code=given["code"], labels=labels, meaning=meaning, after=after)


_Rows = forms.formset_factory(DispositionForm, extra=_SPARE, max_num=60, absolute_max=60)


def disposition_rows(data: Mapping[str, Any] | None, held: Sequence[Disposition]) -> Any:  # noqa: ANN401 - a formset
    """The list of a queue to be changed, with two empty rows below it."""
    initial = [
        {
            "code": each.code,
            "meaning": each.meaning.value,
            "named": each.named(get_language() or "en"),
            "hours": None if each.after is None else int(each.after.total_seconds() // 3600),
            **{f"label_{language}": each.labels.get(language, "") for language, _name in settings.LANGUAGES},
        }
        for each in held
    ]
    return _Rows(data, initial=initial, prefix="rows")


class RulesForm(forms.Form):
    """What is asked for in a queue."""

    required = forms.BooleanField(
        label=gettext_lazy("A call stays open until somebody says what came of it"), required=False
    )
    keep_days = forms.IntegerField(
        label=gettext_lazy("Closed conversations are kept for days"), min_value=1, max_value=3653
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector, for the law of complaints"),
        required=False,
        help_text=gettext_lazy("Some sectors answer sooner or keep longer."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, rules: QueueRules) -> None:
        initial = {"required": rules.required, "keep_days": rules.keep_days, "sector": rules.sector}
        super().__init__(data, initial=initial, auto_id="rules-%s")
        sectors = {
            "": _("none of these"),
            "public_service": _("public services"),
            "energy": _("energy"),
            "water": _("water"),
            "waste": _("waste"),
            "post": _("post"),
            "bank": _("banking"),
            "insurance": _("insurance"),
        }
        self.fields["sector"].choices = list(sectors.items())  # type: ignore[attr-defined]

    def rules(self, queue: str) -> QueueRules:
        given = self.cleaned_data
        return QueueRules(queue=queue, required=given["required"], keep_days=given["keep_days"], sector=given["sector"])
