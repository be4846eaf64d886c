"""The certificate: composed, signed, named in the log, kept; and what was looked for forgotten, in one transaction."""

from collections import Counter
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
from trustdesk.proof.models import Certificate, Found, Part, Search
from trustdesk.proof.sought import SERVICE, opened
from trustdesk.scan.api import Automaton, find
from trustdesk.vault.api import destroy


def issue(context: AccessContext, job: Job, *, now: datetime) -> Outcome:
    """Issue the plan's only certificate. ConflictError while something is to be read or decided."""
    search = selectors.search_of(context, job.plan_id, locked=True)
    if search.state == SearchState.PROVED:
        return Outcome()
    if search.state != SearchState.DECIDED:
        raise ConflictError("Something is still to be read or decided.", place="proof", mend="Decide what was found.")
    row = _composed(context, job, search, now)
    row.save(force_insert=True)
    detail: dict[str, object] = {"plan": job.plan_id, "certificate": row.number}
    context.journal.deed(context, "proof.certificate.issued", detail=detail)
    _forget(context, search, now)
    announce(context, Thing(SEARCH, job.plan_id))
    return Outcome(counts={"certificates": 1})


def _composed(context: AccessContext, job: Job, search: Search, now: datetime) -> Certificate:
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
    if find(Automaton.of(opened(context, search).variants), text):
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
    Part.objects.filter(**own).update(reached=None)
    search.state, search.sought = SearchState.PROVED, None
    search.save(update_fields=["state", "sought"])
