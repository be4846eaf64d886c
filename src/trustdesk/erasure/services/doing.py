"""The steps that erasure itself takes, in their order, each for many plans at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.conversations import api as conversations
from trustdesk.erasure import capabilities
from trustdesk.erasure.contracts import Job, Order, Outcome, Result, Step
from trustdesk.erasure.services import ledger, telling
from trustdesk.erasure.services.cutting import cut_of
from trustdesk.erasure.services.holding import grounds
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person
from trustdesk.register import api as register
from trustdesk.vault import api as vault


@dataclass(frozen=True, slots=True)
class HoldCheck:
    """Whether a legal hold stops it (Art. 17(3)(e))."""

    name: str = "holds"
    order: int = Order.HOLD
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        del now
        found = grounds(context, [job.people for job in jobs])
        return [Outcome(Result.HELD, detail=held[0]) if held else Outcome() for held in found]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who it is, as tokens, before anything is destroyed: from here on the erasure is carried through."""

    name: str = "ledger"
    order: int = Order.LEDGER
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return _of_the_known(context, jobs, lambda known: _counted("tokens", ledger.write(context, known, now=now)))


@dataclass(frozen=True, slots=True)
class Recipients:
    """To whom data of the person were given: written down before the disclosures go (Art. 19)."""

    name: str = "recipients"
    order: int = Order.RECIPIENTS
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        del now
        return _of_the_known(context, jobs, lambda known: _counted("recipients", telling.collect(context, known)))


@dataclass(frozen=True, slots=True)
class OthersTexts:
    """The person cut out of what was written about others, while it is still known by which words."""

    name: str = "texts"
    order: int = Order.CUT
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return _of_the_known(context, jobs, lambda known: _cut(context, known, now))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Every capability forgets, from the highest to the lowest: recordings with their files, then what stands below."""

    name: str = "capabilities"
    order: int = Order.CAPABILITIES
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        del now
        return [Outcome(counts=counts) for counts in _erase(context, [job.people for job in jobs])]


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of the person that nothing kept is sealed under is destroyed, whichever capability had forgotten it."""

    name: str = "keys"
    order: int = Order.KEYS
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        persons = [job.people for job in jobs]
        _destroy(context, persons, now)
        return [Outcome(counts=counts) for counts in vault.count_keys(context, persons)]


@dataclass(frozen=True, slots=True)
class Tell:
    """The recipients are told; what became of it stands beside each of them (Art. 19)."""

    name: str = "tell"
    order: int = Order.TELL
    prepare: bool = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return _counted("told", telling.tell(context, jobs, now=now))


STEPS: Sequence[Step] = (HoldCheck(), Ledger(), Recipients(), OthersTexts(), Capabilities(), Keys(), Tell())


def forget(context: AccessContext, persons: Sequence[Person], *, now: datetime) -> list[dict[str, int]]:
    """Everything that nothing keeps of these persons, and the keys; rows by capability. Inside the scope."""
    counts = _erase(context, persons)
    _destroy(context, persons, now)
    return counts


def _of_the_known(
    context: AccessContext, jobs: Sequence[Job], act: Callable[[Sequence[Job]], Sequence[Outcome]]
) -> list[Outcome]:
    """Act for those whom the register still knows: those it has forgotten there is nothing to know by."""
    there = register.persons(context, [job.customer_id for job in jobs])
    known = [job for job in jobs if job.customer_id in there]
    outcomes = dict(zip((job.plan_id for job in known), act(known) if known else (), strict=True))
    return [outcomes.get(job.plan_id, Outcome()) for job in jobs]


def _counted(what: str, counts: Sequence[int]) -> list[Outcome]:
    return [Outcome(counts={what: count}) for count in counts]


def _cut(context: AccessContext, jobs: Sequence[Job], now: datetime) -> list[Outcome]:
    people = [job.people for job in jobs]
    known = register.known_by(context, people, what="erasure.cut")
    names = [[value.text for value in own if value.found_as == "name"] for own in known]
    mentioning = register.mentioned(context, names, but=people)
    heard = conversations.overheard(context, people, also=mentioning)
    outcomes = []
    for job, own, others, conversation_ids in zip(jobs, known, mentioning, heard, strict=True):
        notes = texts = 0
        if others or conversation_ids:
            cut = cut_of(own)
            notes = sum(register.cut_notes(context, customer_id=each, cut=cut, now=now) for each in others)
            texts = sum(
                conversations.cut_texts(context, conversation_id=each, people=job.people, cut=cut, now=now)
                for each in conversation_ids
            )
        outcomes.append(Outcome(counts={"notes": notes, "conversations": texts}))
    return outcomes


def _erase(context: AccessContext, persons: Sequence[Person]) -> list[dict[str, int]]:
    counts: list[dict[str, int]] = [{} for _person in persons]
    for declaration in capabilities.from_high_to_low():
        if declaration.erase is None:
            continue
        for own, gone in zip(counts, declaration.erase(context, persons), strict=True):
            if gone:
                own[declaration.capability] = gone
    return counts


def _destroy(context: AccessContext, persons: Sequence[Person], now: datetime) -> None:
    living: dict[int, list[vault.RetentionClass]] = {}
    for customer_id, name in vault.living_classes(context, [each for person in persons for each in person]):
        living.setdefault(customer_id, []).append(name)
    going = []
    for person, lines in zip(persons, capabilities.kept(context, persons), strict=True):
        kept = {line.under for line in lines}
        going += [(each, name) for each in person for name in living.get(each, ()) if name not in kept]
    vault.destroy_many(context, going, now=now)
