"""Codes of telephony in plain words."""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from trustdesk.decision.api import NoticeElement, RecordingMode, Sector
from trustdesk.telephony.contracts import Overflow

TONES: Mapping[RecordingMode, str] = {
    RecordingMode.OFF: "plain",
    RecordingMode.NOTICE: "accent",
    RecordingMode.CONSENT: "accent",
    RecordingMode.ALL_PARTY: "accent",
    RecordingMode.MANDATORY: "warn",
}


def mode_label(mode: RecordingMode) -> str:
    return {
        RecordingMode.OFF: _("not recorded"),
        RecordingMode.NOTICE: _("recorded after the notice"),
        RecordingMode.CONSENT: _("recorded where the caller agrees"),
        RecordingMode.ALL_PARTY: _("recorded where everybody agrees"),
        RecordingMode.MANDATORY: _("recorded by law"),
    }[mode]


def sector_label(sector: Sector) -> str:
    return {
        Sector.GENERAL: _("No special law"),
        Sector.PUBLIC_SERVICE: _("Public service: energy, water, waste, post"),
        Sector.BANK: _("Bank: complaints"),
        Sector.INSURANCE: _("Insurance: complaints"),
        Sector.TELECOM: _("Telecommunications: reports of faults"),
        Sector.SECURITIES: _("Securities"),
    }[sector]


def element_label(element: NoticeElement) -> str:
    return {
        NoticeElement.WHO: _("Who it is"),
        NoticeElement.RECORDING: _("That it is recorded, or not"),
        NoticeElement.PURPOSE: _("What for"),
        NoticeElement.FURTHER_USE: _("What else it is used for"),
        NoticeElement.KEPT: _("How long it is kept"),
        NoticeElement.UNIQUE_ID: _("That the call has a number of its own"),
        NoticeElement.COPY: _("That a copy can be had"),
        NoticeElement.REFUSAL: _("What if somebody does not want it"),
        NoticeElement.RIGHTS: _("Rights"),
        NoticeElement.MORE: _("Where the rest is told"),
    }[element]


def overflow_label(overflow: Overflow) -> str:
    return {
        Overflow.STAY: _("Goes on waiting"),
        Overflow.QUEUE: _("Goes to another queue"),
        Overflow.CALLBACK: _("Is called back"),
        Overflow.CLOSED: _("Hears the closing words"),
    }[overflow]


def weekdays() -> Sequence[str]:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def language_label(code: str) -> str:
    return str(capfirst(get_language_info(code)["name_translated"]))
