"""What is asked before a campaign is made. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import (
    AFTER_A_NO,
    AFTER_AN_OBJECTION,
    MOST_A_MINUTE,
    OBJECTED,
    SAID_NO,
    STANDARD,
    STANDARD_OF_CALLS,
    Act,
    Disposition,
    Limits,
    NewCampaign,
    Release,
    every_day,
)
from trustdesk.console.campaign_words import act_label, outcome_label, release_label
from trustdesk.console.screening_forms import channel_labels
from trustdesk.delivery.contracts import Template
from trustdesk.design.readable import phone_text
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.screening.contracts import Progress
from trustdesk.telephony.contracts import NumberView, QueueView

_HOUR = timedelta(hours=1)
_MOST_HOURS = 24 * 365
_TRIES = 3  # somebody who is not at home is no answer yet
_WORKDAYS = ["0", "1", "2", "3", "4"]


class CampaignForm(forms.Form):
    """Who is meant, when, how often and how fast; what is sent or said, a form of either way asks."""

    standard: ClassVar[Mapping[str, Disposition]]

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("For your own eyes; nobody else reads it.")
    )
    run = forms.ChoiceField(
        label=gettext_lazy("Screened list"),
        help_text=gettext_lazy("Whom it permitted is taken; purpose and channel are those it was asked for."),
    )
    opens = forms.TimeField(
        label=gettext_lazy("From"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=gettext_lazy("Until"), initial=time(18), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On"), widget=forms.CheckboxSelectMultiple, initial=_WORKDAYS, required=False
    )
    holidays = forms.BooleanField(label=gettext_lazy("Also on public holidays"), required=False)
    per_day = forms.IntegerField(label=gettext_lazy("Attempts a day"), min_value=1, max_value=99, initial=1)
    per_week = forms.IntegerField(
        label=gettext_lazy("Attempts a week"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=gettext_lazy("Empty: no limit of its own."),
    )
    per_campaign = forms.IntegerField(label=gettext_lazy("Attempts in all"), min_value=1, max_value=99, initial=1)
    pace = forms.IntegerField(label=gettext_lazy("Messages a minute"), min_value=1, max_value=MOST_A_MINUTE, initial=60)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        runs: Sequence[tuple[Progress, str]],
        picked: str = "",
    ) -> None:
        super().__init__(data, initial={"run": picked} if picked else None)
        self._choose("run", [(to_public(run.run_id), _run_label(run, purpose)) for run, purpose in runs])
        names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
        self._choose("days", [(str(number), name) for number, name in enumerate(names)])
        for outcome, standard in self.standard.items():
            self._add_meaning(outcome, standard)

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _add_meaning(self, outcome: str, standard: Disposition) -> None:
        acts = [act for act in Act if _fits(act, outcome)]
        self.fields[f"act_{outcome}"] = forms.TypedChoiceField(
            label=outcome_label(outcome, called=self.standard is STANDARD_OF_CALLS),
            choices=[(act.value, act_label(act)) for act in acts],
            coerce=Act,
            empty_value=None,
            required=False,
            initial=standard.act.value,
        )
        self.fields[f"after_{outcome}"] = forms.IntegerField(
            label=_("Hours until then"),
            min_value=1,
            max_value=_MOST_HOURS,
            required=False,
            initial=None if standard.after is None else standard.after // _HOUR,
        )

    def meanings(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each outcome the field that says what it means, and after how long where it is tried again."""
        return [(self[f"act_{outcome}"], self[f"after_{outcome}"]) for outcome in self.standard]

    def place(self, place: str) -> str | None:
        """The field that a fault speaks of; None where it is about the whole."""
        name = "opens" if place == "window" else place.replace("outcomes.", "act_")
        return name if name in self.fields else None

    def campaign(self) -> NewCampaign:
        given = self.cleaned_data
        window = every_day(given["opens"], given["closes"], days=[int(day) for day in given["days"]])
        if given["holidays"]:
            window = replace(window, public_holiday=None)
        return NewCampaign(
            name=given["name"],
            run_id=from_public(given["run"]),
            window=window,
            limits=Limits(per_day=given["per_day"], per_week=given["per_week"], per_campaign=given["per_campaign"]),
            pace=given["pace"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            outcomes=self._outcomes(),
            **self.said(),
        )

    def said(self) -> dict[str, Any]:
        """What is sent, or who calls and says what: fields of the new campaign."""
        raise NotImplementedError

    def _outcomes(self) -> dict[str, Disposition]:
        """What was said of each. The hours count only where it is tried again."""
        said: dict[str, Disposition] = {}
        for outcome in self.standard:
            act, hours = self.cleaned_data[f"act_{outcome}"], self.cleaned_data[f"after_{outcome}"]
            if act is not None:
                said[outcome] = Disposition(act, hours * _HOUR if act is Act.AGAIN and hours else None)
        return said


class SentForm(CampaignForm):
    """A wording that is sent."""

    standard = STANDARD
    template = forms.ChoiceField(label=gettext_lazy("What is said"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        templates: Sequence[Template],
        **more: Any,  # noqa: ANN401 - of the form
    ) -> None:
        super().__init__(data, **more)
        offered = [(f"{one.code} {one.language}", f"{one.subject or one.code} · {one.language}") for one in templates]
        self._choose("template", offered)

    def said(self) -> dict[str, Any]:
        code, _space, language = self.cleaned_data["template"].rpartition(" ")
        return {"template": code, "language": language}


class CalledForm(CampaignForm):
    """Agents of a queue who call, the number that is shown, and what they say."""

    standard = STANDARD_OF_CALLS
    queue = forms.ChoiceField(
        label=gettext_lazy("Queue"), help_text=gettext_lazy("Its agents call; what they may say of a call is its list.")
    )
    line = forms.ChoiceField(
        label=gettext_lazy("Number that is shown"), help_text=gettext_lazy("One of your own, that can be called back.")
    )
    release = forms.ChoiceField(label=gettext_lazy("The next person"), widget=forms.RadioSelect)
    script = forms.CharField(
        label=gettext_lazy("What the agent says"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Shown to the agent beside the call. It names nobody."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        queues: Sequence[QueueView],
        numbers: Sequence[NumberView],
        **more: Any,  # noqa: ANN401 - of the form
    ) -> None:
        super().__init__(data, **more)
        self.fields["pace"].label = _("Calls a minute, at the most")
        self.fields["per_campaign"].initial = _TRIES
        language = get_language() or "en"
        names = {one.code: one.name_in(language) for one in queues}
        self._choose("queue", list(names.items()))
        lines = [(one.e164, one.label or names.get(one.queue, one.queue)) for one in numbers]
        self._choose("line", [(e164, f"{phone_text(e164)} · {label}") for e164, label in lines])
        self._choose("release", [(way.value, release_label(way)) for way in Release])
        self.fields["release"].initial = Release.PROGRESSIVE.value

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "queue": given["queue"],
            "line": given["line"],
            "script": given["script"],
            "release": Release(given["release"]),
        }


def _fits(act: Act, outcome: str) -> bool:
    """Whether an outcome may mean this."""
    if outcome in OBJECTED:
        return act in AFTER_AN_OBJECTION
    return act in AFTER_A_NO or outcome not in SAID_NO


def _run_label(run: Progress, purpose: str) -> str:
    local = localtime(run.started_at)
    at = f"{date_format(local, 'SHORT_DATE_FORMAT')} {time_format(local, 'H:i')}"
    return f"{at} · {purpose} · {channel_labels()[run.ask.channel]}"
