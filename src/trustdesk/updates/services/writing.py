"""Writing into the register what was decided: field by field, a whole batch in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.matching.contracts import Outcome
from trustdesk.register.api import catalog, change_values, known_as, remove_fed
from trustdesk.register.contracts import Attribute, Became, Changed
from trustdesk.updates import wire
from trustdesk.updates.contracts import ChangeKind, Fate, Terms
from trustdesk.updates.services import ordering
from trustdesk.updates.services.cases import Case
from trustdesk.updates.services.planning import NON_DISCLOSURE, Plan, plan

NOTHING_SAID = "nothing-said"
_WRITES = frozenset({Became.REPLACED, Became.ADDED, Became.ENDED})
_APPLIED = """
INSERT INTO updates_applied (controller_id, id, change_id, customer_id, attribute, what, why, old_value_id,
  new_value_id, confirmed_at, before_at, before_by, applied_at)
SELECT %s, id, change_id, customer_id, attribute, what, why, old_value_id, new_value_id, confirmed_at, before_at,
  before_by, %s
FROM json_to_recordset(%s) AS fresh (id bigint, change_id bigint, customer_id bigint, attribute text, what text,
  why text, old_value_id bigint, new_value_id bigint, confirmed_at timestamptz, before_at timestamptz, before_by text)
"""
Applied = dict[str, object]


def apply(
    context: AccessContext, cases: Sequence[Case], terms: Terms, *, now: datetime, chosen: bool = False
) -> list[Applied]:
    """Write what these changes say of whom they are; the fields, for `keep_applied`. What contradicts another feed is
    left undecided, for somebody to look at; where somebody has looked (`chosen`), it is written.

    Several changes of one person are written one after the other, the older first, whatever order they came in.
    """
    attributes = {attribute.code: attribute for attribute in catalog(context)}
    applied: list[Applied] = []
    waiting = sorted(cases, key=lambda case: case.change.as_of)
    while waiting:
        turn, waiting = _first_of_each(waiting)
        applied += _turn(context, turn, terms, attributes, now=now, chosen=chosen)
        _look_again(context, waiting)
    return applied


def keep_applied(context: AccessContext, applied: Sequence[Applied], *, now: datetime) -> None:
    """The rows of what was written. The changes' own rows are there already."""
    if applied:
        wire.run(_APPLIED, context.controller_id, now, wire.packed(applied))


def _first_of_each(cases: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    turn: dict[int | None, Case] = {}
    later = []
    for case in cases:
        if case.customer_id in turn:
            later.append(case)
        else:
            turn[case.customer_id] = case
    return list(turn.values()), later


def _look_again(context: AccessContext, cases: Sequence[Case]) -> None:
    """What the register holds of them once the changes before these were written."""
    if not cases:
        return
    held = known_as(context, {case.customer_id for case in cases if case.customer_id is not None})
    for case in cases:
        case.held = held.get(case.customer_id or 0, case.held)


def _turn(
    context: AccessContext,
    cases: Sequence[Case],
    terms: Terms,
    attributes: Mapping[str, Attribute],
    *,
    now: datetime,
    chosen: bool,
) -> list[Applied]:
    orders = ordering.standing(context, [case.held for case in cases if case.held])
    planned: list[tuple[Case, Plan]] = []
    for case in cases:
        if case.held is None:
            raise RuntimeError("a change is applied to whom it was found to be of")
        held = case.held
        said = plan(
            case.change,
            held,
            terms,
            attributes,
            orders=orders.get(held.shown_as, frozenset()),
            withheld=case.withheld,
        )
        if said.doubt and not chosen and case.judgement is not None:
            case.judgement = replace(case.judgement, outcome=Outcome.REVIEW)
            case.reason = said.doubt
        else:
            planned.append((case, said))
    ordering.order(context, [case for case, _said in planned], terms, now=now)
    writes = [value for _case, said in planned for value in said.values]
    results = iter(change_values(context, writes, source_id=terms.source_id, now=now) if writes else ())
    applied: list[Applied] = []
    for case, said in planned:
        became = [(value, next(results)) for value in said.values]
        _settle(case, said, [changed for _value, changed in became])
        applied += [_row(case, value.customer_id, value.attribute, changed) for value, changed in became]
    return applied + _withdraw(context, [case for case, _said in planned], now=now)


def _withdraw(context: AccessContext, cases: Sequence[Case], *, now: datetime) -> list[Applied]:
    """Where a source orders that nothing be disclosed, what feeds gave goes; the fields that counted until then."""
    removed = remove_fed(context, ordering.withdrawn(context, cases), now=now)
    return [
        _row(case, each.customer_id, each.attribute, Changed(Became.ENDED, old_value_id=each.value_id))
        for case in cases
        for each in removed.get(case.customer_id or 0, ())
        if each.counted
    ]


def _settle(case: Case, said: Plan, became: Sequence[Changed]) -> None:
    what = {changed.what for changed in became}
    if what & _WRITES or case.change.kind in (ChangeKind.DEATH, ChangeKind.NON_DISCLOSURE):
        case.end(Fate.UPDATED, said.without)
    elif Became.KEPT in what:
        case.end(Fate.KEPT, next(changed.why.value for changed in became if changed.what is Became.KEPT))
    elif what:
        case.end(Fate.CONFIRMED, said.without)
    elif said.without and said.without != NON_DISCLOSURE:
        case.end(Fate.STAYS_AWAY, said.without)
    else:
        case.end(Fate.KEPT, said.without or NOTHING_SAID)


def _row(case: Case, customer_id: int, attribute: str, changed: Changed) -> Applied:
    return {
        "id": new_id(),
        "change_id": case.change_id,
        "customer_id": customer_id,
        "attribute": attribute,
        "what": changed.what.value,
        "why": changed.why.value,
        "old_value_id": changed.old_value_id,
        "new_value_id": changed.new_value_id,
        "confirmed_at": changed.confirmed_at,
        "before_at": changed.before.at if changed.before else None,
        "before_by": changed.before.by.value if changed.before else None,
    }
