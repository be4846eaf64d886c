"""Connected systems in an erasure: looked at before, erased in when the keys are gone, looked at again by the scan.

Who is looked for there is sealed with the spellings, because afterwards the register knows nobody. A receipt believes a
fresh look (`outside`); while one is not complete the plan waits, visibly, and no certificate is issued.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.erasure.contracts import Job, Outcome, Result
from trustdesk.kernel.context import AccessContext
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Receipt, Verb
from trustdesk.proof.models import Search
from trustdesk.proof.selectors import missing
from trustdesk.proof.sought import Sought, destroyed, opened_many

NOT_ERASED, NOT_CLEAN = "systems-not-erased", "systems-not-clean"


def find(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[Outcome]:
    """A dry look at each system. One that does not answer is counted: it stops the erasure later, not the plan now."""
    outcomes = []
    for receipts in _everywhere(context, jobs, Verb.FIND, now):
        silent = sum(not receipt.complete for receipt in receipts)
        counts = {"systems": len(receipts), "found": sum(receipt.found for receipt in receipts), "silent": silent}
        outcomes.append(Outcome(counts=counts))
    return outcomes


def erase(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[Outcome]:
    """Erased everywhere, each believed only when a fresh look finds nothing."""
    searches = _searches(context, jobs)
    outcomes = []
    for job, receipts in zip(jobs, _everywhere(context, jobs, Verb.ERASE, now), strict=True):
        if not all(receipt.complete for receipt in receipts):
            outcomes.append(Outcome(Result.WAITING, detail=NOT_ERASED))
            continue
        _note(searches[job.plan_id], receipts)
        counts = {"systems": len(receipts), "erased": sum(receipt.changed for receipt in receipts)}
        outcomes.append(Outcome(counts=counts))
    Search.objects.bulk_update(searches.values(), ["systems"])
    return outcomes


def clean(context: AccessContext, job: Job, search: Search, *, now: datetime) -> bool:
    """Whether a last look at every system finds nothing of the person. One that was connected after the others were
    erased in is erased in first.
    """
    if _unasked(context, search):
        [receipts] = _everywhere(context, [job], Verb.ERASE, now)
        if not all(receipt.complete for receipt in receipts):
            return False
        _note(search, receipts)
        search.save(update_fields=["systems"])
    [receipts] = _everywhere(context, [job], Verb.VERIFY, now)
    return all(receipt.complete for receipt in receipts)


def _unasked(context: AccessContext, search: Search) -> bool:
    asked = {one["name"] for one in search.systems}
    return any(one.name not in asked for one in outside.connectors(context))


def _note(search: Search, receipts: Sequence[Receipt]) -> None:
    """What each system answered, once: where it was asked before, that is kept, for it was erased in then."""
    known = {one["name"]: one for one in search.systems}
    for one in receipts:
        said = {
            "name": one.name,
            "kind": one.kind.value,
            "found": one.found,
            "erased": one.changed,
            "doubtful": one.doubtful,
        }
        known.setdefault(one.name, said)
    search.systems = list(known.values())


def withdraw(context: AccessContext, search: Search) -> None:
    """The plan is not carried out: what waits is asked no more."""
    outside.withdraw(context, key=_key(search.plan_id))


def _everywhere(context: AccessContext, jobs: Sequence[Job], verb: Verb, now: datetime) -> list[Sequence[Receipt]]:
    if not outside.connectors(context):
        return [()] * len(jobs)
    searches = _searches(context, jobs)
    sought: Mapping[int, Sought] = opened_many(context, list(searches.values()))
    if len(sought) < len(searches):
        raise destroyed()
    return [
        outside.everywhere(
            context, verb=verb, person=sought[searches[job.plan_id].id].elsewhere, key=_key(job.plan_id), now=now
        )
        for job in jobs
    ]


def _searches(context: AccessContext, jobs: Sequence[Job]) -> dict[int, Search]:
    """By plan, locked: what systems answered is written there."""
    own = {"controller_id": context.controller_id, "plan_id__in": [job.plan_id for job in jobs]}
    found = {row.plan_id: row for row in Search.objects.filter(**own).order_by("id").select_for_update(no_key=True)}
    if any(job.plan_id not in found for job in jobs):
        raise missing()
    return found


def _key(plan_id: int) -> str:
    return f"erasure:{plan_id}"
