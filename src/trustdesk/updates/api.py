"""What others may ask of updates: changes from outside find the right customer, or nobody.

Each function takes the access context first and works under its signed scope; writes take `now` and leave their deed in
the log, in one transaction. All raise RefusedError where the context does not carry the operation named in their text.
Law: GDPR Art. 5(1)(d) (accuracy), 16, 18, 19, 32(1)(b), 33(5).
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.matching.api import Engine
from trustdesk.updates.contracts import Built, Change, Looked, Policy, Terms, Verdict
from trustdesk.updates.selectors.audits import accuracy, audit, audits, next_to_judge
from trustdesk.updates.selectors.calibrating import calibration
from trustdesk.updates.selectors.changes import change, changes, history_of, orders_of
from trustdesk.updates.selectors.duplicates import (
    count_duplicates,
    duplicate,
    duplicate_line,
    duplicates,
    next_duplicate,
)
from trustdesk.updates.selectors.policies import policy
from trustdesk.updates.selectors.reviews import next_review, review, reviews, waiting
from trustdesk.updates.selectors.standing import figures, standing
from trustdesk.updates.services import building as _building
from trustdesk.updates.services import cleaning as _cleaning
from trustdesk.updates.services import doubles as _doubles
from trustdesk.updates.services import indexes as _indexes
from trustdesk.updates.services import policies as _policies
from trustdesk.updates.services import taking as _taking
from trustdesk.updates.services import undoing as _undoing
from trustdesk.updates.services.auditing import draw_audit, judge_audit
from trustdesk.updates.services.doubles import keep_apart, merge_duplicate, order_look_for_duplicates, part_duplicate
from trustdesk.updates.services.reviewing import close_review, decide, send_back

__all__ = [
    "accuracy",
    "audit",
    "audits",
    "build_profiles",
    "calibration",
    "change",
    "changes",
    "clean_up",
    "close_review",
    "count_duplicates",
    "decide",
    "draw_audit",
    "drop_indexes",
    "duplicate",
    "duplicate_line",
    "duplicates",
    "figures",
    "history_of",
    "judge_audit",
    "keep_apart",
    "look_for_duplicates",
    "merge_duplicate",
    "next_duplicate",
    "next_review",
    "next_to_judge",
    "order_look_for_duplicates",
    "orders_of",
    "part_duplicate",
    "policy",
    "review",
    "reviews",
    "send_back",
    "set_policy",
    "standing",
    "take",
    "undo",
    "waiting",
]


def take(context: AccessContext, changes: Sequence[Change], *, terms: Terms, now: datetime) -> Sequence[Verdict]:
    """Find whose these changes are and write them, up to 1,000 at once; a verdict for each, in their order. Joins the
    caller's transaction, and is done as a whole or not at all. Needs `feed:work`.

    A record that was taken before is not taken again; one that says something else at the same place is another record.
    Nothing is written without a second identifier, of who was erased or is restricted (GDPR Art. 17, 18), or where two
    feeds contradict each other: that goes to somebody who looks at it, or nowhere. Of nobody's changes nothing is kept
    but a keyed digest. BadInputError for more than 1,000.
    """
    return _taking.take(context, changes, terms=terms, now=now)


def undo(
    context: AccessContext,
    *,
    change_id: int | None = None,
    delivery_id: int | None = None,
    feed_id: int | None = None,
    wrong: bool = False,
    reason: str,
    now: datetime,
) -> int:
    """Take back what one change, one delivery or one feed changed, the newest first; how many changes now. Up to 500 at
    once: the rest is done by the worker, in the same name. Needs `update:undo`.

    What counted before counts again, unless somebody has said something newer since; the history keeps both. `wrong`:
    it was somebody else's, or not so. Then a case is opened that names all concerned (Art. 33(5)).
    BadInputError without a reason, NotFoundError for a change of which nothing is left to undo.
    """
    return _undoing.undo(
        context,
        change_id=change_id,
        delivery_id=delivery_id,
        feed_id=feed_id,
        wrong=wrong,
        reason=reason,
        now=now,
    )


def build_profiles(context: AccessContext, *, after: int, limit: int) -> Built:
    """Make the profiles of up to `limit` records after this one that have none, or one of an earlier edition. What they
    are known by is opened in one entry. Needs `feed:work`.
    """
    return _building.build_profiles(context, after=after, limit=limit)


def look_for_duplicates(context: AccessContext, *, after: int, limit: int, now: datetime) -> Looked:
    """Compare up to `limit` records after this one with all others and propose those that may be one person; begun
    again anywhere, it proposes nothing twice. Needs `feed:work`.

    Ranked by tokens alone; of the likely ones what they are known by is opened in one entry. Not proposed are people
    of one home, who is restricted, and pairs about which somebody has decided. Nothing is merged by itself.
    """
    return _doubles.look_for_duplicates(context, after=after, limit=limit, now=now)


def clean_up(controller_id: int, *, engine: Engine) -> Looked:
    """Compare all records of a company with all others at once and propose those that may be one person: for a first
    load, or once a year. It acts as the house, like a feed; `engine` is one of `matching.api`.

    The tokens of the whole register are in memory meanwhile. It proposes what `look_for_duplicates` proposes, but for
    pairs that share nothing but keys which the engine does without. Each part of a thousand is written by itself:
    killed and begun again it proposes nothing twice. RefusedError where the company has no mandate of its own.
    """
    return _cleaning.clean_up(controller_id, engine=engine)


def set_policy(context: AccessContext, *, policy: Policy, now: datetime) -> None:
    """Say what the company wants of changes from outside; what was said before stays on record. Needs `feed:manage`.

    BadInputError for thresholds out of order, and for periods that are none.
    """
    _policies.set_policy(context, policy=policy, now=now)


def drop_indexes() -> None:
    """Let go of all indexes in memory: before the process forks, and before the database is replaced."""
    _indexes.drop()
