"""What others may ask of retention: rules of how long what is kept, a preview of what they would do, and runs.

Each function takes the access context first and works under its signed scope; `now` is an aware instant. All need
`retention:work`. Errors are those of `kernel.errors`. Law: GDPR Art. 5(1)(e), 17(1)(a), 17(3)(b); periods are counted
in whole days of the company's zone, and a day is over before anything goes (Reg. (EEC, Euratom) 1182/71 Art. 3).
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.ageing import ageing as _ageing
from trustdesk.kernel.context import AccessContext
from trustdesk.retention.contracts import NewRule, Preview, Rule, RunView, Tally
from trustdesk.retention.services import measuring as _measuring
from trustdesk.retention.services import reading as _reading
from trustdesk.retention.services import running as _running
from trustdesk.retention.services import setting as _setting

__all__ = ["end_rule", "kinds", "preview", "rules", "runs", "set_rule", "start", "stop", "tallies"]


def kinds() -> Sequence[str]:
    """The kinds of data a rule can be set for: `<capability>.<what>`."""
    return [name for name, _kind in _ageing]


def rules(context: AccessContext) -> Sequence[Rule]:
    """The rules in force, by kind."""
    return _setting.rules(context)


def set_rule(context: AccessContext, *, new: NewRule, now: datetime) -> int:
    """Put a rule in force; its id. It takes the place of one for the same kind, purpose, country and ground, and
    counts for what is there already too.

    A statute keeps: nothing goes before it. Of the company's own rules the most special one counts. What is held for a
    purpose without any rule stays. BadInputError where the kind is unknown, the months are not between 1 and 1,200, or
    a statute is not named.
    """
    return _setting.set_rule(context, new=new, now=now)


def end_rule(context: AccessContext, *, rule_id: int, now: datetime) -> None:
    """End a rule without another. NotFoundError where it is not in force."""
    _setting.end_rule(context, rule_id=rule_id, now=now)


def preview(context: AccessContext, *, now: datetime) -> Preview:
    """What a run would drop now, counted by kind; nothing is changed. Counting stops at a hundred thousand a kind."""
    return _measuring.preview(context, now=now)


def start(context: AccessContext, *, digest: str, most: int, now: datetime) -> RunView:
    """Order a run of at most `most` things by the rules of a preview that was seen, named by its digest.

    ConflictError where the rules have changed since, or where a run is on its way. BadInputError beyond a million.
    """
    return _running.start(context, digest=digest, most=most, now=now)


def stop(context: AccessContext, *, run_id: int, now: datetime) -> RunView:
    """End a run before its next batch; what went is gone. ConflictError where it has ended."""
    return _running.stop(context, run_id=run_id, now=now)


def runs(context: AccessContext, *, limit: int = 20) -> Sequence[RunView]:
    """The newest runs."""
    return _reading.runs(context, limit=limit)


def tallies(context: AccessContext, *, limit: int = 200) -> Sequence[Tally]:
    """How much went, by month and kind, newest first."""
    return _reading.tallies(context, limit=limit)
