"""Codes in words: surfaces, which stand above, name here what each code is called where they show it."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trustdesk.kernel.registries import Registry

labels: Registry[Callable[[str], str]] = Registry("words of codes")
"""By "kind.field", else by "field": what gives the words of a code; it gives the code back where it has none."""

_UNITS = {
    "Y": lambda n: ngettext("%(count)d year", "%(count)d years", n) % {"count": n},
    "M": lambda n: ngettext("%(count)d month", "%(count)d months", n) % {"count": n},
    "D": lambda n: ngettext("%(count)d day", "%(count)d days", n) % {"count": n},
}
_KINDS_OF_SOURCE = {
    "direct": gettext_lazy("from you"),
    "import": gettext_lazy("from an older system"),
    "bought": gettext_lazy("bought"),
    "feed": gettext_lazy("from an update service"),
    "other": gettext_lazy("from another source"),
}
_TERMS = {
    "dpv:CustomerCare": gettext_lazy("Customer care"),
    "dpv:CustomerRelationshipManagement": gettext_lazy("Looking after customers"),
    "dpv:CommunicationForCustomerCare": gettext_lazy("Reaching you about it"),
    "dpv:CustomerOrderManagement": gettext_lazy("Orders"),
    "dpv:CustomerClaimsManagement": gettext_lazy("Complaints and claims"),
    "dpv:DirectMarketing": gettext_lazy("Advertising"),
    "dpv:LegalCompliance": gettext_lazy("Legal duties"),
}


def term(iri: str) -> str:
    """A purpose of the Data Privacy Vocabulary in words; others as they are."""
    return str(_TERMS.get(iri, iri))


def said(kind: str, name: str, given: object, zone: ZoneInfo) -> str:
    """A field's value as it is read, in the language that is active; empty where there is nothing to say."""
    if not given and given != 0:
        return ""
    if isinstance(given, bool):
        return _("yes") if given else ""
    if isinstance(given, date):
        return _moment(given, zone)
    if isinstance(given, list | tuple):
        return ", ".join(filter(None, (said(kind, name, each, zone) for each in given)))
    if name == "milliseconds" and isinstance(given, int):
        return f"{given // 60_000}:{given // 1000 % 60:02}"
    return _word(kind, name, str(given))


def period(duration: str) -> str:
    """An ISO 8601 duration of one unit in words; others as they are."""
    number, unit = duration[1:-1], duration[-1:]
    return _UNITS[unit](int(number)) if unit in _UNITS and number.isdigit() else duration


def _moment(given: date, zone: ZoneInfo) -> str:
    if isinstance(given, datetime):
        return formats.date_format(timezone.localtime(given, zone), "SHORT_DATETIME_FORMAT")
    return formats.date_format(given, "SHORT_DATE_FORMAT")


def _word(kind: str, name: str, code: str) -> str:
    if name == "retention":
        return period(code)
    if name == "purposes":
        return term(code)
    if name == "source_kind":
        return str(_KINDS_OF_SOURCE.get(code, code))
    known = dict(labels)
    give = known.get(f"{kind}.{name}") or known.get(name)
    return give(code) if give is not None else code
