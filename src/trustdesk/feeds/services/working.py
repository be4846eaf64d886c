"""Applying a delivery: in chunks that are each one transaction with what they changed, so that whatever dies leaves
nothing half done, and whoever goes on begins after the last one.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from trustdesk.feeds.brake import ahead
from trustdesk.feeds.contracts import REPEATED, DeliveryState, FeedState
from trustdesk.feeds.models import Chunk, Delivery, Feed, Parked
from trustdesk.feeds.reading import Fault, FaultCode
from trustdesk.feeds.services.contexts import WORK, house
from trustdesk.feeds.services.forgetting import forget_file
from trustdesk.feeds.services.opening import records_of
from trustdesk.feeds.services.rows import locked_delivery
from trustdesk.feeds.services.taking import taken, terms_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.updates.contracts import Change, Verdict

CHUNK = 500
ALONE_FROM = 3
"""From this try on records are taken one by one: what went wrong before goes wrong with one of them."""
CONTRADICTS = "contradicts-itself"
_LONGEST = 200


def work(feed: Feed, delivery: Delivery, *, until: datetime) -> bool:
    """Apply what is not applied yet, and what was set aside where that is to be tried again; True where time was over
    before its end. A delivery that is not to be worked on any more is left alone.
    """
    context = _context(feed)
    done, again = _standing(context, delivery)
    sorter = _Sorter()
    records = records_of(context, feed, delivery, now=clock.now())
    for number, batch in enumerate(iter(lambda: list(islice(records, CHUNK)), [])):
        found = sorter.sort(batch, number * CHUNK, now=clock.now())
        if number in done:
            found = found.only(again)
            if not found.changes:
                continue
        if clock.now() >= until:
            return True
        if not _apply(feed, delivery, None if number in done else number, found):
            return False
    _finish(_context(feed), feed, delivery, now=clock.now())
    return False


def _context(feed: Feed) -> AccessContext:
    context = house(feed.controller_id, now=clock.now())
    context.check_operation(WORK)
    return context


def _standing(context: AccessContext, delivery: Delivery) -> tuple[set[int], set[int]]:
    """The chunks that are done, and the records set aside that are to be tried again."""
    with scoped(context.scope):
        held = {"controller_id": context.controller_id, "delivery_id": delivery.id}
        done = set(Chunk.objects.filter(**held).values_list("number", flat=True))
        if delivery.retry_at is None:
            return done, set()
        waiting = Parked.objects.filter(**held, taken_at=None, parked_at__lt=delivery.retry_at)
        return done, set(waiting.values_list("number", flat=True))


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A chunk: what is to be taken, with its places in the delivery, and what is set aside."""

    records: int
    changes: Sequence[tuple[int, Change]]
    parked: Sequence[tuple[int, Fault]]
    repeated: int

    def only(self, numbers: AbstractSet[int]) -> "_Sorted":
        """Those of them that were set aside before and can be read now."""
        return _Sorted(0, [one for one in self.changes if one[0] in numbers], [], 0)


@dataclass(slots=True)
class _Sorter:
    """What can't be taken is told apart before the register is asked. Knows each position of the delivery."""

    _positions: dict[int, int] = field(default_factory=dict)

    def sort(self, batch: Sequence[Change | Fault], first: int, *, now: datetime) -> _Sorted:
        changes: list[tuple[int, Change]] = []
        parked: list[tuple[int, Fault]] = []
        repeated = 0
        for number, record in enumerate(batch, first):
            if not isinstance(record, Change):
                parked.append((number, record))
                continue
            said, known = _said(record), None
            if record.position:
                place = hash((record.position, record.kind))
                known = self._positions.get(place)
                self._positions.setdefault(place, said)
            if known == said:
                repeated += 1
            elif known is not None:
                parked.append((number, Fault(record.position, "", CONTRADICTS)))
            elif ahead(record, now=now):
                parked.append((number, Fault(record.position, "", FaultCode.FUTURE)))
            else:
                changes.append((number, record))
        return _Sorted(len(batch), changes, parked, repeated)


