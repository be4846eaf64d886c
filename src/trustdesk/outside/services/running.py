"""One try at one connected system: asked alone, its outcome recorded, and believed only after a fresh look.

Nothing here is inside a transaction while the other side is waited for. A try that was killed has left nothing behind
but what it did there, and every deed may be done again: so it is begun anew and finds that much less to do.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import structlog

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import (
    Correction,
    Count,
    Fault,
    Kind,
    Person,
    Preview,
    Receipt,
    Record,
    Sample,
    State,
    Verb,
)
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.choosing import connector_of
from trustdesk.outside.kinds.connector import Connector
from trustdesk.outside.models import Connector as Row
from trustdesk.outside.models import Run
from trustdesk.outside.selectors import connectors, digest_of, held, receipt_of
from trustdesk.outside.services.backoff import next_try, state_after
from trustdesk.outside.services.locks import system_held
from trustdesk.outside.services.secrets import secret_of
from trustdesk.outside.setups import Setup, read_setup

log = structlog.get_logger(__name__)
Opened = Callable[[], AbstractContextManager[Connector]]
Work = Callable[[Person, Opened], Sequence[Count]]
_WORK = "connector:work"


def find(context: AccessContext, *, connector_id: int, person: Person, key: str, now: datetime) -> Receipt:
    """Count what the system holds of the person, and change nothing there.

    `key` names what this is for (a plan, say): the tries of one key are one run, tried again later and later where they
    fail, however often it is asked meanwhile. Needs `connector:work`. NotFoundError for a system that is not there,
    ConflictError for one that is paused; what fails over there is in the receipt, and no receipt of it is `complete`.
    """
    return _run(_Asked(context, connector_id, Verb.FIND, person, key, now), _found)


def preview(context: AccessContext, *, connector_id: int, person: Person, now: datetime) -> Preview:
    """A dry run of an erasure: what would become of what is found, with a few masked samples. It is one look, recorded
    nowhere but in the log; a fault is in its receipt. Needs `connector:work`; errors as `find`.
    """
    context.check_operation(_WORK)
    row, setup, opened = _made(context, connector_id)
    samples: list[Sample] = []
    counts: Sequence[Count] = ()
    fault: OutsideError | None = None
    try:
        with opened() as connector:
            counts = connector.find(person.only(setup.keys), samples.append)
    except OutsideError as told:
        fault = told
    with scoped(context.scope):
        context.journal.deed(context, "outside.previewed", subjects=[person.customer_id], detail=_told(row, counts))
    receipt = Receipt(
        connector_id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        verb=Verb.FIND,
        state=State.AGAIN if fault else State.DONE,
        at=now,
        counts=counts,
        fault=fault.fault if fault else None,
        where=fault.where if fault else "",
    )
    return Preview(receipt=receipt, fates=setup.places, samples=samples)


def export(
    context: AccessContext,
    *,
    connector_id: int,
    person: Person,
    take: Callable[[Record], None],
    key: str,
    now: datetime,
) -> Receipt:
    """Hand out what the system holds of the person (GDPR Art. 15, 20), one record after the other, to `take`; where the
    receipt is not `complete`, throw away what came. Needs `connector:work`; errors and `key` as `find`.
    """

    def work(person: Person, opened: Opened) -> Sequence[Count]:
        with opened() as connector:
            return connector.export(person, take)

    return _run(_Asked(context, connector_id, Verb.EXPORT, person, key, now), work)


def rectify(
    context: AccessContext,
    *,
    connector_id: int,
    person: Person,
    corrections: Sequence[Correction],
    key: str,
    now: datetime,
) -> Receipt:
    """Put values right there too (GDPR Art. 16, 19). The person is found by what they were known by before as well; a
    system that holds none of the attributes answers with nothing changed. Needs `connector:work`; errors and `key` as
    `find`.
    """
    before = {one.attribute: [*person.former.get(one.attribute, ()), one.before] for one in corrections if one.before}
    known = Person(customer_id=person.customer_id, known=person.known, former={**person.former, **before})

    def work(person: Person, opened: Opened) -> Sequence[Count]:
        with opened() as connector:
            return connector.rectify(person, corrections)

    return _run(_Asked(context, connector_id, Verb.RECTIFY, known, key, now), work)


def erase(context: AccessContext, *, connector_id: int, person: Person, key: str, now: datetime) -> Receipt:
    """Delete or clear what the system holds of the person, as its setup declares (GDPR Art. 17, 19), and look again
    over a new connection: only where that finds nothing is the receipt `complete`. `changed` is what this try did;
    after one that was killed it may be nothing, because it was gone already. Done once under a `key`, it answers with
    that receipt. Needs `connector:work`; errors as `find`.
    """

    def work(person: Person, opened: Opened) -> Sequence[Count]:
        with opened() as connector:
            done = connector.erase(person)
        return _after(done, _found(person, opened))

    return _run(_Asked(context, connector_id, Verb.ERASE, person, key, now), work)


def verify(context: AccessContext, *, connector_id: int, person: Person, key: str, now: datetime) -> Receipt:
    """A fresh look whether nothing is left; fault `left` where something is. Needs `connector:work`; errors as
    `find`.
    """

    def work(person: Person, opened: Opened) -> Sequence[Count]:
        counts = _found(person, opened)
        return _after(counts, counts)

    return _run(_Asked(context, connector_id, Verb.VERIFY, person, key, now), work)


def everywhere(context: AccessContext, *, verb: Verb, person: Person, key: str, now: datetime) -> Sequence[Receipt]:
    """`find`, `erase` or `verify` at every connected system of the company, one after the other, in the order of their
    names; a system that fails keeps no other from its turn. All is done where every receipt is `complete`. ValueError
    for another verb: what is handed out or put right needs more than a person.
    """
    context.check_operation(_WORK)
    do = {Verb.FIND: find, Verb.ERASE: erase, Verb.VERIFY: verify}.get(verb)
    if do is None:
        raise ValueError(f"{verb} can't be done everywhere at once")
    return [do(context, connector_id=one.connector_id, person=person, key=key, now=now) for one in connectors(context)]


def withdraw(context: AccessContext, *, key: str) -> int:
    """What waits under this key is asked no more: it is not needed any longer. How many runs that were. What is done
    stays done, and on record. Needs `connector:work`.
    """
    context.check_operation(_WORK)
    digests = [digest_of(context, verb, key) for verb in Verb]
    with scoped(context.scope):
        waiting = Run.objects.filter(controller_id=context.controller_id, key_digest__in=digests)
        gone, _each = waiting.exclude(state=State.DONE).delete()
        if gone:
            context.journal.deed(context, "outside.withdrawn", detail={"runs": gone})
    return gone


def _found(person: Person, opened: Opened) -> Sequence[Count]:
    with opened() as connector:
        return connector.find(person, lambda _sample: None)


def _after(done: Sequence[Count], fresh: Sequence[Count]) -> Sequence[Count]:
    """What was done, with what a fresh look finds doubtful. OutsideError where something of theirs is there still."""
    for count in fresh:
        if count.found:
            raise OutsideError(Fault.LEFT, where=count.place)
    return done


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked: who, of what, under which name, and when."""

    context: AccessContext
    connector_id: int
    verb: Verb
    person: Person
    key: str
    now: datetime

    @property
    def digest(self) -> bytes:
        return digest_of(self.context, self.verb, self.key)


