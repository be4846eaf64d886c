"""Breaches in plain words."""

import re
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.governance.contracts import Kind
from trustdesk.kernel.ids import to_public

_ABOUT = re.compile(r"(change|delivery|feed) (\d+)")


def broken_label(kind: Kind) -> str:
    return {
        Kind.CONFIDENTIALITY: _("Confidentiality"),
        Kind.INTEGRITY: _("Accuracy"),
        Kind.AVAILABILITY: _("Availability"),
    }[kind]


def breach_cause_label(code: str) -> str:
    """By what it came; a code without words is shown as it is."""
    return {
        "wrong-update": _("An update was made at the wrong person"),
    }.get(code, code)


def left_label(left: timedelta) -> tuple[str, str]:
    """What is left of the seventy-two hours, in words and as a tone."""
    hours = int(left.total_seconds() // 3600)
    if left < timedelta():
        return _("72 hours are over"), "bad"
    words = ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return words, "warn"


def about_label(about: str) -> str:
    """What it is about, by a number of ours; what is named otherwise is shown as it is."""
    named = _ABOUT.fullmatch(about)
    if named is None:
        return about
    words = {
        "change": _("change %(number)s"),
        "delivery": _("delivery %(number)s"),
        "feed": _("feed %(number)s"),
    }
    return words[named[1]] % {"number": to_public(int(named[2]))}
