"""The gate at which data from before an erasure meet the ledger. It stops lists, feeds and joined records, not people:
whoever comes by a new act comes in, with a date of collection after the erasure.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import SIGHTING, Gone, Verdict
from trustdesk.erasure.services.asking import gone_many
from trustdesk.isolation.api import joined, raw_pool
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Admission, Candidate
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register.api import source

PREVIEW = "preview"
"""The place of whoever only wants to know: nothing is written down."""
_LAW = "GDPR Art. 17(1), 5(1)(e)"
_ADMITTED = Admission(admitted=True)
_ENTER = "SELECT set_config('trustdesk.scope', %s, true)"
_SEEN = """
INSERT INTO erasure_sighting (controller_id, id, plan_id, place, source_id, verdict, kinds, first_at, last_at, times)
SELECT %s, id, plan_id, place, source_id, verdict, string_to_array(kinds, ' '), %s, %s, times
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::int[])
  AS met (id, plan_id, place, source_id, verdict, kinds, times)
ORDER BY plan_id, place, source_id, verdict
ON CONFLICT (controller_id, plan_id, place, source_id, verdict) WHERE seen_at IS NULL
DO UPDATE SET last_at = greatest(erasure_sighting.last_at, excluded.last_at),
  times = erasure_sighting.times + excluded.times
"""
log = logging.getLogger(__name__)


class LedgerGate:
    """Registered in `kernel.registries.admission`; asked at import, capture, merge, feed and sync."""

    name = "erasure.ledger"

    def ask(self, context: AccessContext, candidates: Sequence[Candidate]) -> Sequence[Admission]:
        """Refused is who was erased after the data were collected; of an unknown day they count as from before. Who is
        alike by one number or address only is let in, and shown to an officer.
        """
        with joined(context.scope):
            dates = {number: _acquired(context, number) for number in {each.source_id for each in candidates}}
            answers = gone_many(
                context,
                [
                    ((*each.suppression_values, *each.identity_values), each.as_of or dates[each.source_id])
                    for each in candidates
                ],
            )
            met = [
                (each, answer)
                for each, answer in zip(candidates, answers, strict=True)
                if answer.verdict is not Verdict.UNKNOWN and each.place != PREVIEW
            ]
            if met:
                _note(context, met)
        return [_refused() if answer.verdict is Verdict.ERASED else _ADMITTED for answer in answers]


def _acquired(context: AccessContext, source_id: int) -> datetime | None:
    day = source(context, source_id).acquired_date
    return None if day is None else datetime.combine(day, time(), UTC)


def _note(context: AccessContext, met: Sequence[tuple[Candidate, Gone]]) -> None:
    """An alarm for each: for the log of the machine, and for the officers' page until one of them has looked.

    Committed on a connection of its own: who is refused undoes what asked, and the alarm is not undone with it. What is
    asked again after a fault is counted again.
    """
    times = Counter[tuple[int, str, int, str]]()
    kinds: dict[tuple[int, str, int, str], str] = {}
    for candidate, answer in met:
        log.warning(
            "erased person met again: %s at %s, source %s", answer.verdict, candidate.place, candidate.source_id
        )
        for plan_id in answer.plan_ids:
            alarm = (plan_id, candidate.place, candidate.source_id, answer.verdict.value)
            times[alarm] += 1
            kinds.setdefault(alarm, " ".join(answer.kinds))
    ids = [new_id() for _alarm in times]
    columns = [list(column) for column in zip(*times, strict=True)]
    now = clock.now()
    with raw_pool().connection() as apart, apart.transaction():
        apart.execute(_ENTER, [context.scope])
        apart.execute(
            _SEEN, [context.controller_id, now, now, ids, *columns, list(kinds.values()), list(times.values())]
        )
    announce(context, *(Thing(SIGHTING, sighting_id) for sighting_id in ids))


def _refused() -> Admission:
    return Admission(
        admitted=False,
        reason=_("This person was erased after these data were collected: only a new act of the person counts."),
        source_of_law=_LAW,
        code="erased",
    )
