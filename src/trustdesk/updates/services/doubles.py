"""Records of the register that may be one person, found by the same model as whose a change is.

Each record is ranked among all others without itself, by tokens alone; only those that are likely enough are opened, in
one entry a part. Nothing is merged by itself, whatever the model says: a person decides, and `register.merge` moves
nothing, so that it can be undone exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.matching.api import EDITION, WIDTH, judge, rank
from trustdesk.matching.contracts import Candidate, Identity, Judgement, Outcome, Ranking, Thresholds
from trustdesk.register.api import hold_persons, known_as, merge, unmerge
from trustdesk.register.contracts import Held
from trustdesk.updates import wire
from trustdesk.updates.contracts import DuplicateState, Looked
from trustdesk.updates.models import Duplicate
from trustdesk.updates.services.finding import identity_of, model
from trustdesk.updates.services.indexes import index_of
from trustdesk.updates.services.payloads import evidence_json
from trustdesk.updates.services.profiles import STORED

TASK = "updates.look_for_duplicates"
QUEUE = "updates"
REASON = "duplicate"
PROPOSE = 0.5
"""From which probability on two records are proposed as one person."""
WORTH_OPENING = 0.05
"""Who is less likely by tokens alone is not opened."""

_PROFILES = """
SELECT customer_id, tokens FROM updates_profile
WHERE controller_id = %s AND edition = %s AND customer_id > %s ORDER BY customer_id LIMIT %s
"""
_THEIRS = """
SELECT customer_id, tokens FROM updates_profile
WHERE controller_id = %s AND edition = %s AND customer_id = ANY(%b::bigint[]) ORDER BY customer_id
"""
_DECIDED = """
SELECT left_id, right_id FROM updates_duplicate
WHERE controller_id = %s AND left_id = ANY(%b::bigint[]) AND state <> 'open'
"""
_PROPOSE: LiteralString = """
INSERT INTO updates_duplicate AS held (controller_id, id, left_id, right_id, probability, second, evidence, found_at,
  state)
SELECT %s, id, left_id, right_id, probability, second, evidence, %s, 'open'
FROM json_to_recordset(%s) AS fresh (id bigint, left_id bigint, right_id bigint, probability float8, second text,
  evidence jsonb) ORDER BY left_id, right_id
ON CONFLICT (controller_id, left_id, right_id) DO UPDATE
SET probability = excluded.probability, second = excluded.second, evidence = excluded.evidence
WHERE held.state = 'open'
"""


@dataclass(frozen=True, slots=True)
class _Pair:
    left: Held
    right: Held
    judgement: Judgement

    @property
    def ids(self) -> tuple[int, int]:
        one, other = sorted((self.left.shown_as, self.right.shown_as))
        return one, other


def look_for_duplicates(context: AccessContext, *, after: int, limit: int, now: datetime) -> Looked:
    """See `updates.api.look_for_duplicates`."""
    context.check_operation("feed:work")
    with scoped(context.scope):
        rows = wire.fetch(_PROFILES, context.controller_id, EDITION, after, limit)
        found = _propose(context, _pairs(context, rows), now=now)
    return Looked(len(rows), len(found), rows[-1][0] if len(rows) == limit else None)


def look_at(context: AccessContext, customer_ids: Sequence[int], *, now: datetime) -> AbstractSet[tuple[int, int]]:
    """Propose whoever of these may be one person with somebody of the register; the pairs."""
    rows = wire.fetch(_THEIRS, context.controller_id, EDITION, list(customer_ids))
    return _propose(context, _pairs(context, rows), now=now)


def order_look(controller_id: int, *, after: int) -> bool:
    """Order the next part; false where one waits already."""
    name = f"{TASK}.{controller_id}"
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=name, lock=name)
    try:
        with transaction.atomic():
            job.defer(controller_id=controller_id, after=after)
    except AlreadyEnqueued:
        return False
    return True


def order_look_for_duplicates(context: AccessContext) -> bool:
    """Have the worker look through the register, part by part; false where it does already. Needs `update:review`."""
    context.check_operation("update:review")
    with scoped(context.scope):
        ordered = order_look(context.controller_id, after=0)
        if ordered:
            context.journal.deed(context, "updates.duplicates.sought")
    return ordered


def merge_duplicate(context: AccessContext, *, duplicate_id: int, into: int, now: datetime) -> int:
    """Show two records as one, as the one of `into`; the merge's number. Needs `update:review` and `customer:merge`.

    BadInputError where `into` is neither of them, ConflictError where it is decided or one of the two is restricted.
    """
    context.check_operation("update:review")
    context.check_operation("customer:merge")
    with scoped(context.scope):
        row = _open(context, duplicate_id)
        if into not in (row.left_id, row.right_id):
            raise BadInputError(_("This is none of the two."), place="into", mend=_("Choose one of them."))
        other = row.right_id if into == row.left_id else row.left_id
        row.merge_id = merge(context, into=into, customer_id=other, reason=REASON, now=now)
        _settle(context, row, DuplicateState.MERGED, now=now)
    return row.merge_id


def keep_apart(context: AccessContext, *, duplicate_id: int, now: datetime) -> None:
    """Say that two records are two people: they are not proposed again. Needs `update:review`. ConflictError where it
    is decided.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        _settle(context, _open(context, duplicate_id), DuplicateState.APART, now=now)