def _run(asked: _Asked, work: Work) -> Receipt:
    """The try, unless it is done already or not yet due."""
    context = asked.context
    context.check_operation(_WORK)
    row, setup, opened = _made(context, asked.connector_id)
    with scoped(context.scope):
        run = Run.objects.filter(
            controller_id=context.controller_id, connector_id=row.id, verb=asked.verb, key_digest=asked.digest
        ).first()
    if run is not None and (_done(run) or (run.next_at is not None and run.next_at > asked.now)):
        return receipt_of(row, run)
    counts: Sequence[Count] = ()
    fault: OutsideError | None = None
    with system_held(context.controller_id, row.id) as mine:
        try:
            counts = work(asked.person.only(setup.keys), opened) if mine else _not_mine()
        except OutsideError as told:
            fault = told
    return _recorded(asked, row, counts, fault)


def _done(run: Run) -> bool:
    return run.state == State.DONE and run.verb in _ONCE


def _not_mine() -> Sequence[Count]:
    raise OutsideError(Fault.BUSY)


_ONCE = frozenset({Verb.ERASE, Verb.RECTIFY})
"""What is done for good; the others look anew each time."""
_NOT_ITS_STATE = frozenset({Fault.BUSY, Fault.LEFT, Fault.PAUSED})
"""Faults that say nothing of whether the system answers."""


def _made(context: AccessContext, connector_id: int) -> tuple[Row, Setup, Opened]:
    row = held(context, connector_id)
    setup = read_setup(Kind(row.kind), row.setup)

    def opened() -> AbstractContextManager[Connector]:
        if row.paused_at is not None:
            raise OutsideError(Fault.PAUSED)
        return connector_of(setup, secret_of(row))

    return row, setup, opened


def _recorded(asked: _Asked, row: Row, counts: Sequence[Count], fault: OutsideError | None) -> Receipt:
    """The outcome on the run's row and on the system's, with the deed of what was done there."""
    context, now = asked.context, asked.now
    with scoped(context.scope):
        run, _new = Run.objects.select_for_update().get_or_create(
            controller_id=context.controller_id,
            connector_id=row.id,
            verb=asked.verb,
            key_digest=asked.digest,
            defaults={
                "id": new_id(),
                "first_at": now,
                "changed_at": now,
                "operator_id": context.operator_id,
                "state": State.AGAIN,
                "fault": Fault.BUSY,
                "next_at": now,
            },
        )
        if run.state == State.DONE:
            run.first_at = now  # a look that is taken anew begins anew
        run.attempt += 1
        run.changed_at = now
        run.counts = [[one.place, one.found, one.doubtful, one.changed] for one in counts]
        run.fault = fault.fault if fault else ""
        run.where = fault.where if fault else ""
        run.state = State.DONE if fault is None else state_after(first_at=run.first_at, now=now)
        run.next_at = None if fault is None else next_try(run.attempt, fault.fault, now=now)
        run.save()
        stands(context, row, fault, now=now)
        if fault is None:
            context.journal.deed(context, f"outside.{asked.verb}", detail={"run": run.id, **_told(row, counts)})
    if fault is not None:
        log.warning("outside_failed", run=str(run.id), code=str(fault.fault), what=str(asked.verb), attempt=run.attempt)
    return receipt_of(row, run)


def stands(context: AccessContext, row: Row, fault: OutsideError | None, *, now: datetime) -> None:
    """How the system stands after a try, inside the scope."""
    if fault is not None and fault.fault in _NOT_ITS_STATE:
        return
    Row.objects.filter(controller_id=context.controller_id, id=row.id).update(
        fault=fault.fault if fault else "",
        where=fault.where if fault else "",
        failing_since=None if fault is None else row.failing_since or now,
        tested_at=now,
    )


def _told(row: Row, counts: Sequence[Count]) -> dict[str, object]:
    return {
        "connector": row.id,
        "found": sum(count.found for count in counts),
        "doubtful": sum(count.doubtful for count in counts),
        "changed": sum(count.changed for count in counts),
    }
