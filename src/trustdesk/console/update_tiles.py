"""The figures of updates that stand on first pages."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.console.tiles import Tile
from trustdesk.design.updating import at_most_share, percentage
from trustdesk.kernel.context import AccessContext
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import SURE


def published(bound: float) -> str:
    """The bound as it is said everywhere, with the confidence at which it holds."""
    return _("at most %(share)s (%(sure)s)") % {"share": at_most_share(bound), "sure": percentage(100 * SURE, 0)}


def review_tile(context: AccessContext) -> Tile:
    """How many changes wait for somebody to say whose they are."""
    count = updating.waiting(context).all
    return Tile(
        name=_("Changes to look at"),
        icon="eye",
        figure=formats.number_format(count, force_grouping=True),
        note=_("whose they are, a person says") if count else _("none waits"),
        address=reverse("console:reviews") if context.allows("update:review") else reverse("console:updates"),
    )


def duplicate_tile(context: AccessContext) -> Tile:
    """How many pairs of records may be one person."""
    count = updating.count_duplicates(context)
    return Tile(
        name=_("Records that may be one person"),
        icon="merge",
        figure=formats.number_format(count, force_grouping=True),
        note=_("nothing is merged by itself"),
        address=reverse("console:duplicates") if context.allows("update:review") else reverse("console:updates"),
    )


def accuracy_tile(context: AccessContext) -> Tile:
    """The published bound: how large a share of the updates made by themselves may be wrong."""
    found = updating.accuracy(context)
    if found.at_most is None:
        figure, note = "?", _("nobody looked yet: draw a sample")
    else:
        figure = published(found.at_most)
        note = ngettext(
            "%(wrong)d wrong in %(count)d that was judged",
            "%(wrong)d wrong in %(count)d that were judged",
            found.judged,
        )
        note %= {"wrong": found.wrong, "count": found.judged}
    return Tile(
        name=_("Updated by itself, and wrong"),
        icon="seal",
        figure=figure,
        note=note,
        address=reverse("console:accuracy"),
        tone="warn" if found.wrong or found.at_most is None else "",
    )