def part_duplicate(context: AccessContext, *, duplicate_id: int, now: datetime) -> None:
    """Take apart again what was shown as one, exactly as it was; they are not proposed again. Needs `update:review` and
    `customer:merge`. ConflictError where they are not shown as one by this, or where a later merge carried it along.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        row = _held(context, duplicate_id)
        if row.state != DuplicateState.MERGED or row.merge_id is None:
            raise ConflictError(_("These two are not shown as one."), place="duplicate", mend=_("Load the page again."))
        unmerge(context, merge_id=row.merge_id, now=now)
        row.merge_id = None
        _settle(context, row, DuplicateState.APART, now=now)


def _pairs(context: AccessContext, rows: Sequence[wire.Row]) -> list[_Pair]:
    if not rows:
        return []
    ids = np.array([row[0] for row in rows], np.int64)
    tokens = np.frombuffer(b"".join(bytes(row[1]) for row in rows), STORED).reshape(len(rows), WIDTH)
    with index_of(context) as index:
        ranked = zip(ids.tolist(), rank(index, model(), tokens.astype(np.int64), but=ids), strict=True)
        likely = {customer_id: ranking for customer_id, ranking in ranked if _worth_opening(ranking)}
    if not likely:
        return []
    wanted = {each for customer_id, ranking in likely.items() for each in (customer_id, *_ids(ranking.candidates))}
    held = known_as(context, sorted(wanted))
    persons = {record: person for person in held.values() for record in person.records}
    opened = {person.shown_as: identity_of(person) for person in held.values() if not person.restricted}
    judged = (_judge(customer_id, ranking, persons, opened) for customer_id, ranking in likely.items())
    return [pair for pair in judged if pair is not None]


def _worth_opening(ranking: Ranking) -> bool:
    return bool(ranking.candidates) and ranking.candidates[0].probability >= WORTH_OPENING


def _ids(candidates: Iterable[Candidate]) -> list[int]:
    return [one.customer_id for one in candidates]


def _judge(
    customer_id: int, ranking: Ranking, persons: Mapping[int, Held], opened: Mapping[int, Identity]
) -> _Pair | None:
    """The likeliest other of one record, where it is likely enough; restricted people stand against nobody."""
    own = persons.get(customer_id)
    if own is None or own.shown_as not in opened:
        return None
    best: dict[int, Candidate] = {}
    for one in ranking.candidates:
        other = persons.get(one.customer_id)
        if other and other.shown_as in opened and other.shown_as != own.shown_as and other.kind == own.kind:
            best.setdefault(other.shown_as, _as(one, other.shown_as))
    others = Ranking(tuple(best.values()), ranking.nobody, ranking.among)
    judgement = judge(model(), others, opened[own.shown_as], opened, Thresholds())
    found = judgement.best
    if found is None or judgement.outcome is Outcome.NONE or found.household or found.probability < PROPOSE:
        return None
    return _Pair(own, persons[found.customer_id], judgement)


def _as(one: Candidate, customer_id: int) -> Candidate:
    return Candidate(customer_id, one.probability, one.weight, one.evidence, one.household)


def _propose(context: AccessContext, pairs: Sequence[_Pair], *, now: datetime) -> AbstractSet[tuple[int, int]]:
    """The rows of those about whom nobody has decided; the pairs. What two were before others were merged into
    them they still are.
    """
    records = sorted({each for pair in pairs for side in (pair.left, pair.right) for each in side.records})
    decided = set(wire.fetch(_DECIDED, context.controller_id, records)) if records else set()
    fresh = {pair.ids: pair for pair in pairs if not _before(pair, decided)}
    if fresh:
        wire.run(_PROPOSE, context.controller_id, now, wire.packed([_row(pair) for pair in fresh.values()]))
        context.journal.deed(
            context,
            "updates.duplicates.proposed",
            subjects=sorted({each for ids in fresh for each in ids}),
            detail={"pairs": len(fresh)},
        )
    return fresh.keys()


def _before(pair: _Pair, decided: set[wire.Row]) -> bool:
    return any(
        (min(one, other), max(one, other)) in decided for one in pair.left.records for other in pair.right.records
    )


def _row(pair: _Pair) -> Mapping[str, object]:
    left, right = pair.ids
    best = pair.judgement.best
    return {
        "id": new_id(),
        "left_id": left,
        "right_id": right,
        "probability": best.probability if best else 0.0,
        "second": pair.judgement.second,
        "evidence": evidence_json(best.evidence if best else ()),
    }


def _held(context: AccessContext, duplicate_id: int) -> Duplicate:
    """The pair, for this transaction alone; the two are held before it, as by whoever erases one of them."""
    own = Duplicate.objects.filter(controller_id=context.controller_id, id=duplicate_id)
    hold_persons(context, own.values_list("left_id", "right_id").first() or ())
    row = own.select_for_update().first()
    if row is None:
        raise NotFoundError(_("There is no such pair."), place="duplicate", mend=_("Look at the list again."))
    return row


def _open(context: AccessContext, duplicate_id: int) -> Duplicate:
    row = _held(context, duplicate_id)
    if row.state != DuplicateState.OPEN:
        raise ConflictError(_("This pair is decided already."), place="duplicate", mend=_("Go on with the next one."))
    return row


def _settle(context: AccessContext, row: Duplicate, state: DuplicateState, *, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, context.operator_id, now
    row.save(update_fields=["state", "decided_by", "decided_at", "merge_id"])
    context.journal.deed(
        context,
        "updates.duplicate.decided",
        subjects=[row.left_id, row.right_id],
        detail={"duplicate": row.id, "state": state.value},
    )
