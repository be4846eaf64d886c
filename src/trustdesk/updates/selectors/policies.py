"""What a company wants of changes from outside; the product's own where it has said nothing."""

from datetime import timedelta

from trustdesk.kernel.context import AccessContext
from trustdesk.matching.contracts import Thresholds
from trustdesk.updates import wire
from trustdesk.updates.contracts import ChangeKind, Policy

_LAST = """
SELECT edition, outranked_days, tell, update_from, review_from, question_seconds FROM updates_policy
WHERE controller_id = %s ORDER BY edition DESC LIMIT 1
"""


def policy(context: AccessContext) -> Policy:
    """What counts now."""
    return with_edition(context)[1]


def with_edition(context: AccessContext) -> tuple[int, Policy]:
    """What counts now, and the how manieth it is; 0: nobody has said anything yet."""
    with wire.within(context):
        rows = wire.fetch(_LAST, context.controller_id)
    if not rows:
        return 0, Policy()
    edition, days, tell, update, review, seconds = rows[0]
    return edition, Policy(
        outranked_for=timedelta(days=days),
        tell=frozenset(ChangeKind(kind) for kind in tell),
        thresholds=Thresholds(update=update, review=review),
        question_seconds=seconds,
    )
