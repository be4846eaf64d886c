"""Samples of updates, one of a sample opened, and what all of them say of the share that is wrong."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import api as register
from trustdesk.updates.contracts import (
    Accuracy,
    AppliedView,
    AuditVerdict,
    AuditView,
    RoundView,
    Swapped,
)
from trustdesk.updates.figures import at_most
from trustdesk.updates.models import Audit, AuditRound
from trustdesk.updates.selectors.changes import change
from trustdesk.vault.api import open_many

MOST = 100


def audits(context: AccessContext, *, limit: int = MOST) -> Sequence[RoundView]:
    """The samples, newest first. Needs `update:read`; opens nothing."""
    context.check_operation("update:read")
    with scoped(context.scope):
        rows = AuditRound.objects.filter(controller_id=context.controller_id).order_by("-drawn_at", "-id")
        return [_round(row) for row in rows[:limit]]


def next_to_judge(context: AccessContext, round_id: int, *, after: int = 0) -> int | None:
    """The next update of a sample that nobody judged yet, beginning after this one; None where all are judged. Needs
    `update:review`.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        left = Audit.objects.filter(controller_id=context.controller_id, round_id=round_id, verdict="")
        ids = sorted(left.exclude(change_id=after).values_list("change_id", flat=True))
    return next((each for each in ids if each > after), ids[0] if ids else None)


def audit(context: AccessContext, round_id: int, change_id: int) -> AuditView:
    """One update of a sample: what stood there, what stands there since, on what evidence; one logged opening. Needs
    `update:review`. Of who is restricted, and of what the mandate does not cover, no text is shown. NotFoundError for
    what is not in the sample.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        own = Audit.objects.filter(controller_id=context.controller_id, round_id=round_id, change_id=change_id)
        row = own.first()
        if row is None:
            raise NotFoundError(
                _("There is no such update in this sample."), place="audit", mend=_("Open the sample again.")
            )
        entry = change(context, change_id)
        swapped = _opened(context, row.customer_id, entry.fields)
        following = next_to_judge(context, round_id, after=change_id)
    return AuditView(
        round_id=round_id,
        change=entry.change,
        swapped=swapped,
        verdict=AuditVerdict(row.verdict) if row.verdict else None,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
        next_id=following,
    )


def accuracy(context: AccessContext) -> Accuracy:
    """What all samples together say of the updates that were made by themselves. Needs `update:read`; opens nothing.

    Those about which nobody could tell are not among the judged; `worst` is the bound if all of them were wrong. What
    was made counts once in `made`, however many samples were drawn from its period.
    """
    context.check_operation("update:read")
    with scoped(context.scope):
        rows = list(AuditRound.objects.filter(controller_id=context.controller_id).order_by("drawn_at", "id"))
    right, wrong = sum(row.right for row in rows), sum(row.wrong for row in rows)
    unknown = sum(row.unknown for row in rows)
    return Accuracy(
        made=sum(row.made if row.anew is None else row.anew for row in rows),
        judged=right + wrong,
        wrong=wrong,
        at_most=at_most(wrong, right + wrong),
        since=min((row.since for row in rows), default=None),
        unknown=unknown,
        worst=at_most(wrong + unknown, right + wrong + unknown),
    )


def _opened(context: AccessContext, customer_id: int, fields: Sequence[AppliedView]) -> list[Swapped]:
    wanted = sorted({each for row in fields for each in (row.old_value_id, row.new_value_id) if each is not None})
    values = register.sealed_values(context, customer_id, wanted, former=True) if wanted else ()
    texts: dict[int, str | None] = {one.value_id: one.open_text for one in values if one.box is None}
    sealed = [one for one in values if one.box is not None]
    if sealed:
        subjects = list(dict.fromkeys(one.customer_id for one in sealed))
        opening = Opening("updates.audit", subjects, sorted({one.attribute for one in sealed}))
        boxes = [one.box for one in sealed if one.box is not None]
        texts.update(
            zip((one.value_id for one in sealed), open_many(context, opening=opening, boxes=boxes), strict=True)
        )
    return [
        Swapped(
            attribute=row.attribute,
            what=row.what,
            old=_text(texts, row.old_value_id),
            new=_text(texts, row.new_value_id),
        )
        for row in fields
    ]


def _text(texts: dict[int, str | None], value_id: int | None) -> str | None:
    """Empty where there never was a value; None where there is one and it can't be read."""
    return "" if value_id is None else texts.get(value_id)


def _round(row: AuditRound) -> RoundView:
    return RoundView(
        round_id=row.id,
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by,
        since=row.since,
        until=row.until,
        made=row.made,
        size=row.size,
        right=row.right,
        wrong=row.wrong,
        unknown=row.unknown,
    )