def _said(change: Change) -> int:
    """What a record says, as a number that holds in this process only."""
    return hash((change.key, change.as_of, tuple(change.person), tuple(change.becomes), tuple(change.ends)))


def _apply(feed: Feed, delivery: Delivery, number: int | None, found: _Sorted) -> bool:
    """One chunk, in one transaction; False where the delivery is to be applied no further. Without a number they are
    records that were set aside before.
    """
    now, context = clock.now(), _context(feed)
    with scoped(context.scope):
        row = locked_delivery(context, delivery.id)
        going = Feed.objects.filter(controller_id=feed.controller_id, id=feed.id, state=FeedState.ACTIVE)
        if row.state != DeliveryState.WORKING or not going.exists():
            return False
        changes = [change for _number, change in found.changes]
        verdicts = taken(
            context, changes, terms=terms_of(context, feed, delivery), alone=delivery.attempt >= ALONE_FROM, now=now
        )
        fates: Counter[str] = Counter({REPEATED: found.repeated} if found.repeated else {})
        parked, settled = list(found.parked), []
        for (place, change), verdict in zip(found.changes, verdicts, strict=True):
            if isinstance(verdict, Verdict):
                fates[str(verdict.fate)] += 1
                settled.append(place)
            else:
                parked.append((place, Fault(change.position, "", verdict)))
        _written(row, number, found.records, parked, fates, now=now)
        if number is None:
            Parked.objects.filter(
                controller_id=row.controller_id, delivery_id=row.id, number__in=settled, taken_at=None
            ).update(taken_at=now)
        announce(context, Thing("feed", feed.id))
    return True


def _written(
    row: Delivery,
    number: int | None,
    records: int,
    parked: Sequence[tuple[int, Fault]],
    fates: Counter[str],
    *,
    now: datetime,
) -> None:
    """A chunk is done when it is here; what was set aside before and taken now counts below nought."""
    held = {"controller_id": row.controller_id, "delivery_id": row.id}
    if number is None:
        lowest = Chunk.objects.filter(**held).order_by("number").values_list("number", flat=True).first()
        number = min(lowest or 0, 0) - 1
    Chunk.objects.create(**held, number=number, records=records, parked=len(parked), fates=fates, committed_at=now)
    Parked.objects.bulk_create(
        [
            Parked(
                **held,
                number=place,
                position=fault.position[:_LONGEST],
                place=fault.place[:_LONGEST],
                code=fault.code[:_LONGEST],
                parked_at=now,
            )
            for place, fault in parked
        ],
        update_conflicts=True,
        update_fields=["place", "code", "parked_at"],
        unique_fields=["controller_id", "delivery_id", "number"],
    )


def _finish(context: AccessContext, feed: Feed, delivery: Delivery, *, now: datetime) -> None:
    """Done. Its file goes, unless a record of it was set aside: then it stays until its week is over."""
    with scoped(context.scope):
        row = locked_delivery(context, delivery.id)
        if row.state != DeliveryState.WORKING:
            return
        row.state, row.finished_at, row.reason, row.next_at, row.retry_at = DeliveryState.DONE, now, "", None, None
        row.save(update_fields=["state", "finished_at", "reason", "next_at", "retry_at"])
        held = {"controller_id": row.controller_id, "delivery_id": row.id}
        if not Parked.objects.filter(**held, taken_at=None).exists():
            forget_file(context, row, now=now)
        fates: Counter[str] = Counter()
        for one in Chunk.objects.filter(**held).order_by("number").values_list("fates", flat=True):
            fates.update(one)
        detail: dict[str, object] = {"feed": feed.id, "delivery": row.id, "fates": dict(fates)}
        context.journal.deed(context, "feed.done", detail=detail)
        announce(context, Thing("feed", feed.id))
