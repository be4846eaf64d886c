"""What the living page shows: every component in every state. Invented, so it needs no data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext as _

from trustdesk.design.freshness import Freshness, freshness
from trustdesk.design.icons import ICONS
from trustdesk.design.sounding import Drawing, drawing
from trustdesk.design.updating import Bar, about_label, bar, level_mark
from trustdesk.recordings.contracts import Gap, Sounding, Voice
from trustdesk.updates.contracts import Compared

COLORS = (
    "paper", "surface", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3", "accent", "accent-hover",
    "accent-soft", "on-accent", "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft",
)  # fmt: skip


class SpecimenForm(forms.Form):
    name = forms.CharField(label="Name")
    phone = forms.CharField(label="Phone", help_text="National or international, as it was said.", required=False)
    wrong = forms.EmailField(label="E-mail")
    kind = forms.ChoiceField(label="Kind", choices=[("person", "Person"), ("company", "Company")])
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    shared = forms.BooleanField(label="Shared line", help_text="More than one person answers here.", required=False)
    locked = forms.CharField(label="Closed field", disabled=True, required=False, initial="2026-11-04")


@dataclass(frozen=True, slots=True)
class Theme:
    """The same specimens once more, with ids of their own."""

    code: str
    name: str
    form: SpecimenForm


def context(now: datetime) -> Mapping[str, object]:
    """Everything the living page needs."""
    return {
        "themes": [Theme("light", _("Light"), _form("light")), Theme("dark", _("Dark"), _form("dark"))],
        "rings": _rings(now),
        "call": _call(now),
        "icons": sorted(ICONS),
        "colors": COLORS,
        "evidence": _evidence(),
        "parts": _parts(),
        "part_template": "design/specimens/",
        "now": now,
    }


def _parts() -> list[tuple[str, str]]:
    return [
        ("colors", _("Colors")),
        ("text", _("Text")),
        ("buttons", _("Buttons")),
        ("fields", _("Fields")),
        ("status", _("Status and references")),
        ("freshness", _("Freshness")),
        ("closed", _("Closed doors")),
        ("proof", _("Proof")),
        ("notices", _("Notices")),
        ("panels", _("Panels, tiles, empty states")),
        ("tables", _("Tables")),
        ("values", _("Values and timeline")),
        ("hits", _("Lists")),
        ("progress", _("Progress")),
        ("player", _("Recordings")),
        ("evidence", _("Evidence")),
        ("icons", _("Icons")),
    ]


def _evidence() -> list[tuple[str, str, str, str, Bar]]:
    levels = (("family", "same", 11.2), ("given", "typo", 3.4), ("address", "other", -4.1), ("email", "", 0.0))
    made = []
    for about, level, bits in levels:
        one = Compared(about, (), (), level, bits)
        made.append((about_label(about), *level_mark(one), bar(bits)))
    return made


def _form(theme: str) -> SpecimenForm:
    data = {f"{theme}-name": "Mäkelä, Aino", f"{theme}-wrong": "aino.example.fi", f"{theme}-kind": "person"}
    return SpecimenForm(data, prefix=theme, auto_id=f"{theme}_%s")


def _call(now: datetime) -> Drawing:
    """A minute and a half with a pause; there is no sound behind it."""

    def peaks(turn: float) -> list[float]:
        return [abs(math.sin(part / 7 + turn)) * abs(math.sin(part / 31 + turn)) for part in range(240)]

    voices = (Voice(side="customer", peaks=peaks(0.0)), Voice(side="agent", peaks=peaks(1.6)))
    sounding = Sounding(
        call_id=1, began_at=now, milliseconds=90_000, voices=voices, gaps=[Gap("paused", 30_000, 45_000)]
    )
    return drawing(sounding, address="#", download="#")


def _rings(now: datetime) -> list[Freshness]:
    ages = ((0, "customer"), (3, "feed"), (120, "delivery"), (260, "operator"), (330, "document"), (800, "customer"))
    made = [freshness(confirmed_at=now - timedelta(days=days), by=by, fresh_days=365, now=now) for days, by in ages]
    return [*made, freshness(confirmed_at=None, by="", fresh_days=365, now=now)]
