"""Samples of what was updated by itself, drawn at random and judged by people: the proof of accuracy.

What was undone since is in the draw as well: an error that somebody found earlier was an error.
"""

import secrets
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.updates.contracts import AuditVerdict, Fate
from trustdesk.updates.models import Audit, AuditRound, Change, Policy

MOST = 5_000
_lots = secrets.SystemRandom()


def draw_audit(context: AccessContext, *, since: datetime, until: datetime, size: int, now: datetime) -> int:
    """Draw `size` of the updates that were made by themselves in the period, each as likely as the other, and none that
    was drawn before; the number of the round. Needs `update:review`.

    Fewer where there are fewer left; BadInputError where there is none, or where the period or the size can't be.
    """
    context.check_operation("update:review")
    if not since < until <= now or not 1 <= size <= MOST:
        raise BadInputError(
            _("The period lies in the past, and a sample has from 1 to 5,000 updates."),
            place="audit",
            mend=_("Choose another period or size."),
        )
    with scoped(context.scope):
        made = Change.objects.filter(
            controller_id=context.controller_id,
            fate=Fate.UPDATED,
            decided_by=None,
            decided_at__gte=since,
            decided_at__lt=until,
        )
        rows = [(each, whose or 0) for each, whose in made.order_by("id").values_list("id", "customer_id")]
        drawn = set(Audit.objects.filter(controller_id=context.controller_id).values_list("change_id", flat=True))
        left = [row for row in rows if row[0] not in drawn]
        if not left:
            raise BadInputError(
                _("Nothing that was not drawn before was updated by itself in this period."),
                place="audit",
                mend=_("Choose another period."),
            )
        chosen = _lots.sample(left, min(size, len(left)))
        round_id = new_id()
        AuditRound.objects.create(
            controller_id=context.controller_id,
            id=round_id,
            drawn_at=now,
            drawn_by=context.operator_id,
            since=since,
            until=until,
            made=len(rows),
            anew=made.exclude(_counted(context)).count(),
            size=len(chosen),
        )
        Audit.objects.bulk_create(
            Audit(controller_id=context.controller_id, round_id=round_id, change_id=change_id, customer_id=customer_id)
            for change_id, customer_id in chosen
        )
        context.journal.deed(
            context,
            "updates.audit.drawn",
            detail={"round": round_id, "made": len(rows), "size": len(chosen)},
        )
    return round_id


def _counted(context: AccessContext) -> Q:
    """What was made in a period from which was drawn before. Counted now: changes go when their customer is erased."""
    periods = AuditRound.objects.filter(controller_id=context.controller_id).values_list("since", "until")
    none = Q(pk__in=[])
    return reduce(or_, (Q(decided_at__gte=since, decided_at__lt=until) for since, until in periods), none)


def judge_audit(context: AccessContext, *, round_id: int, change_id: int, verdict: AuditVerdict, now: datetime) -> None:
    """Say whether an update of a sample was right. Needs `update:review`, and not of who set the thresholds by which
    it was made: RefusedError. A wrong one is taken back with `undo(wrong=True)`, which opens the breach case.

    ConflictError where it is judged already: a verdict that could be changed would be worth nothing. NotFoundError for
    what is not in the sample.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        own = Audit.objects.select_for_update().filter(
            controller_id=context.controller_id, round_id=round_id, change_id=change_id
        )
        _check_apart(context)
        row = own.first()
        if row is None:
            raise NotFoundError(
                _("There is no such update in this sample."), place="audit", mend=_("Open the sample again.")
            )
        if row.verdict:
            raise ConflictError(_("This update is judged already."), place="audit", mend=_("Go on with the next one."))
        row.verdict, row.judged_by, row.judged_at = verdict.value, context.operator_id, now
        row.save(update_fields=["verdict", "judged_by", "judged_at"])
        AuditRound.objects.filter(controller_id=context.controller_id, id=round_id).update(
            **{verdict.value: F(verdict.value) + 1}
        )
        context.journal.deed(
            context,
            "updates.audit.judged",
            subjects=[row.customer_id],
            detail={"round": round_id, "change": change_id, "verdict": verdict.value},
        )


def _check_apart(context: AccessContext) -> None:
    """Nobody proves the own setting right."""
    policies = Policy.objects.filter(controller_id=context.controller_id).order_by("-edition")
    if policies.values_list("set_by", flat=True).first() == context.operator_id:
        raise RefusedError(
            _("You set the thresholds: another person judges what they did."),
            place="audit",
            mend=_("Ask a colleague to judge the sample."),
        )
