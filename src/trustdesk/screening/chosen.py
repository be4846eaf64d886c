"""Whom a finished screening would let be contacted: references to persons and their contact points, nothing opened."""

from collections.abc import Iterator, Sequence

from django.db import connection

from trustdesk.decision.contracts import Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.screening import selectors
from trustdesk.screening.contracts import Chosen
from trustdesk.screening.models import Run

_ROWS_AT_ONCE = 10_000
# A cell behind which there are several comes to the strictest, as in every other count.
_CHOSEN = """
SELECT d.customer_id, d.value_id FROM screening_result d
WHERE d.controller_id = %(controller)s AND d.run_id = %(run)s AND d.row_number > %(after)s AND d.row_number <= %(to)s
  AND d.mask = ANY(%(permitted)s) AND NOT EXISTS (
    SELECT FROM screening_result o
    WHERE o.controller_id = d.controller_id AND o.run_id = d.run_id AND o.row_number = d.row_number
      AND o.column_number = d.column_number AND o.mask <> ALL(%(permitted)s))
ORDER BY d.row_number, d.column_number, d.value_id
"""


def chosen(context: AccessContext, run_id: int) -> Iterator[Sequence[Chosen]]:
    """The persons and contact points of the rows that came to `permit`, a chunk of the list at a time; a person comes
    as often as the list names one, and a number that is nobody's here comes as customer 0.

    Needs `list:screen`. ConflictError where the screening has not finished. Whoever acts on it asks `check_fresh`
    first, and decides each contact anew (`clearance.permit`).
    """
    progress = selectors.report(context, run_id).progress
    with scoped(context.scope):
        reasons = Run.objects.get(controller_id=context.controller_id, id=run_id).reasons
    permitted = [int(mask) for mask, said in reasons["masks"].items() if said["outcome"] == Outcome.PERMIT]
    last = selectors.last_row(context, progress.list_id)
    for after in range(0, last + 1, _ROWS_AT_ONCE):
        with scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(
                _CHOSEN,
                {
                    "controller": context.controller_id,
                    "run": run_id,
                    "after": after - 1,
                    "to": after - 1 + _ROWS_AT_ONCE,
                    "permitted": permitted,
                },
            )
            yield [Chosen(customer_id, value_id) for customer_id, value_id in cursor.fetchall()]
