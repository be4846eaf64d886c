"""Why a datum is held and for how long, in plain words."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.register.contracts import Attribute

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


def kept_label(attribute: Attribute) -> str:
    """For how long its values are kept, and whether a law says so."""
    period = _("%(period)s after the end of the relationship") % {"period": period_label(attribute.retention_period)}
    return _("%(period)s, because a law demands it") % {"period": period} if _by_statute(attribute) else period


def why_label(term: str) -> str:
    """A purpose of the Data Privacy Vocabulary as one says it; one without words is said by its name."""
    labels = {
        "dpv:CustomerCare": _("to help you"),
        "dpv:CustomerRelationshipManagement": _("to look after your contract and orders"),
        "dpv:CommunicationForCustomerCare": _("to reach you about them"),
        "dpv:LegalCompliance": _("to do what a law demands"),
        "dpv:RightsFulfilment": _("to serve your rights"),
        "dpv:Marketing": _("for advertising"),
        "dpv:DirectMarketing": _("for advertising"),
        "dpv:ServiceProvision": _("to provide what you ordered"),
        "dpv:PaymentManagement": _("to settle payments"),
        "dpv:FraudPreventionAndDetection": _("to prevent fraud"),
    }
    return labels.get(term, term.partition(":")[2] or term)


def _by_statute(attribute: Attribute) -> bool:
    return attribute.retention_class.startswith("statutory:")
