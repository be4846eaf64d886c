"""The scan after an erasure: parts are laid out, then read a slice a transaction, and what is found waits for somebody.

A kill loses the slice that was being read and nothing else: findings, counts and the place reached are one commit.
"""

import json
import time
from collections import Counter
from datetime import datetime

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Job, Outcome, PlanLine, Result
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.proof import places, tables
from trustdesk.proof.contracts import SEARCH, HitState, PartKind, PartState, SearchState
from trustdesk.proof.models import Found, Part, Search
from trustdesk.proof.selectors import search_of
from trustdesk.proof.services import systems
from trustdesk.proof.services.looking import Finding, Looker, Slice
from trustdesk.proof.sought import found_place, open_text, opened, part_place, seal_text

SECONDS = 5.0
"""How long one slice takes; then it is committed and can't be lost."""
OTHERS = "register.free_texts"
TO_DECIDE = "hits-to-decide"
_KEPT = "kept-by-law"


def scan(context: AccessContext, job: Job, *, now: datetime) -> Outcome:
    """One slice. DONE when everything is read and decided, WAITING while somebody has to decide."""
    search = search_of(context, job.plan_id, locked=True)
    if search.state == SearchState.PREPARED:
        _lay_out(context, search, now)
        return Outcome(Result.AGAIN)
    if _read_on(context, search, job, now):
        return Outcome(Result.AGAIN)
    if search.state == SearchState.SCANNING and not systems.clean(context, job, now=now):
        return Outcome(Result.WAITING, detail=systems.NOT_CLEAN)
    return _conclude(context, search, now)


def _lay_out(context: AccessContext, search: Search, now: datetime) -> None:
    """A row for each table, folder and so on: what is added to the database meanwhile holds nobody who is gone."""
    own = {"controller_id": context.controller_id, "search_id": search.id}
    Part.objects.bulk_create(
        [Part(**own, kind=PartKind.TABLE, name=table.name) for table in tables.tables()]
        + [Part(**own, kind=PartKind.SEALED, name=OTHERS)]
        + [Part(**own, kind=PartKind.STORE, name=name) for name in places.folders()]
    )
    search.state, search.began_at = SearchState.SCANNING, now
    search.save(update_fields=["state", "began_at"])
    context.journal.deed(context, "proof.scan.begun", detail={"plan": search.plan_id})


def _read_on(context: AccessContext, search: Search, job: Job, now: datetime) -> bool:
    """Read as many parts as the time allows; whether there was anything left to read."""
    left = Part.objects.filter(controller_id=context.controller_id, search_id=search.id).exclude(state=PartState.READ)
    parts = list(left.order_by("kind", "name"))
    if not parts:
        return False
    looker, until = Looker(context, opened(context, search)), time.monotonic() + SECONDS
    for part in parts:
        _read(context, search, part, looker, job, until=until, now=now)
        if time.monotonic() > until:
            break
    announce(context, Thing(SEARCH, search.plan_id))
    return True


def _read(
    context: AccessContext, search: Search, part: Part, looker: Looker, job: Job, *, until: float, now: datetime
) -> None:
    begun = time.monotonic()
    reached = None
    if part.reached is not None:
        reached = open_text(context, search, part_place(search.id), part.reached, what="proof.reached")
    came = looker.look(PartKind(part.kind), part.name, reached, until=until)
    _note(context, search, part, came, milliseconds=round((time.monotonic() - begun) * 1000))
    laws = _laws(context, job) if any(finding.owner for finding in came.findings) else {}
    for finding in came.findings:
        _keep(context, search, part, finding, law=_kept_by(job, finding, laws), now=now)


def _note(context: AccessContext, search: Search, part: Part, came: Slice, *, milliseconds: int) -> None:
    part.state = PartState.READ if came.reached is None else PartState.READING
    part.reached = None
    if came.reached is not None:
        part.reached = seal_text(context, search, part_place(search.id), came.reached)
    part.columns = max(part.columns, came.columns)
    part.rows += came.rows
    part.files += came.files
    part.size += came.size
    part.milliseconds += milliseconds
    part.unread = dict(Counter(part.unread) + came.unread)
    part.save()


def _keep(context: AccessContext, search: Search, part: Part, finding: Finding, *, law: str, now: datetime) -> None:
    """What law keeps of the person was in the plan and approved with it: it is justified as it is found."""
    row = Found(
        controller_id=context.controller_id,
        id=new_id(),
        search_id=search.id,
        kind=part.kind,
        what=finding.what,
        found_at=now,
    )
    if law:
        row.state, row.reason, row.law = HitState.JUSTIFIED, _KEPT, law
        row.decided_at, row.decided_by = now, context.operator_id
    content = json.dumps({"place": finding.place, "context": finding.context})
    row.sealed = seal_text(context, search, found_place(row.id), content)
    row.save(force_insert=True)


def _laws(context: AccessContext, job: Job) -> dict[str, str]:
    """By capability, the law under which something of the person is kept."""
    kept: dict[str, PlanLine] = {line.capability: line for line in erasure.plan(context, job.plan_id).kept}
    return {capability: line.law for capability, line in kept.items() if line.law}


def _kept_by(job: Job, finding: Finding, laws: dict[str, str]) -> str:
    """The law, where it stands in a row of the person's own in a capability that keeps something by law."""
    if finding.owner not in {str(one) for one in job.people}:
        return ""
    return laws.get(finding.what.split("_")[0], "")


def _conclude(context: AccessContext, search: Search, now: datetime) -> Outcome:
    undecided = Found.objects.filter(
        controller_id=context.controller_id, search_id=search.id, state=HitState.OPEN
    ).count()
    if search.state == SearchState.SCANNING:
        search.ended_at = now
        context.journal.deed(context, "proof.scan.ended", detail={"plan": search.plan_id, "undecided": undecided})
    search.state = SearchState.DECIDING if undecided else SearchState.DECIDED
    search.save(update_fields=["state", "ended_at"])
    announce(context, Thing(SEARCH, search.plan_id))
    if undecided:
        return Outcome(Result.WAITING, detail=TO_DECIDE)
    return Outcome(counts=_counts(context, search))


def _counts(context: AccessContext, search: Search) -> dict[str, int]:
    own = {"controller_id": context.controller_id, "search_id": search.id}
    parts = list(Part.objects.filter(**own).order_by("name"))
    return {
        "tables": sum(part.kind == PartKind.TABLE for part in parts),
        "files": sum(part.files for part in parts),
        "found": Found.objects.filter(**own).count(),
    }
