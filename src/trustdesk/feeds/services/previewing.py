"""Trying a reading on a delivery: what its first records would become, without what they say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

from trustdesk.feeds import reading
from trustdesk.feeds.contracts import Preview
from trustdesk.feeds.services.contexts import MANAGE
from trustdesk.feeds.services.opening import records_of
from trustdesk.feeds.services.rows import delivery_of, feed_of
from trustdesk.kernel.context import AccessContext
from trustdesk.updates.contracts import Change

_RECORDS, _FAULTS = 100, 20


def preview(
    context: AccessContext, *, delivery_id: int, said: Mapping[str, object] | None = None, now: datetime
) -> Preview:
    """The first hundred records of a delivery as the feed's reading, or the one in `said`, has them: counts by kind and
    attribute, and which can't be read. Nothing of a person; an entry in the log. Needs `feed:manage`.

    BadInputError and UnreadableFileError where nothing can be read; NotFoundError where it is kept no longer.
    """
    context.check_operation(MANAGE)
    row = delivery_of(context, delivery_id)
    feed = feed_of(context, row.feed_id)
    if said is not None:
        reading.check(feed.format, said)
        feed.reading = dict(said)
    kinds: Counter[str] = Counter()
    known_by: Counter[str] = Counter()
    becomes: Counter[str] = Counter()
    faults: list[tuple[str, str, str]] = []
    records: Iterable[Change | reading.Fault] = records_of(context, feed, row, now=now)
    count = 0
    for record in islice(records, _RECORDS):
        count += 1
        if not isinstance(record, Change):
            faults.append((record.position, record.place, record.code))
            continue
        kinds[str(record.kind)] += 1
        known_by.update({one.attribute for one in record.person} | ({"key"} if record.key else set()))
        becomes.update({one.attribute for one in record.becomes})
    return Preview(records=count, kinds=kinds, known_by=known_by, becomes=becomes, faults=faults[:_FAULTS])
