"""How fresh a value is, in words and as the share of the ring that is still full. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

AGING_SHARE = 0.34  # below a third of its time a value is worth asking about


@dataclass(frozen=True, slots=True)
class Freshness:
    """`share` of the time in which the value counts as fresh, 0 to 1; `state` is fresh, aging or stale."""

    share: float
    state: str
    words: str


def since(then: datetime, now: datetime) -> str:
    """How long ago, in whole days, months or years, as one would say it."""
    days = (now - then).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 60:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if days < 730:
        months = round(days / 30.44)
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    years = days // 365
    return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}


def freshness(*, confirmed_at: datetime | None, by: str, fresh_days: int, now: datetime) -> Freshness:
    """The ring and its words; what was never confirmed counts as stale. `by` is a member of register's ConfirmedBy."""
    if confirmed_at is None:
        return Freshness(0.0, "stale", _("never confirmed"))
    age = max(now - confirmed_at, timedelta())
    share = max(0.0, 1 - age / timedelta(days=max(fresh_days, 1)))
    words = _confirmed(by) % {"when": since(confirmed_at, now)}
    if share == 0:
        return Freshness(0.0, "stale", words)
    return Freshness(share, "fresh" if share > AGING_SHARE else "aging", words)


def settled(ring: Freshness) -> Freshness:
    """As said beside a contact point whose confirmation still counts: nobody need ask."""
    return replace(ring, words=_("%(confirmed)s: no need to ask") % {"confirmed": ring.words})


def _confirmed(by: str) -> str:
    """Whole sentences, since languages order them differently."""
    sentences = {
        "customer": _("confirmed %(when)s by the customer"),
        "document": _("confirmed %(when)s from a document"),
        "feed": _("confirmed %(when)s by the update service"),
        "delivery": _("confirmed %(when)s by a message that arrived"),
        "operator": _("confirmed %(when)s by a colleague"),
    }
    return sentences.get(by, _("confirmed %(when)s"))


def confirmer_label(by: str) -> str:
    """By what something was confirmed: a member of register's ConfirmedBy."""
    return {
        "customer": _("the customer"),
        "document": _("a document"),
        "feed": _("an update service"),
        "delivery": _("a message that arrived"),
        "operator": _("a colleague"),
    }.get(by, by)
