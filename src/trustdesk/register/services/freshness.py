"""Saying for how long a confirmation counts."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.register import wire
from trustdesk.register.contracts import MOST_FRESH_DAYS, ConfirmedBy
from trustdesk.register.selectors import catalog as catalog_of

MANAGE = "feed:manage"
_SET = """
INSERT INTO register_freshness (controller_id, attribute_id, confirmed_by, source_id, days, set_at, set_by)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (controller_id, attribute_id, confirmed_by, source_id)
DO UPDATE SET days = excluded.days, set_at = excluded.set_at, set_by = excluded.set_by
"""
_END = """
DELETE FROM register_freshness
WHERE controller_id = %s AND attribute_id = %s AND confirmed_by = %s AND source_id = %s
"""


def set_freshness(
    context: AccessContext,
    *,
    attribute: str,
    by: ConfirmedBy | None = None,
    source_id: int | None = None,
    days: int | None,
    now: datetime,
) -> None:
    """For how many days a confirmation of the attribute counts: one `by` something, or one by the source `source_id`,
    exactly one of the two. `days` None: as long as the attribute says, as if nothing had been set. Needs `feed:manage`.

    BadInputError where the attribute is not declared, where both or neither are named, and for days below 1 or above
    ten years. NotFoundError for a source of somebody else. A longer time says that fewer people are asked: which is
    right is the company's to judge (GDPR Art. 5(1)(d), 24(1)).
    """
    context.check_operation(MANAGE)
    if (by is None) == (source_id is None):
        raise BadInputError(
            _("A rule is of one kind of confirmation, or of one source."), place="by", mend=_("Choose one.")
        )
    if days is not None and not 1 <= days <= MOST_FRESH_DAYS:
        raise BadInputError(
            _("A confirmation counts for a day at least and ten years at most."), place="days", mend=_("Say how many.")
        )
    with scoped(context.scope):
        declared = catalog_of.by_code(context).get(attribute)
        if declared is None:
            raise BadInputError(
                _("This attribute is not declared."), place="attribute", mend=_("Choose one from the list.")
            )
        if source_id is not None:
            catalog_of.source(context, source_id)
        key = (context.controller_id, declared.attribute_id, by.value if by else "", source_id or 0)
        if days is None:
            wire.run(_END, *key)
        else:
            wire.run(_SET, *key, days, now, context.operator_id)
        context.journal.deed(
            context,
            "register.freshness.set",
            detail={"attribute": attribute, "by": by.value if by else "", "source": source_id or 0, "days": days or 0},
        )
