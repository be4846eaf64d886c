"""The certificate: composed, signed, named in the log, kept; and what was looked for forgotten, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from trustdesk.audit import api as audit
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Job, Outcome
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.mandates.api import controller
from trustdesk.proof import selectors
from trustdesk.proof.composing import backup_free, composed
from trustdesk.proof.contracts import SEARCH, HitState, SearchState
from trustdesk.proof.documents import sign
from trustdesk.proof.keys import signing_key
from trustdesk.proof.models import Certificate, Found, Search
from trustdesk.proof.sought import SERVICE, Sought, destroyed, opened_many
from trustdesk.scan.api import Automaton, find
from trustdesk.vault.api import destroy


def issue(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[Outcome]:
    """Issue each plan's only certificate. ConflictError while of one something is to be read or decided."""
    searches = [selectors.search_of(context, job.plan_id, locked=True) for job in jobs]
    due = [(job, search) for job, search in zip(jobs, searches, strict=True) if search.state != SearchState.PROVED]
    if any(search.state != SearchState.DECIDED for _job, search in due):
        raise ConflictError("Something is still to be read or decided.", place="proof", mend="Decide what was found.")
    sought = opened_many(context, [search for _job, search in due])
    for job, search in due:
        if search.id not in sought:
            raise destroyed()
        row = _composed(context, job, search, sought[search.id], now)
        row.save(force_insert=True)
        detail: dict[str, object] = {"plan": job.plan_id, "certificate": row.number}
        context.journal.deed(context, "proof.certificate.issued", detail=detail)
        _forget(context, search, now)
        announce(context, Thing(SEARCH, job.plan_id))
    return [Outcome(counts={"certificates": int(search.state == SearchState.PROVED)}) for search in searches]


def _composed(context: AccessContext, job: Job, search: Search, sought: Sought, now: datetime) -> Certificate:
    plan = erasure.plan(context, job.plan_id)
    if plan.erased_at is None:
        raise ConflictError("The person's keys are not destroyed yet.", place="proof", mend="Let the plan go on.")
    free = backup_free(plan.erased_at, epoch_days=settings.TRUSTDESK_EPOCH_DAYS)
    number = to_public(new_id())
    said = composed(
        number=number,
        controller=(context.controller_id, controller(context.controller_id).name),
        plan=plan,
        search=selectors.search(context, job.plan_id),
        laws=_laws(context, search),
        check_values=search.check_values,
        backup_free=free,
        now=now,
    )
    text, signature, digest = sign(said, signing_key())
    if find(Automaton.of(sought.variants), text):
        raise RefusedError(
            "The certificate would name the person.",
            place="certificate",
            mend="Look at the laws and codes in the plan.",
        )
    return Certificate(
        controller_id=context.controller_id,
        id=new_id(),
        plan_id=job.plan_id,
        number=number,
        text=text,
        signature=signature,
        entry_id=audit.vouch(context, digest),
        issued_at=now,
        backup_free_from=free,
        link_digest=search.link_digest,
    )


def _laws(context: AccessContext, search: Search) -> Counter[str]:
    own = Found.objects.filter(controller_id=context.controller_id, search_id=search.id, state=HitState.JUSTIFIED)
    return Counter(own.order_by("id").values_list("law", flat=True))


def _forget(context: AccessContext, search: Search, now: datetime) -> None:
    """Destroy the key: what was looked for and what was found opens for nobody any more, in no copy of the rows."""
    destroy(context, search.id, SERVICE, now=now)
    own = {"controller_id": context.controller_id, "search_id": search.id}
    Found.objects.filter(**own).update(sealed=None)
    search.state, search.sought = SearchState.PROVED, None
    search.save(update_fields=["state", "sought"])
