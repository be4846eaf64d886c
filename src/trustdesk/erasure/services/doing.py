"""The steps that erasure itself takes, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.conversations import api as conversations
from trustdesk.erasure import capabilities, people
from trustdesk.erasure.contracts import Job, Order, Outcome, Result, Step
from trustdesk.erasure.services import ledger, telling
from trustdesk.erasure.services.cutting import cut_of
from trustdesk.erasure.services.holding import grounds
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.vault import api as vault


@dataclass(frozen=True, slots=True)
class HoldCheck:
    """Whether a legal hold stops it (Art. 17(3)(e))."""

    name: str = "holds"
    order: int = Order.HOLD
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        del now
        found = grounds(context, job.people)
        return Outcome(Result.HELD, detail=found[0]) if found else Outcome()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who it is, as tokens, before anything is destroyed: from here on the erasure is carried through."""

    name: str = "ledger"
    order: int = Order.LEDGER
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        if not people.together(context, job.customer_id):
            return Outcome()  # the register has forgotten the person already: there is nothing to know them by
        return Outcome(counts={"tokens": ledger.write(context, job, now=now)})


@dataclass(frozen=True, slots=True)
class Recipients:
    """To whom data of the person were given: written down before the disclosures go (Art. 19)."""

    name: str = "recipients"
    order: int = Order.RECIPIENTS
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        del now
        if not people.together(context, job.customer_id):
            return Outcome()
        return Outcome(counts={"recipients": telling.collect(context, job)})


@dataclass(frozen=True, slots=True)
class OthersTexts:
    """The person cut out of what was written about others, while it is still known by which words."""

    name: str = "texts"
    order: int = Order.CUT
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        if not people.together(context, job.customer_id):
            return Outcome()
        known = register.known_by(context, job.customer_id, what="erasure.cut", now=now)
        names = [value.text for value in known if value.found_as == "name"]
        cut = cut_of(known)
        others = register.mentioned(context, names, but=job.people)
        counts = {"notes": 0, "conversations": 0}
        for customer_id in others:
            counts["notes"] += register.cut_notes(context, customer_id=customer_id, cut=cut, now=now)
        for conversation_id in conversations.overheard(context, job.people, also=others):
            counts["conversations"] += conversations.cut_texts(
                context, conversation_id=conversation_id, people=job.people, cut=cut, now=now
            )
        return Outcome(counts=counts)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Every capability forgets, from the highest to the lowest: recordings with their files, then what stands below."""

    name: str = "capabilities"
    order: int = Order.CAPABILITIES
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        del now
        return Outcome(counts=_erase(context, job.people))


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of the person that nothing kept is sealed under is destroyed, whichever capability had forgotten it."""

    name: str = "keys"
    order: int = Order.KEYS
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        _destroy(context, job.people, now)
        return Outcome(counts=vault.count_keys(context, job.people))


@dataclass(frozen=True, slots=True)
class Tell:
    """The recipients are told; what became of it stands beside each of them (Art. 19)."""

    name: str = "tell"
    order: int = Order.TELL
    prepare: bool = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        return Outcome(counts={"told": telling.tell(context, job, now=now)})


STEPS: Sequence[Step] = (HoldCheck(), Ledger(), Recipients(), OthersTexts(), Capabilities(), Keys(), Tell())


def forget(context: AccessContext, ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """Everything that nothing keeps of these customers, and the keys; rows by capability. Inside the scope."""
    counts = _erase(context, ids)
    _destroy(context, ids, now)
    return counts


def _erase(context: AccessContext, ids: Sequence[int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for declaration in capabilities.from_high_to_low():
        if declaration.erase is None:
            continue
        gone = declaration.erase(context, [ids])[0]
        if gone:
            counts[declaration.capability] = gone
    return counts


def _destroy(context: AccessContext, ids: Sequence[int], now: datetime) -> None:
    kept = {line.under for line in capabilities.kept(context, ids)}
    for customer_id, retention_class in vault.living_classes(context, ids):
        if retention_class not in kept:
            vault.destroy(context, customer_id, retention_class, now=now)
