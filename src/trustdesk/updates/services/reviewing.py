"""Deciding whose a change is, where the model could not: one person, or two who don't see each other's choice.

Where two disagree a third person decides, or sends the change back to be looked at afresh. Nobody decides twice.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.register.api import hold_persons
from trustdesk.updates.candidates import closed
from trustdesk.updates.contracts import NOBODY, Fate, ReviewState
from trustdesk.updates.models import Change, Review
from trustdesk.updates.services.applying import apply_choice

WAITING = (ReviewState.OPEN, ReviewState.SECOND, ReviewState.SPLIT)
_OF_ALL = ["state", "first_by", "first_at", "first_choice", "second_by", "second_at", "second_choice"]


def decide(context: AccessContext, *, change_id: int, choice: int, now: datetime) -> ReviewState:
    """Say whose the change is: the number of a candidate, or `NOBODY`; the state of the review then. It is applied in
    the same transaction. Needs `update:review`.

    Risky kinds (`contracts.RISKY`) take two people who choose the same; the first choice stays hidden from the second.
    Two who chose differently leave it to a third. Where the likeliest candidate or the one chosen is restricted or was
    erased, the review is closed and nothing is written (GDPR Art. 17, 18). BadInputError for who is no candidate,
    RefusedError for whoever has chosen already, ConflictError where it is decided.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        row = _held(context, change_id)
        if choice != NOBODY and choice not in row.candidate_ids:
            raise BadInputError(_("This is none of the candidates."), place="choice", mend=_("Choose one of them."))
        why = closed(context, [row.customer_id, *([choice] if choice != NOBODY else [])])
        if why:
            _close(context, row, next(iter(why.values())), now=now)
            return ReviewState.CLOSED
        _choose(row, context.operator_id, choice, now=now)
        row.save(update_fields=[*_OF_ALL, "decided_by", "decided_at", "choice"])
        _tell(context, row)
        if row.state == ReviewState.DECIDED:
            apply_choice(context, change_id=change_id, customer_id=choice or None, now=now)
    return ReviewState(row.state)


def send_back(context: AccessContext, *, change_id: int) -> None:
    """Let a change on which two disagree be looked at afresh, by anybody. Needs `update:review`, of a third person:
    RefusedError for one of the two. ConflictError where no two disagree.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        row = _held(context, change_id)
        if row.state != ReviewState.SPLIT:
            raise ConflictError(
                _("Nobody disagrees about this change."), place="review", mend=_("Load the page again.")
            )
        row.state = ReviewState.OPEN
        row.first_by = row.first_at = row.first_choice = row.second_by = row.second_at = row.second_choice = None
        row.save(update_fields=_OF_ALL)
        context.journal.deed(
            context, "updates.review.sent_back", subjects=row.candidate_ids, detail={"change": change_id}
        )


def close_review(context: AccessContext, *, change_id: int, now: datetime) -> None:
    """Close a review whose likeliest candidate is restricted or was erased: nothing is written. Needs `update:review`.
    ConflictError where neither is so.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        row = _held(context, change_id)
        why = closed(context, [row.customer_id])
        if not why:
            raise ConflictError(
                _("This change can be decided."), place="review", mend=_("Decide whose it is instead of closing it.")
            )
        _close(context, row, why[row.customer_id], now=now)


def _held(context: AccessContext, change_id: int) -> Review:
    """The review, for this transaction alone, if the operator may still say something about it.

    Its candidates are held before it, as by whoever erases one of them: neither waits for the other in a circle.
    """
    own = Review.objects.filter(controller_id=context.controller_id, change_id=change_id)
    hold_persons(context, own.values_list("candidate_ids", flat=True).first() or ())
    row = own.select_for_update().first()
    if row is None:
        raise NotFoundError(_("There is no such review."), place="review", mend=_("Look at the list again."))
    if row.state not in WAITING:
        raise ConflictError(_("This change is decided already."), place="review", mend=_("Go on with the next one."))
    if context.operator_id in (row.first_by, row.second_by):
        raise RefusedError(
            _("You have chosen already; now another person decides."),
            place="review",
            mend=_("Go on with the next one."),
        )
    return row


def _choose(row: Review, operator_id: int, choice: int, *, now: datetime) -> None:
    """The step that this choice is: the first of two, the second that agrees or does not, or the one that counts."""
    if row.risky and row.state == ReviewState.OPEN:
        row.first_by, row.first_at, row.first_choice = operator_id, now, choice
        row.state = ReviewState.SECOND
    elif row.state == ReviewState.SECOND and choice != row.first_choice:
        row.second_by, row.second_at, row.second_choice = operator_id, now, choice
        row.state = ReviewState.SPLIT
    else:
        row.decided_by, row.decided_at, row.choice = operator_id, now, choice
        row.state = ReviewState.DECIDED


def _close(context: AccessContext, row: Review, why: str, *, now: datetime) -> None:
    row.state, row.closed = ReviewState.CLOSED, why
    row.save(update_fields=["state", "closed"])
    Change.objects.filter(controller_id=context.controller_id, id=row.change_id).update(
        fate=Fate.CLOSED, reason=why, decided_at=now, decided_by=context.operator_id
    )
    context.journal.deed(
        context,
        "updates.review.closed",
        subjects=row.candidate_ids,
        detail={"change": row.change_id, "why": why},
    )


def _tell(context: AccessContext, row: Review) -> None:
    """The log says who chose and how it stands; what was chosen once it is decided."""
    detail: dict[str, object] = {"change": row.change_id, "state": row.state}
    if row.state == ReviewState.DECIDED:
        detail["choice"] = row.choice
    context.journal.deed(context, "updates.review.chosen", subjects=row.candidate_ids, detail=detail)
