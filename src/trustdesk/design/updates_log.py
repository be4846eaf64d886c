"""What the log and copies say of changes from outside, in plain words."""

from django.utils.translation import gettext as _

from trustdesk.register.contracts import Became, KeptFor
from trustdesk.updates.contracts import Fate, OrderKind


def updates_labels() -> dict[str, str]:
    """Entries of the log."""
    return {
        "updates.taken": _("took changes from a feed"),
        "updates.undone": _("took back what a feed had changed"),
        "updates.erased": _("erased what was known of changes from feeds"),
        "updates.policy.set": _("said what feeds may change, and who hears of it"),
        "updates.review": _("opened a change that was decided, to write it"),
    }


def fate_label(fate: Fate) -> str:
    """What became of a change."""
    return {
        Fate.UPDATED: _("Written"),
        Fate.CONFIRMED: _("Confirmed: it was known"),
        Fate.KEPT: _("Kept what was on file"),
        Fate.REVIEW: _("Somebody looks at it"),
        Fate.NONE: _("Of nobody here"),
        Fate.STAYS_AWAY: _("Stays away"),
        Fate.CLOSED: _("Restricted: nothing is written"),
        Fate.BEFORE: _("Came before"),
    }[fate]


def order_label(kind: OrderKind) -> str:
    """What a source ordered for somebody."""
    return {
        OrderKind.NON_DISCLOSURE: _("Contact data are given to nobody"),
        OrderKind.DECEASED: _("Reported as deceased: nobody is contacted"),
    }[kind]


def became_label(became: Became) -> str:
    """What became of one value that a feed said."""
    return {
        Became.REPLACED: _("Took the place of the old value"),
        Became.ADDED: _("Added"),
        Became.CONFIRMED: _("Confirmed"),
        Became.ENDED: _("Ended"),
        Became.KEPT: _("Kept what was on file"),
    }[became]


def kept_for_label(kept: KeptFor) -> str:
    """Why what stood was kept."""
    return {
        KeptFor.NOTHING: "",
        KeptFor.RESTRICTED: _("restricted to storage (GDPR Art. 18)"),
        KeptFor.RECTIFIED: _("rectified on the person's word or a document (GDPR Art. 16)"),
        KeptFor.CUSTOMER: _("the customer gave it not long ago"),
        KeptFor.NEWER: _("what is on file is newer"),
        KeptFor.BAD_VALUE: _("the value can't be read"),
        KeptFor.UNDECLARED: _("no such attribute is declared"),
        KeptFor.MEANWHILE: _("it was changed meanwhile"),
        KeptFor.NOBODY: _("the customer is gone"),
    }[kept]
