"""What is typed about numbers, queues, menus and where may be called. Meaning is checked below; here only shape."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from trustdesk.announcements.contracts import CallNotice
from trustdesk.console.call_words import language_label, mode_label, overflow_label, sector_label
from trustdesk.console.call_words import weekdays as weekday_names
from trustdesk.decision.api import Keep, RecordingMode, Sector
from trustdesk.telephony.contracts import (
    Choice,
    MenuView,
    NewMenu,
    NewNumber,
    NewQueue,
    NumberView,
    Overflow,
    QueueView,
    Reach,
    Span,
)

_CODE = r"^[a-z][a-z0-9-]{0,39}$"
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-\u2013]\s*(\d{1,2})(?::(\d{2}))?")
_MIDNIGHT = 24
DAYS = 7
KEYS = 4
_CODE_WRONG = {"invalid": gettext_lazy("Small letters, digits and hyphens, at most 40, a letter first.")}


def choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _named(queues: Iterable[QueueView]) -> list[tuple[str, str]]:
    """By code, each as the reader's language has it."""
    language = get_language() or "en"
    return [(queue.code, queue.name_in(language)) for queue in queues]


class SpansField(forms.CharField):
    """Opening hours of a day: `8-12, 13:30-17`. Empty: closed; 0-24: all day."""

    def clean(self, value: object) -> list[Span]:
        text = super().clean(value)
        return [_span(part.strip()) for part in text.split(",") if part.strip()]

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        return ", ".join("0-24" if opens == closes else f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in value)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise forms.ValidationError(_("Write hours as 8:00-16:00, several with commas."))
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    if hours[1] == _MIDNIGHT and minutes[1] == 0:
        hours[1] = 0
    try:
        return time(hours[0], minutes[0]), time(hours[1], minutes[1])
    except ValueError:
        raise forms.ValidationError(_("There is no such hour.")) from None


class NumberForm(forms.Form):
    """How a number is answered, and what is told of it."""

    e164 = forms.CharField(
        label=gettext_lazy("Number"), max_length=40, help_text=gettext_lazy("With its country code: +36 62 555 010.")
    )
    label = forms.CharField(
        label=gettext_lazy("Whose number it is"),
        max_length=100,
        help_text=gettext_lazy("Told to anybody who asks who called."),
    )
    queue = forms.ChoiceField(label=gettext_lazy("Queue"))
    menu = forms.ChoiceField(label=gettext_lazy("Menu"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    country = forms.ChoiceField(label=gettext_lazy("Whose law counts"))
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), help_text=gettext_lazy("Some have rules of their own."))
    notice = forms.ChoiceField(
        label=gettext_lazy("Call notice"),
        required=False,
        help_text=gettext_lazy("Without one in the language of the number nothing is recorded."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Recording"),
        required=False,
        help_text=gettext_lazy("Stricter than the rules, never looser."),
    )
    keep_days = forms.IntegerField(
        label=gettext_lazy("Kept for days"),
        min_value=1,
        max_value=3_650,
        required=False,
        help_text=gettext_lazy("Empty: as the rules say."),
    )
    trunk = forms.ChoiceField(label=gettext_lazy("Calls out go by"), required=False)
    display = forms.CharField(label=gettext_lazy("Name shown with calls out"), max_length=40, required=False)
    answers = forms.BooleanField(label=gettext_lazy("Answers calls"), required=False, initial=True)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        held: NumberView | None = None,
        languages: Sequence[str],
        country: str,
        countries: Sequence[str],
        queues: Sequence[QueueView],
        menus: Sequence[MenuView],
        notices: Sequence[CallNotice],
        trunks: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data, initial=_number_initial(held) if held else {"country": country, "notice": "main"})
        self.languages = languages
        choose(self, "queue", _named(queues))
        choose(self, "menu", [("", _("None: straight to the queue")), *((one.code, one.code) for one in menus)])
        choose(self, "language", [(code, language_label(code)) for code in languages])
        choose(self, "country", [(code, code) for code in countries])
        choose(self, "sector", [(sector.value, sector_label(sector)) for sector in Sector])
        codes = sorted({one.code for one in notices} | {"main"} | ({held.notice} if held and held.notice else set()))
        choose(self, "notice", [("", _("None")), *((code, code) for code in codes)])
        modes = [mode for mode in RecordingMode if mode is not RecordingMode.MANDATORY]
        choose(self, "mode", [("", _("As the rules say")), *((mode.value, mode_label(mode)) for mode in modes)])
        choose(self, "trunk", [("", _("None")), *((str(number), name) for number, name in trunks)])
        for code in languages:
            self.fields[f"purpose_{code}"] = forms.CharField(
                label=_("What it calls for, in %(language)s") % {"language": language_label(code)},
                max_length=300,
                required=code == languages[0],
                initial=(held.purposes.get(code, "") if held else ""),
            )

    @property
    def purposes(self) -> list[forms.BoundField]:
        return [self[f"purpose_{code}"] for code in self.languages]

    def number(self) -> NewNumber:
        given = self.cleaned_data
        plain = ("e164", "label", "queue", "menu", "language", "country", "sector", "notice", "display", "answers")
        return NewNumber(
            **{name: given[name] for name in plain},
            mode=RecordingMode(given["mode"]) if given["mode"] else None,
            keep=Keep(days=given["keep_days"]) if given["keep_days"] else None,
            trunk=int(given["trunk"]) if given["trunk"] else None,
            purposes={code: given[f"purpose_{code}"] for code in self.languages if given[f"purpose_{code}"]},
        )


