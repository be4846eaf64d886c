"""Connected systems in an erasure: looked at before, erased in when the keys are gone, looked at again by the scan.

Who is looked for there is sealed with the spellings, because afterwards the register knows nobody. A receipt believes a
fresh look (`outside`); while one is not complete the plan waits, visibly, and no certificate is issued.
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure.contracts import Job, Outcome, Result
from trustdesk.kernel.context import AccessContext
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Person, Receipt, Verb
from trustdesk.proof.models import Search
from trustdesk.proof.selectors import search_of
from trustdesk.proof.sought import opened

NOT_ERASED, NOT_CLEAN = "systems-not-erased", "systems-not-clean"


def known_there(context: AccessContext, people: Sequence[int]) -> list[Person]:
    """By what the person is known to the company's systems: nothing is read where there are none."""
    if not outside.connectors(context):
        return []
    return [outside.person_of(context, customer_id=customer_id) for customer_id in people]


def find(context: AccessContext, job: Job, *, now: datetime) -> Outcome:
    """A dry look at each system. One that does not answer is counted: it stops the erasure later, not the plan now."""
    receipts = _everywhere(context, job, Verb.FIND, now)
    silent = sum(not receipt.complete for receipt in receipts)
    counts = {"systems": len(receipts), "found": sum(receipt.found for receipt in receipts), "silent": silent}
    return Outcome(counts=counts)


def erase(context: AccessContext, job: Job, *, now: datetime) -> Outcome:
    """Erased everywhere, each believed only when a fresh look finds nothing."""
    receipts = _everywhere(context, job, Verb.ERASE, now)
    if not all(receipt.complete for receipt in receipts):
        return Outcome(Result.WAITING, detail=NOT_ERASED)
    search = search_of(context, job.plan_id, locked=True)
    search.systems = [
        {
            "name": one.name,
            "kind": one.kind.value,
            "found": one.found,
            "erased": one.changed,
            "doubtful": one.doubtful,
        }
        for one in receipts
    ]
    search.save(update_fields=["systems"])
    return Outcome(counts={"systems": len(receipts), "erased": sum(receipt.changed for receipt in receipts)})


def clean(context: AccessContext, job: Job, *, now: datetime) -> bool:
    """Whether a last look at every system finds nothing of the person."""
    return all(receipt.complete for receipt in _everywhere(context, job, Verb.VERIFY, now))


def withdraw(context: AccessContext, search: Search) -> None:
    """The plan is not carried out: what waits is asked no more."""
    outside.withdraw(context, key=_key(search.plan_id, 0))


def _everywhere(context: AccessContext, job: Job, verb: Verb, now: datetime) -> list[Receipt]:
    if not outside.connectors(context):
        return []
    persons = opened(context, search_of(context, job.plan_id)).outside
    return [
        receipt
        for number, person in enumerate(persons)
        for receipt in outside.everywhere(context, verb=verb, person=person, key=_key(job.plan_id, number), now=now)
    ]


def _key(plan_id: int, number: int) -> str:
    return f"erasure:{plan_id}:{number}"
