"""Before anything is erased: what the scan will look for is sealed, because afterwards nobody knows it any more."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure.contracts import Job, Outcome
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.proof.models import Search
from trustdesk.proof.people import known
from trustdesk.proof.sought import SERVICE, seal_texts, sought_place, written
from trustdesk.vault.api import destroy


def prepare(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[Outcome]:
    """Seal what will be looked for, of each under a key of the search's own. Where a plan was drawn anew, anew.

    All persons are read in one opening. A code that a person has been handed stays good: its check values are of the
    same person's data.
    """
    found = known(context, [job.people for job in jobs], now=now)
    before = _before(context, jobs)
    rows = [_search(context, job, before.get(job.plan_id), now) for job in jobs]
    for search in before.values():
        forget(context, search, now=now)
    pairs = list(zip(rows, found, strict=True))
    boxes = seal_texts(context, [(row.id, sought_place(row.id), written(one)) for row, one in pairs])
    for row, box in zip(rows, boxes, strict=True):
        row.sought = box
    Search.objects.bulk_create(rows)
    context.journal.deed(
        context,
        "proof.prepared",
        subjects=[one for job in jobs for one in job.people],
        detail={"plans": [job.plan_id for job in jobs]},
    )
    return [Outcome(counts={"values": sum(map(len, one.own.values()))}) for one in found]


def _before(context: AccessContext, jobs: Sequence[Job]) -> dict[int, Search]:
    own = {"controller_id": context.controller_id, "plan_id__in": [job.plan_id for job in jobs]}
    return {row.plan_id: row for row in Search.objects.select_for_update().filter(**own).order_by("id")}


def _search(context: AccessContext, job: Job, before: Search | None, now: datetime) -> Search:
    search = Search(controller_id=context.controller_id, id=new_id(), plan_id=job.plan_id, variants=0, prepared_at=now)
    if before is not None:
        search.check_values, search.link_digest = before.check_values, before.link_digest
        search.handed_out_at = before.handed_out_at
    return search


def forget(context: AccessContext, search: Search, *, now: datetime) -> None:
    """Destroy a search's key, and its row: it was of a plan that is not carried out."""
    destroy(context, search.id, SERVICE, now=now)
    search.delete()
