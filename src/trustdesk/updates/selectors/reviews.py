"""Reviews that wait, and one of them side by side."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.matching.contracts import Candidate, Said
from trustdesk.register import api as register
from trustdesk.register.contracts import Held
from trustdesk.updates.candidates import ERASED, closed, compared, covered
from trustdesk.updates.contracts import (
    Change,
    ChangeKind,
    ReviewLine,
    ReviewState,
    ReviewView,
    Shown,
    Waiting,
)
from trustdesk.updates.models import Review
from trustdesk.updates.services.payloads import SERVICE, read_change, read_ranking, review_place
from trustdesk.vault.api import SealedBox, open_many

Parameter = int | str | datetime

MOST = 200
_WAITING: LiteralString = """
FROM updates_review r JOIN updates_change c ON c.controller_id = r.controller_id AND c.id = r.change_id
WHERE r.controller_id = %(controller)s AND r.state IN ('open', 'second', 'split')
"""
_COUNTS: LiteralString = (
    "SELECT c.kind, c.feed_id, max((r.terms ->> 'source')::bigint), count(*) "
    + _WAITING
    + " GROUP BY c.kind, c.feed_id"
)
_COLUMNS: LiteralString = """
SELECT r.change_id, c.kind, c.feed_id, (r.terms ->> 'source')::bigint, c.as_of, r.opened_at, r.risky, r.state,
  jsonb_array_length(r.candidate_ids), (r.candidates #>> '{candidates,0,probability}')::float8,
  coalesce(%(operator)s IN (r.first_by, r.second_by), false)
"""
_OLDEST: LiteralString = " ORDER BY r.opened_at, r.change_id LIMIT %(limit)s"
_FILTERS: LiteralString = """
  AND (%(kind)s = '' OR c.kind = %(kind)s) AND (%(feed)s = 0 OR c.feed_id = %(feed)s)
"""
_ONE: LiteralString = (
    _COLUMNS
    + """, c.reason, c.position
FROM updates_review r JOIN updates_change c ON c.controller_id = r.controller_id AND c.id = r.change_id
WHERE r.controller_id = %(controller)s AND r.change_id = %(change)s
"""
)
# The oldest after this one that is not waiting for somebody else, else the oldest of all.
_OTHERS: LiteralString = (
    "SELECT r.change_id "
    + _WAITING
    + _FILTERS
    + " AND r.change_id <> %(change)s AND NOT coalesce(%(operator)s IN (r.first_by, r.second_by), false)"
)
_FIRST: LiteralString = " ORDER BY r.opened_at, r.change_id LIMIT 1"
_AFTER: LiteralString = " AND (r.opened_at, r.change_id) > (%(opened)s, %(change)s)"


def waiting(context: AccessContext) -> Waiting:
    """How many reviews wait, of each kind and each feed. Needs `update:read`; opens nothing."""
    context.check_operation("update:read")
    with scoped(context.scope):
        rows = _rows(_COUNTS, {"controller": context.controller_id})
    kinds: dict[ChangeKind, int] = {}
    feeds: dict[int, int] = {}
    sources: dict[int, int] = {}
    for kind, feed_id, source_id, count in rows:
        sources[feed_id] = source_id
        kinds[ChangeKind(kind)] = kinds.get(ChangeKind(kind), 0) + count
        feeds[feed_id] = feeds.get(feed_id, 0) + count
    return Waiting(sum(kinds.values()), kinds, feeds, sources)


def reviews(
    context: AccessContext, *, kind: ChangeKind | None = None, feed_id: int | None = None, limit: int = 100
) -> Sequence[ReviewLine]:
    """The reviews that wait, oldest first, at most 200. Needs `update:review`; opens nothing."""
    context.check_operation("update:review")
    with scoped(context.scope):
        rows = _rows(
            _COLUMNS + _WAITING + _FILTERS + _OLDEST,
            {**_wanted(context, kind, feed_id), "limit": min(limit, MOST)},
        )
    return [_line(row) for row in rows]


def review(
    context: AccessContext, change_id: int, *, kind: ChangeKind | None = None, feed_id: int | None = None
) -> ReviewView:
    """One review: what the feed says beside the candidates as the register holds them, in one opening of the change and
    one of the candidates. Needs `update:review`. `kind` and `feed_id`: of which the next one is looked for.

    Of who is restricted or was erased nothing is opened. What others chose is told to whoever has chosen, and to a
    third person where two disagree. NotFoundError for one that can't be seen from here.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        asked = {**_wanted(context, kind, feed_id), "change": change_id}
        found = _rows(_ONE, asked)
        row = Review.objects.filter(controller_id=context.controller_id, change_id=change_id).first()
        if not found or row is None:
            raise NotFoundError(_("There is no such review."), place="review", mend=_("Look at the list again."))
        line = _line(found[0])
        following = next_review(context, change_id, kind=kind, feed_id=feed_id)
        ranking = read_ranking(row.candidates)
        why = closed(context, [one.customer_id for one in ranking.candidates])
        shut = row.closed or why.get(row.customer_id, "")
        change = None if shut or line.state is ReviewState.DECIDED else _opened(context, row, position=found[0][-1])
        if change is None and not shut and line.state is not ReviewState.DECIDED:
            shut = ERASED
        held = _held(context, ranking.candidates, why) if change else {}
    said = covered(context, change.person) if change else []
    knows = line.mine or line.state in (ReviewState.SPLIT, ReviewState.DECIDED)
    return ReviewView(
        line=line,
        change=_seen(context, change) if change else None,
        nobody=ranking.nobody,
        why=found[0][-2],
        shown=[_shown(one, said, held, why) for one in ranking.candidates],
        closed=shut,
        may_choose=change is not None and not line.mine,
        first=row.first_choice if knows else None,
        second=row.second_choice if knows else None,
        first_by=row.first_by if knows else None,
        second_by=row.second_by if knows else None,
        next_id=following,
    )


def next_review(
    context: AccessContext, change_id: int, *, kind: ChangeKind | None = None, feed_id: int | None = None
) -> int | None:
    """The oldest review after this one about which the operator may still say something, then the oldest of all; None
    where there is none. Needs `update:review`.
    """
    context.check_operation("update:review")
    with scoped(context.scope):
        row = Review.objects.filter(controller_id=context.controller_id, change_id=change_id).first()
        if row is None:
            return None
        asked = {**_wanted(context, kind, feed_id), "change": change_id, "opened": row.opened_at}
        following = _rows(_OTHERS + _AFTER + _FIRST, asked) or _rows(_OTHERS + _FIRST, asked)
    return following[0][0] if following else None


def _wanted(context: AccessContext, kind: ChangeKind | None, feed_id: int | None) -> dict[str, Parameter]:
    return {
        "controller": context.controller_id,
        "operator": context.operator_id,
        "kind": kind or "",
        "feed": feed_id or 0,
    }


def _rows(statement: LiteralString, parameters: Mapping[str, Parameter]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _opened(context: AccessContext, row: Review, *, position: str) -> Change | None:
    box = SealedBox(row.customer_id, SERVICE, review_place(row.change_id), bytes(row.sealed))
    opening = Opening("updates.review", [row.customer_id], ["change"])
    text = open_many(context, opening=opening, boxes=[box])[0]
    return None if text is None else read_change(text, position=position)


def _held(context: AccessContext, candidates: Sequence[Candidate], why: Mapping[int, str]) -> Mapping[int, Held]:
    open_ids = [one.customer_id for one in candidates if one.customer_id not in why]
    held = register.known_as(context, open_ids) if open_ids else {}
    return {record: person for person in held.values() for record in person.records}


def _seen(context: AccessContext, change: Change) -> Change:
    """As far as the mandate covers it."""
    return Change(
        position=change.position,
        kind=change.kind,
        person=covered(context, change.person),
        becomes=covered(context, change.becomes),
        ends=covered(context, change.ends),
        as_of=change.as_of,
        key=change.key,
        country=change.country,
    )


def _shown(one: Candidate, said: Sequence[Said], held: Mapping[int, Held], why: Mapping[int, str]) -> Shown:
    theirs = held.get(one.customer_id)
    return Shown(
        customer_id=one.customer_id,
        probability=one.probability,
        household=one.household,
        compared=compared(said, theirs.values, one.evidence) if theirs else (),
        closed=why.get(one.customer_id, ""),
    )


def _line(row: Sequence[Any]) -> ReviewLine:
    return ReviewLine(
        change_id=row[0],
        kind=ChangeKind(row[1]),
        feed_id=row[2],
        source_id=row[3],
        as_of=row[4],
        opened_at=row[5],
        risky=row[6],
        state=ReviewState(row[7]),
        candidates=row[8],
        probability=row[9] or 0.0,
        mine=row[10],
    )