def _number_initial(held: NumberView) -> dict[str, object]:
    plain = ("e164", "label", "queue", "menu", "language", "country", "sector", "notice", "display", "answers")
    return {name: getattr(held, name) for name in plain} | {
        "mode": held.mode or "",
        "keep_days": held.keep.roughly_days() if held.keep else None,
        "trunk": str(held.trunk or ""),
    }


class QueueForm(forms.Form):
    """A queue: hours, seconds, and what becomes of who waits too long."""

    code = forms.RegexField(
        regex=_CODE,
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Small letters and digits: service. It stays as it is."),
        error_messages=_CODE_WRONG,
    )
    time_zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=60)
    country = forms.CharField(
        label=gettext_lazy("Country of the public holidays"), max_length=2, help_text=gettext_lazy("As in HU.")
    )
    region = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Where its holidays differ, as in BY for Bavaria."),
    )
    closed_on_holidays = forms.BooleanField(
        label=gettext_lazy("Closed on public holidays"), required=False, initial=True
    )
    wrap_up_seconds = forms.IntegerField(label=gettext_lazy("Seconds to wrap up"), initial=30)
    service_level_seconds = forms.IntegerField(
        label=gettext_lazy("Answered within seconds"),
        initial=20,
        help_text=gettext_lazy("What the service level counts."),
    )
    alarm_seconds = forms.IntegerField(
        label=gettext_lazy("Alarm after seconds of waiting"),
        required=False,
        help_text=gettext_lazy("Where the law wants an answer within a time, the alarm comes before it in any case."),
    )
    longest_wait_seconds = forms.IntegerField(label=gettext_lazy("Longest wait in seconds"), initial=1_800)
    callback_offered = forms.BooleanField(label=gettext_lazy("A callback is offered (key 5)"), required=False)
    overflow = forms.ChoiceField(label=gettext_lazy("Who waits too long"))
    overflow_after_seconds = forms.IntegerField(label=gettext_lazy("Too long is, in seconds"), initial=300)
    overflow_queue = forms.ChoiceField(label=gettext_lazy("The other queue"), required=False)
    closed_words = forms.ChoiceField(label=gettext_lazy("Closing words"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        held: QueueView | None = None,
        languages: Sequence[str],
        place: tuple[str, str],
        queues: Sequence[QueueView],
        words: Sequence[CallNotice],
    ) -> None:
        zone, country = place
        initial = {name: getattr(held, name) for name in self.base_fields} if held else {}
        super().__init__(data, initial=initial or {"time_zone": zone, "country": country})
        self.languages = languages
        if held:
            self.fields["code"].widget.attrs["readonly"] = True
        choose(self, "overflow", [(one.value, overflow_label(one)) for one in Overflow])
        others = _named(one for one in queues if held is None or one.code != held.code)
        choose(self, "overflow_queue", [("", _("None")), *others])
        codes = sorted({one.code for one in words})
        choose(self, "closed_words", [("", _("The product's")), *((code, code) for code in codes)])
        for code in languages:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": language_label(code)},
                max_length=100,
                required=code == languages[0],
                initial=(held.names.get(code, "") if held else ""),
            )
        for number, name in enumerate(weekday_names()):
            self.fields[f"day_{number}"] = SpansField(
                label=name,
                max_length=100,
                required=False,
                initial=(list(held.week[number]) if held else [(time(8), time(16))] * (number < DAYS - 2)),
            )

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[f"name_{code}"] for code in self.languages]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(DAYS)]

    def queue(self) -> NewQueue:
        given = self.cleaned_data
        plain = {name: given[name] for name in self.base_fields if name != "overflow"}
        return NewQueue(
            **plain | {"country": given["country"].upper(), "region": given["region"].upper()},
            overflow=Overflow(given["overflow"]),
            names={code: given[f"name_{code}"] for code in self.languages if given[f"name_{code}"]},
            week=[given[f"day_{number}"] for number in range(DAYS)],
        )

    @staticmethod
    def place_of(place: str) -> str:
        """The field that a fault of the queue speaks of."""
        head, _dot, rest = place.partition(".")
        return {"week": f"day_{rest}", "names": f"name_{rest}"}.get(head, place) if rest else place


