"""Before anything is erased: what the scan will look for is sealed, because afterwards nobody knows it any more."""

from datetime import datetime

from trustdesk.erasure.contracts import Job, Outcome
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.proof.models import Search
from trustdesk.proof.people import known
from trustdesk.proof.services.systems import known_there
from trustdesk.proof.sought import SERVICE, seal_text, sought_place, written
from trustdesk.scan.api import variants
from trustdesk.vault.api import destroy


def prepare(context: AccessContext, job: Job, *, now: datetime) -> Outcome:
    """Seal what will be looked for under a key of the search's own. Where the plan was drawn anew, anew.

    A code that the person has been handed stays good: its check values are of the same person's data.
    """
    earlier = Search.objects.select_for_update().filter(controller_id=context.controller_id, plan_id=job.plan_id)
    before = earlier.first()
    found = known(context, job.people, now=now)
    spelled = variants(found.person)
    search = Search(
        controller_id=context.controller_id,
        id=new_id(),
        plan_id=job.plan_id,
        variants=len(spelled),
        prepared_at=now,
    )
    if before is not None:
        search.check_values, search.link_digest = before.check_values, before.link_digest
        search.handed_out_at = before.handed_out_at
        forget(context, before, now=now)
    search.sought = seal_text(
        context, search, sought_place(search.id), written(found, spelled, known_there(context, job.people))
    )
    search.save(force_insert=True)
    context.journal.deed(context, "proof.prepared", subjects=list(job.people), detail={"plan": job.plan_id})
    return Outcome(counts={"variants": len(spelled)})


def forget(context: AccessContext, search: Search, *, now: datetime) -> None:
    """Destroy a search's key, and its row: it was of a plan that is not carried out."""
    destroy(context, search.id, SERVICE, now=now)
    search.delete()
