"""What others may ask of erasure: plans of what is to be forgotten, steps that do it, and a ledger of who was.

Each function takes the access context first and works under its signed scope; `now` is an aware instant. Errors are
those of `kernel.errors`. Law: GDPR Art. 5(1)(e), 17, 18, 19; Art. 17(3)(b), (e) for what is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.erasure.contracts import Cause, Considered, Gone, PlanState, PlanView, Replayed, SightingView, ToldView
from trustdesk.erasure.services import asking as _asking
from trustdesk.erasure.services import considering as _considering
from trustdesk.erasure.services import drawing as _drawing
from trustdesk.erasure.services import ledger as _ledger
from trustdesk.erasure.services import reading as _reading
from trustdesk.erasure.services import replaying as _replaying
from trustdesk.erasure.services import running as _running
from trustdesk.erasure.services import steering as _steering
from trustdesk.erasure.services import telling as _telling
from trustdesk.erasure.steps import steps
from trustdesk.kernel.context import AccessContext

__all__ = [
    "approve",
    "approve_all",
    "carry_out",
    "carry_out_all",
    "consider",
    "dismiss",
    "draw",
    "draw_all",
    "gone",
    "hold",
    "note_receipts",
    "plan",
    "planned",
    "plans",
    "plans_of",
    "received",
    "release",
    "renest",
    "replay",
    "seen",
    "sightings",
    "standing_still",
    "steps",
    "told",
]


def draw(context: AccessContext, *, customer_id: int, cause: Cause, about: str = "", now: datetime) -> PlanView:
    """Open a plan for the customer and all who are shown as one, with the dry run of every capability.

    Whoever asks decided that there is to be an erasure (rights: Art. 17(1) holds and no exception refuses it whole).
    Nothing is destroyed: that needs `approve`. Where a plan of the person is open already that one is given: two asks
    at once make one plan. `about` says what fell by a code or a number of ours. Needs `erasure:run`.
    NotFoundError where the customer is not in the register.
    """
    return _drawing.draw(context, customer_id=customer_id, cause=cause, about=about, now=now)


def draw_all(
    context: AccessContext, *, customer_ids: Sequence[int], cause: Cause, about: str = "", now: datetime
) -> Mapping[int, int]:
    """As `draw`, for many persons in one transaction: for each customer the number of its plan. Two customers who are
    shown as one have the same; strangers have none. Give some hundreds at a time. Needs `erasure:run`.
    """
    return _drawing.draw_all(context, customer_ids=customer_ids, cause=cause, about=about, now=now)


def consider(context: AccessContext, *, customer_id: int, cause: Cause, about: str = "", now: datetime) -> Considered:
    """A basis fell: open a plan if nothing else carries the customer's data, else say what does (Art. 17(1)(b))."""
    return _considering.consider(context, customer_id=customer_id, cause=cause, about=about, now=now)


