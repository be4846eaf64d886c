"""What others may ask of governance: the record of breaches (GDPR Art. 33(5)). Who writes one down from below asks the
registry `kernel.registries.breaches`.

Each function takes the access context first and works under its signed scope. `now` is an aware instant.
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.governance.contracts import BreachView, Standing, State
from trustdesk.governance.services import recording as _recording
from trustdesk.kernel.context import AccessContext

__all__ = ["breach", "breaches", "open_breach", "standing"]


def open_breach(
    context: AccessContext,
    *,
    kind: str,
    cause: str,
    about: str,
    customer_ids: Sequence[int],
    happened_at: datetime,
    now: datetime,
) -> int:
    """Take down that the security or the accuracy of data was broken; the number of the case. In the caller's
    transaction where there is one.

    `kind` is `confidentiality`, `integrity` or `availability` (EDPB Guidelines 9/2022, 16); `cause` a code, `about`
    names which by a number of ours. The same cause and number is the same breach: whom it touched besides is added,
    and the hours run on from when it was found first. It needs no operation of its own: whoever finds a breach, in the
    course of what they may do, has to be able to write it down. BadInputError for an unknown kind, without cause or
    number, and for what happened after `now`.
    """
    return _recording.open_breach(
        context,
        kind=kind,
        cause=cause,
        about=about,
        customer_ids=customer_ids,
        happened_at=happened_at,
        now=now,
    )


def breaches(context: AccessContext, *, state: State | None = None, limit: int = 200) -> Sequence[BreachView]:
    """Those that were taken down, the newest found first; all, or those in one state. Needs `log:read`."""
    return _recording.breaches(context, state=state, limit=limit)


def breach(context: AccessContext, breach_id: int) -> BreachView:
    """One of them. Needs `log:read`. NotFoundError where the company has none of this number."""
    return _recording.breach(context, breach_id)


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """How many are open, and what is left of the seventy-two hours of GDPR Art. 33(1), counted from when the first of
    them was found. Needs `log:read`.
    """
    return _recording.standing(context, now=now)