class MenuForm(forms.Form):
    """Up to four keys, in the order in which they are said."""

    code = forms.RegexField(
        regex=_CODE,
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Small letters and digits: main. It stays as it is."),
        error_messages=_CODE_WRONG,
    )
    words = forms.ChoiceField(
        label=gettext_lazy("What is said"),
        required=False,
        help_text=gettext_lazy("The product's own words know two keys: a person for complaints, and anything else."),
    )
    otherwise = forms.ChoiceField(label=gettext_lazy("Who presses nothing comes to"))
    wait_seconds = forms.FloatField(label=gettext_lazy("Seconds to press a key"), initial=8)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        held: MenuView | None = None,
        queues: Sequence[QueueView],
        words: Sequence[CallNotice],
    ) -> None:
        initial = {name: getattr(held, name) for name in self.base_fields} if held else {}
        super().__init__(data, initial=initial)
        if held:
            self.fields["code"].widget.attrs["readonly"] = True
        named = _named(queues)
        choose(self, "otherwise", named)
        codes = sorted({one.code for one in words})
        choose(self, "words", [("", _("The product's")), *((code, code) for code in codes)])
        for number in range(KEYS):
            choice = held.choices[number] if held and number < len(held.choices) else None
            self.fields[f"key_{number}"] = forms.CharField(
                label=_("Key"), max_length=1, required=False, initial=choice.key if choice else ""
            )
            self.fields[f"queue_{number}"] = forms.ChoiceField(
                label=_("Leads to"),
                required=False,
                choices=[("", _("None")), *named],
                initial=choice.queue if choice else "",
            )
            self.fields[f"person_{number}"] = forms.BooleanField(
                label=_("A person for complaints"), required=False, initial=bool(choice and choice.person)
            )

    @property
    def keys(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"key_{n}"], self[f"queue_{n}"], self[f"person_{n}"]) for n in range(KEYS)]

    def menu(self) -> NewMenu:
        given = self.cleaned_data
        choices = [
            Choice(key=given[f"key_{n}"], queue=given[f"queue_{n}"], person=given[f"person_{n}"])
            for n in range(KEYS)
            if given[f"key_{n}"] or given[f"queue_{n}"]
        ]
        return NewMenu(
            code=given["code"],
            choices=choices,
            otherwise=given["otherwise"],
            words=given["words"],
            wait_seconds=given["wait_seconds"],
        )

    @staticmethod
    def place_of(place: str) -> str:
        """The field that a fault of the menu speaks of."""
        parts = place.split(".")
        return f"{parts[2]}_{parts[1]}" if len(parts) == 3 else {"choices": "key_0"}.get(place, place)


class ReachForm(forms.Form):
    """Where calls out may go, and how many a day."""

    countries = forms.CharField(
        label=gettext_lazy("Countries"), max_length=500, required=False, help_text=gettext_lazy("As in FI, HU, PL.")
    )
    prefixes = forms.CharField(
        label=gettext_lazy("Allowed beside them"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("Beginnings of numbers: +431, +4420."),
    )
    closed = forms.CharField(
        label=gettext_lazy("Closed within them"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("Premium ranges are closed anyway."),
    )
    per_agent_day = forms.IntegerField(label=gettext_lazy("Calls a day and agent"), min_value=0, required=False)
    per_company_day = forms.IntegerField(label=gettext_lazy("Calls a day in all"), min_value=0, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: Reach | None = None) -> None:
        shown = held or Reach()
        initial = {name: ", ".join(sorted(getattr(shown, name))) for name in ("countries", "prefixes", "closed")}
        initial |= {name: getattr(shown, name) for name in ("per_agent_day", "per_company_day")}
        super().__init__(data, initial=initial)

    def reach(self) -> Reach:
        given = self.cleaned_data
        words = {name: tuple(given[name].replace(",", " ").split()) for name in ("countries", "prefixes", "closed")}
        return Reach(
            countries=frozenset(word.upper() for word in words["countries"]),
            prefixes=words["prefixes"],
            closed=words["closed"],
            per_agent_day=given["per_agent_day"],
            per_company_day=given["per_company_day"],
        )
