"""What several settings are checked for."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
LONGEST_LABEL = 100
LONGEST_PURPOSE = 300


def like(example: str) -> str:
    """How to mend what was written wrong."""
    return _("Write it as in %(example)s.") % {"example": example}


def check_code(code: str, place: str) -> None:
    if not _CODE.fullmatch(code):
        raise BadInputError(
            _("Small letters, digits and hyphens, at most 40, a letter first."), place=place, mend=like("service")
        )


def check_language(language: str, place: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise BadInputError(_("There is no such language."), place=place, mend=_("Use en, hu, fi, pl or de."))


def check_texts(texts: Mapping[str, str], place: str, *, most: int) -> dict[str, str]:
    """Texts by language, blanks at their ends cut off, at least one."""
    for language, text in texts.items():
        check_language(language, place)
        if len(text) > most or any(ord(letter) < ord(" ") for letter in text):
            raise BadInputError(
                _("The text is too long, or holds control characters."),
                place=f"{place}.{language}",
                mend=_("At most %(most)s letters.") % {"most": most},
            )
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise BadInputError(_("Say it in at least one language."), place=place)
    return kept


def check_zone(zone: str, place: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInputError(_("There is no such time zone."), place=place, mend=like("Europe/Budapest")) from None


def check_seconds(value: int, place: str, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadInputError(
            _("This has to be between %(least)s and %(most)s seconds.") % {"least": least, "most": most}, place=place
        )
