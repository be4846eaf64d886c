"""The notice that a consent refers to, as customers read it: nobody agrees to what can't be read (GDPR Art. 7, 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Notice


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in its own language, under headings in the reader's."""

    version: str
    language: str
    reader: str
    parts: Sequence[tuple[str, str]]


def notice_shown(published: Sequence[Notice], language: str) -> Shown | None:
    """In the language wanted, else in the one it was published in first; None where nothing is published."""
    if not published:
        return None
    notice = next((each for each in published if each.language == language), published[-1])
    text = notice.text
    headings: Mapping[str, str] = {
        _("Who we are"): text.who,
        _("What we use your data for"): text.purpose,
        _("What else they may be used for later"): text.further_use,
        _("On which legal basis"): text.legal_basis,
        _("How long we keep them"): text.retention,
        _("Who else gets them, and in which countries"): text.recipients,
        _("Your rights"): text.rights,
        _("Where the rest can be read"): text.where_the_rest_is,
    }
    return Shown(notice.version, notice.language, get_language() or "en", list(headings.items()))