def approve(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """Let the plan run; the worker is woken after the commit. Needs `erasure:run`.

    ConflictError where it is past that, where a preparing step has not come through, or where the person has changed
    since it was drawn: it is then drawn anew, to be looked at.
    """
    return _steering.approve(context, plan_id=plan_id, now=now)


def approve_all(context: AccessContext, *, plan_ids: Sequence[int], now: datetime) -> Sequence[int]:
    """As `approve`, for many plans in one transaction: those that are approved. The others are left as they are: past
    that, or not prepared yet; where the person has changed drawn anew, to be looked at. Needs `erasure:run`.
    """
    return _steering.approve_all(context, plan_ids=plan_ids, now=now)


def dismiss(context: AccessContext, *, plan_id: int, because: str, now: datetime) -> PlanView:
    """Close a plan of which nothing was destroyed yet. Needs `erasure:run` and a reason, without anything personal."""
    return _steering.dismiss(context, plan_id=plan_id, because=because, now=now)


def hold(context: AccessContext, *, plan_id: int, because: str, now: datetime) -> PlanView:
    """Stop a plan by hand, visibly, before its next step (Art. 17(3)(e)). Needs `erasure:run` and a reason."""
    return _steering.hold(context, plan_id=plan_id, because=because, now=now)


def release(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """End the hold by hand: the plan goes on, unless a legal hold stops it. Needs `erasure:run`."""
    return _steering.release(context, plan_id=plan_id, now=now)


def plan(context: AccessContext, plan_id: int) -> PlanView:
    """A plan with its lines and steps. Needs `erasure:run`. NotFoundError where there is none of that number."""
    return _reading.plan(context, plan_id)


def plans(context: AccessContext, *, state: PlanState | None = None, limit: int = 100) -> Sequence[PlanView]:
    """Plans, newest first, without their steps. Needs `erasure:run`."""
    return _reading.plans(context, state=state, limit=limit)


def standing_still(context: AccessContext) -> int:
    """How many plans do not get on because a step of them does not come through, those that are only being prepared
    too. Needs `erasure:run`.
    """
    return _reading.standing_still(context)


def plans_of(context: AccessContext, customer_id: int) -> Sequence[PlanView]:
    """Every plan of the customer, newest first, with their steps: for whoever answers the customer's request."""
    return _reading.plans_of(context, customer_id)


def planned(context: AccessContext, customer_ids: Sequence[int]) -> frozenset[int]:
    """Those of these customers who have an open plan. Needs `erasure:run`."""
    return _reading.planned(context, customer_ids)


def carry_out(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """Do every step whose turn has come, each in a transaction of its own: what the worker does, and a replay. What is
    done already is not done again. A step that fails is noted and tried again later; the ones after it wait. Needs
    `erasure:run`.
    """
    return _running.carry_out(context, plan_id=plan_id, now=now)


def carry_out_all(
    context: AccessContext, *, plan_ids: Sequence[int], before: int | None = None, now: datetime
) -> Mapping[int, PlanState]:
    """As `carry_out`, for many plans: so many at once as `contracts.AT_ONCE` go through each step in one transaction.
    The state of each afterwards; unknown numbers are left out. `before` is the place of a step (`contracts.Order`) that
    is not done any more, nor what comes after it. Plans that another process is at are left to it.
    """
    return _running.carry_out_all(context, plan_ids=plan_ids, before=before, now=now)


def gone(
    context: AccessContext, *, values: Sequence[tuple[str, str]], as_of: datetime | None, country: str = ""
) -> Gone:
    """Whether somebody with these values (kind of token, text) was erased after `as_of` (None: of an unknown day,
    which counts as before). One number alone identifies nobody: the verdict is then REVIEW.
    """
    return _asking.gone(context, values=values, as_of=as_of, country=country)


def told(context: AccessContext, plan_id: int) -> Sequence[ToldView]:
    """To whom the person's data had been given, and whether they were told and received it (Art. 19). Needs
    `erasure:run`.
    """
    return _telling.of_plan(context, plan_id)


def received(context: AccessContext, *, told_id: int, now: datetime) -> None:
    """Somebody told the recipient by hand and heard that it was received. Needs `erasure:run`. ConflictError where that
    is on record already.
    """
    _telling.received(context, told_id=told_id, now=now)


def note_receipts(context: AccessContext, *, now: datetime) -> int:
    """Note which calls to recipients were answered meanwhile, and which failed and are told by hand; how many."""
    return _telling.note_receipts(context, now=now)


def sightings(context: AccessContext, *, limit: int = 100) -> Sequence[SightingView]:
    """Erased persons, or somebody alike, who were about to come in by data from before, and whom no officer has looked
    at yet; newest first. Needs `erasure:run`.
    """
    return _asking.sightings(context, limit=limit)


def seen(context: AccessContext, *, sighting_id: int, now: datetime) -> None:
    """An officer has looked at it: the alarm is over until the next time. Needs `erasure:run`."""
    _asking.seen(context, sighting_id=sighting_id, now=now)


def renest(context: AccessContext, *, chunk: int) -> int:
    """Carry the ledger's tokens to the newest suppression key, a chunk in one transaction; how many are left."""
    return _ledger.renest(context, chunk=chunk)


def replay(*, now: datetime, tell: Callable[[str], None], copies: Sequence[Path] = ()) -> Replayed:
    """After a restore, before the doors open: whoever was erased after the backup is erased again, with their keys.

    Reads the ledger's book in the home folder, which is newer than the database may be, and other copies of it, for
    every company. `tell` hears how far it is. An erasure that a hold or a fault stops stays open, and visible.
    """
    return _replaying.replay(now=now, tell=tell, copies=copies)
