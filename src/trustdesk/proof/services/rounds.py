"""Rounds: searches whose persons are looked for in one walk through everything, for it is reading that costs.

A round is named by the first of its searches. Whoever comes later begins a round of their own, and nobody waits for it:
the rounds that are asked about share the time. A slice is one commit: a kill loses it and nothing else.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from trustdesk.erasure import api as erasure
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.proof import places, tables
from trustdesk.proof.contracts import HitState, PartKind, PartState, SearchState
from trustdesk.proof.models import Found, Part, Search
from trustdesk.proof.services import others
from trustdesk.proof.services.looking import Looker, Slice
from trustdesk.proof.services.others import Finding
from trustdesk.proof.sought import (
    found_place,
    open_text,
    opened_many,
    part_place,
    seal_texts,
    sought_place,
    spelled,
    texts_of,
)

MOST = 200
"""Persons in one round: with their spellings an automaton of some two hundred megabytes."""
SECONDS = 5.0
"""How long one slice reads at least; then it is committed and can't be lost."""
_READING, _LONGEST = 4, 20.0
"""Where making ready takes long, because they are many, reading takes so many times as long, and so many seconds."""
_KEPT = "kept-by-law"


def begin(context: AccessContext, searches: Sequence[Search], now: datetime) -> None:
    """Lay rounds out: a part for each table, folder and so on. What is added to the database meanwhile holds nobody who
    is gone.
    """
    texts = texts_of(context, searches)
    for start in range(0, len(searches), MOST):
        _lay_out(context, searches[start : start + MOST], texts, now)
    context.journal.deed(context, "proof.scan.begun", detail={"plans": [search.plan_id for search in searches]})


def _lay_out(context: AccessContext, searches: Sequence[Search], texts: Mapping[int, str], now: datetime) -> None:
    round_id = searches[0].id
    made = {search.id: spelled(texts[search.id]) for search in searches if search.id in texts}
    boxes = seal_texts(context, ((one, sought_place(one), text) for one, (text, _many) in made.items()))
    fresh = dict(zip(made, boxes, strict=True))
    for search in searches:
        search.round_id, search.state, search.began_at = round_id, SearchState.SCANNING, now
        if search.id in made:
            search.sought, search.variants = fresh[search.id], made[search.id][1]
    Search.objects.bulk_update(searches, ["round_id", "state", "began_at", "sought", "variants"])
    own = {"controller_id": context.controller_id, "round_id": round_id}
    Part.objects.bulk_create(
        [Part(**own, kind=PartKind.TABLE, name=table.name) for table in tables.tables()]
        + [Part(**own, kind=PartKind.SEALED, name=name) for name in others.names()]
        + [Part(**own, kind=PartKind.STORE, name=name) for name in places.folders()]
    )


def read_on(context: AccessContext, round_ids: Iterable[int], now: datetime) -> set[int]:
    """Read as many parts as the time allows, of all who are looked for in these rounds; those that were not read to
    their end before, and may be now.
    """
    left: dict[int, list[Part]] = defaultdict(list)
    own = {"controller_id": context.controller_id, "round_id__in": list(round_ids)}
    unread = Part.objects.filter(**own).exclude(state=PartState.READ)
    for part in unread.order_by("round_id", "kind", "name"):
        left[part.round_id].append(part)
    for round_id, parts in left.items():
        _read_round(context, round_id, parts, seconds=SECONDS / len(left), now=now)
    return set(left)


def _read_round(context: AccessContext, round_id: int, parts: Sequence[Part], *, seconds: float, now: datetime) -> None:
    begun = time.monotonic()
    own = {"controller_id": context.controller_id, "round_id": round_id}
    searches = {one.id: one for one in Search.objects.filter(**own).order_by("id")}
    looker = Looker(context, opened_many(context, list(searches.values())))
    looker.make_ready()
    reading = max(seconds, min(_READING * (time.monotonic() - begun), _LONGEST))
    until = time.monotonic() + reading
    read, findings = [], list[tuple[Part, Finding]]()
    for part in parts:
        came = _read(context, part, looker, until)
        read.append(part)
        findings += [(part, finding) for finding in came.findings]
        if time.monotonic() > until:
            break
    Part.objects.bulk_update(read, ["state", "reached", "columns", "rows", "files", "size", "milliseconds", "unread"])
    _keep(context, searches, findings, now)


def _read(context: AccessContext, part: Part, looker: Looker, until: float) -> Slice:
    begun = time.monotonic()
    reached = None
    if part.reached is not None:
        reached = open_text(context, part.round_id, part_place(part.round_id), part.reached, what="proof.reached")
    came = looker.look(PartKind(part.kind), part.name, reached, until=until)
    part.state = PartState.READ if came.reached is None else PartState.READING
    part.reached = None
    if came.reached is not None:
        [part.reached] = seal_texts(context, [(part.round_id, part_place(part.round_id), came.reached)])
    part.columns = max(part.columns, came.columns)
    part.rows += came.rows
    part.files += came.files
    part.size += came.size
    part.milliseconds += round((time.monotonic() - begun) * 1000)
    part.unread = dict(Counter(part.unread) + came.unread)
    return came


def _keep(
    context: AccessContext, searches: dict[int, Search], findings: Sequence[tuple[Part, Finding]], now: datetime
) -> None:
    """What law keeps of the person was in the plan and approved with it: it is justified as it is found."""
    owned = {one.search_id for _part, one in findings if one.owner}
    laws = {search_id: _Laws(context, searches[search_id].plan_id) for search_id in owned}
    rows, texts = [], []
    for part, finding in findings:
        row = Found(
            controller_id=context.controller_id,
            id=new_id(),
            search_id=finding.search_id,
            kind=part.kind,
            what=finding.what,
            found_at=now,
        )
        law = laws[finding.search_id].of(finding) if finding.owner else ""
        if law:
            row.state, row.reason, row.law = HitState.JUSTIFIED, _KEPT, law
            row.decided_at, row.decided_by = now, context.operator_id
        rows.append(row)
        content = json.dumps({"place": finding.place, "context": finding.context})
        texts.append((finding.search_id, found_place(row.id), content))
    for row, box in zip(rows, seal_texts(context, texts), strict=True):
        row.sealed = box
    Found.objects.bulk_create(rows)


class _Laws:
    """By capability, the law under which something of the person is kept, in rows of the person's own."""

    def __init__(self, context: AccessContext, plan_id: int) -> None:
        plan = erasure.plan(context, plan_id)
        self._people = frozenset(map(str, plan.people))
        self._laws = {line.capability: line.law for line in plan.kept if line.law}

    def of(self, finding: Finding) -> str:
        return self._laws.get(finding.what.split("_")[0], "") if finding.owner in self._people else ""
