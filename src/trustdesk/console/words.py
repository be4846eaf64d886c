"""Codes of the log, of retention and of roles in plain words."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


def period_label(period: str) -> str:
    """An ISO 8601 duration of years, months and days as one says it; other durations as they are."""
    found = _PERIOD.fullmatch(period)
    if not found or not any(found.groups()):
        return period
    years, months, days = (int(part or 0) for part in found.groups())
    parts = []
    if years:
        parts.append(ngettext("%(count)d year", "%(count)d years", years) % {"count": years})
    if months:
        parts.append(ngettext("%(count)d month", "%(count)d months", months) % {"count": months})
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    return " ".join(parts)


def labels(context: AccessContext) -> dict[str, str]:
    """What the attributes are called, for the fields an entry of the log names."""
    return {attribute.code: _(attribute.label) for attribute in register.catalog(context)}
