"""Saying what a company wants of changes from outside. What was said before stays on record."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.updates.contracts import Policy
from trustdesk.updates.models import Policy as Row
from trustdesk.updates.selectors.policies import with_edition

_LONGEST = timedelta(days=3650)
_MOST_SECONDS = 3600


def set_policy(context: AccessContext, *, policy: Policy, now: datetime) -> None:
    """See `updates.api.set_policy`."""
    context.check_operation("feed:manage")
    _check(policy)
    with scoped(context.scope):
        edition, _before = with_edition(context)
        Row.objects.create(
            controller_id=context.controller_id,
            edition=edition + 1,
            outranked_days=policy.outranked_for.days,
            tell=sorted(policy.tell),
            update_from=policy.thresholds.update,
            review_from=policy.thresholds.review,
            question_seconds=policy.question_seconds,
            set_at=now,
            set_by=context.operator_id,
        )
        context.journal.deed(
            context,
            "updates.policy.set",
            detail={
                "outranked_days": policy.outranked_for.days,
                "tell": sorted(policy.tell),
                "update": policy.thresholds.update,
                "review": policy.thresholds.review,
                "question_seconds": policy.question_seconds,
            },
        )


def _check(policy: Policy) -> None:
    thresholds = policy.thresholds
    if not 0 < thresholds.review <= thresholds.update <= 1:
        raise BadInputError(
            _("Who is updated must be at least as likely as who is looked at."),
            place="thresholds",
            mend=_("Give two shares between 0 and 1, the lower one for reviews."),
        )
    if not timedelta() <= policy.outranked_for <= _LONGEST:
        raise BadInputError(_("This is no such period."), place="outranked_for", mend=_("Give up to ten years."))
    if not 0 <= policy.question_seconds <= _MOST_SECONDS:
        raise BadInputError(_("A question takes no such time."), place="question_seconds", mend=_("Give seconds."))
