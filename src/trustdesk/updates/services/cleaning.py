"""The whole register looked through at once for people who stand there twice: after a first load, or once a year.

An engine for whole registers says of whom that may be so, by tokens alone. Those few are then ranked, opened and judged
as when the register is looked through part by part, so both propose the same pairs for the same reasons.
"""

import numpy as np
from numpy.typing import NDArray

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.mandates.api import feed_context
from trustdesk.matching.api import Engine, table
from trustdesk.updates.contracts import Looked
from trustdesk.updates.services.doubles import WORTH_OPENING, look_at
from trustdesk.updates.services.finding import model
from trustdesk.updates.services.indexes import everybody

PART = 1_000


def clean_up(controller_id: int, *, engine: Engine) -> Looked:
    """See `updates.api.clean_up`. A context lasts for minutes, and this may take longer: each part has its own."""
    context = feed_context(controller_id, now=clock.now())
    with scoped(context.scope):
        ids, tokens = everybody(context)
    twice = _twice(engine, ids, tokens)
    found: set[tuple[int, int]] = set()
    for start in range(0, len(twice), PART):
        now = clock.now()
        context = feed_context(controller_id, now=now)
        with scoped(context.scope):
            found |= look_at(context, twice[start : start + PART], now=now)
    return Looked(len(ids), len(found), None)


def _twice(engine: Engine, ids: NDArray[np.int64], tokens: NDArray[np.int64]) -> list[int]:
    pairs = engine.link(None, table(ids, tokens), model())
    return sorted({each for pair in pairs if pair.probability >= WORTH_OPENING for each in (pair.left, pair.right)})
