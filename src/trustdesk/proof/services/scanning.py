"""The scan after an erasure: everything is read, a slice a transaction, and what is found waits for somebody."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from trustdesk.erasure.contracts import Job, Outcome, Result
from trustdesk.kernel.context import AccessContext
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.proof.contracts import SEARCH, HitState, PartKind, SearchState
from trustdesk.proof.models import Found, Part, Search
from trustdesk.proof.selectors import missing
from trustdesk.proof.services import rounds, systems

TO_DECIDE = "hits-to-decide"


def scan(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[Outcome]:
    """One slice for all. Each is DONE when everything is read and decided, WAITING while somebody has to decide."""
    searches = _held(context, jobs)
    own = [searches[job.plan_id] for job in jobs]
    again: set[int] = set()
    if fresh := [search for search in own if search.state == SearchState.PREPARED]:
        rounds.begin(context, fresh, now)
        again = {search.id for search in fresh}
    going = {search.round_id for search in own if search.state == SearchState.SCANNING and search.id not in again}
    unread = rounds.read_on(context, [one for one in going if one is not None], now)
    again |= {search.id for search in own if search.round_id in unread}
    outcomes = {search.id: Outcome(Result.AGAIN) for search in own if search.id in again}
    outcomes |= _ended(context, [job for job in jobs if searches[job.plan_id].id not in again], searches, now)
    announce(context, *(Thing(SEARCH, job.plan_id) for job in jobs))
    return [outcomes[search.id] for search in own]


def _held(context: AccessContext, jobs: Sequence[Job]) -> dict[int, Search]:
    """The searches of the plans, locked together with the first of their rounds: one reads a round at a time.

    In the order of their numbers, and so that what is found of another of the round can point to it meanwhile.
    """
    own = {"controller_id": context.controller_id}
    plans = [job.plan_id for job in jobs]
    asked = Search.objects.filter(**own, plan_id__in=plans).order_by("id")
    firsts = {one for one in asked.values_list("round_id", flat=True) if one is not None}
    both = Search.objects.filter(Q(plan_id__in=plans) | Q(id__in=firsts), **own)
    found = {row.plan_id: row for row in both.order_by("id").select_for_update(no_key=True)}
    if any(plan_id not in found for plan_id in plans):
        raise missing()
    return found


def _ended(
    context: AccessContext, jobs: Sequence[Job], searches: dict[int, Search], now: datetime
) -> dict[int, Outcome]:
    """What comes of those of whom everything is read."""
    outcomes: dict[int, Outcome] = {}
    ended: list[tuple[Job, Search]] = []
    for job in jobs:
        search = searches[job.plan_id]
        if search.state == SearchState.SCANNING and not systems.clean(context, job, search, now=now):
            outcomes[search.id] = Outcome(Result.WAITING, detail=systems.NOT_CLEAN)
        else:
            ended.append((job, search))
    return outcomes | _concluded(context, [search for _job, search in ended], now)


def _concluded(context: AccessContext, searches: Sequence[Search], now: datetime) -> dict[int, Outcome]:
    if not searches:
        return {}
    undecided, counts = _undecided(context, searches), _counts(context, searches)
    if ending := [search for search in searches if search.state == SearchState.SCANNING]:
        open_hits = {str(search.plan_id): undecided[search.id] for search in ending if undecided.get(search.id)}
        detail: dict[str, object] = {"plans": [search.plan_id for search in ending], "undecided": open_hits}
        context.journal.deed(context, "proof.scan.ended", detail=detail)
    for search in searches:
        if search.state == SearchState.SCANNING:
            search.ended_at = now
        search.state = SearchState.DECIDING if undecided.get(search.id) else SearchState.DECIDED
    Search.objects.bulk_update(searches, ["state", "ended_at"])
    return {
        search.id: Outcome(Result.WAITING, detail=TO_DECIDE)
        if undecided.get(search.id)
        else Outcome(counts=counts[search.id])
        for search in searches
    }


def _undecided(context: AccessContext, searches: Sequence[Search]) -> dict[int, int]:
    own = {"controller_id": context.controller_id, "search_id__in": [search.id for search in searches]}
    rows = Found.objects.filter(**own, state=HitState.OPEN).values("search_id").annotate(many=Count("id"))
    return {row["search_id"]: row["many"] for row in rows.order_by("search_id")}


def _counts(context: AccessContext, searches: Sequence[Search]) -> dict[int, dict[str, int]]:
    own = {"controller_id": context.controller_id}
    read: dict[int | None, dict[str, int]] = {search.round_id: {"tables": 0, "files": 0} for search in searches}
    for part in Part.objects.filter(**own, round_id__in=list(read)).order_by("round_id", "name"):
        read[part.round_id]["tables"] += part.kind == PartKind.TABLE
        read[part.round_id]["files"] += part.files
    ids = [search.id for search in searches]
    rows = Found.objects.filter(**own, search_id__in=ids).values("search_id").annotate(many=Count("id"))
    found = {row["search_id"]: row["many"] for row in rows.order_by("search_id")}
    return {search.id: {**read[search.round_id], "found": found.get(search.id, 0)} for search in searches}
