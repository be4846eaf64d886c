"""What is over, kind by kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ageing import FIRST, Aged, Ageing, Key, Look, ageing
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.retention.contracts import Due, Preview, Rule
from trustdesk.retention.rules import Measure, digest_of
from trustdesk.retention.services.setting import OPERATION, in_force

_LOOKED_AT = 2_000
_MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Things of one kind: those that were looked at reach up to `key`, the ones that are over are in `over`."""

    over: list[Aged]
    key: Key
    last: bool


def preview(context: AccessContext, *, now: datetime) -> Preview:
    """See `retention.api.preview`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rules = in_force(context)
        measures = measured(context, rules, now)
        due = [_count(context, kind, thing, measures[kind]) for kind, thing in ageing if kind in measures]
    return Preview(now, digest_of(rules), due)


def measured(context: AccessContext, rules: list[Rule], now: datetime) -> Mapping[str, Measure]:
    """The kinds that have a rule, each with its own. Inside the scope."""
    zone = ZoneInfo(controller(context.controller_id).time_zone)
    kinds = {rule.kind for rule in rules}
    return {kind: Measure(tuple(rule for rule in rules if rule.kind == kind), now, zone) for kind in kinds}


def batch(context: AccessContext, kind: Ageing, measure: Measure, after: Key) -> Batch:
    """The next things behind `after`. Inside the scope."""
    if measure.newest is None:
        return Batch([], after, last=True)
    looked_at = kind.aged(context, Look(measure.newest, measure.now, after, _LOOKED_AT))
    over = [thing for thing in looked_at if measure.is_over(thing)]
    return Batch(over, looked_at[-1].key if looked_at else after, last=len(looked_at) < _LOOKED_AT)


def _count(context: AccessContext, name: str, kind: Ageing, measure: Measure) -> Due:
    count, oldest = 0, None
    for each in _batches(context, kind, measure):
        count += len(each.over)
        oldest = (
            min((thing.since for thing in each.over), default=oldest)
            if oldest is None
            else min([oldest, *(thing.since for thing in each.over)])
        )
        if count >= _MOST_COUNTED and not each.last:
            return Due(name, count, oldest, more=True)
    return Due(name, count, oldest)


def _batches(context: AccessContext, kind: Ageing, measure: Measure) -> Iterator[Batch]:
    after, last = FIRST, False
    while not last:
        each = batch(context, kind, measure, after)
        after, last = each.key, each.last
        yield each
