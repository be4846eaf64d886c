"""Values handed to whoever may open them elsewhere, as boxes: nothing is opened here."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import SealedValue
from trustdesk.register.places import value_place
from trustdesk.register.selectors.catalog import by_id, covered
from trustdesk.register.selectors.values import together
from trustdesk.vault.api import SealedBox

_VALUES = """
SELECT v.id, v.customer_id, v.attribute_id, v.sealed, v.open_text FROM register_value v
JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = %s
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND v.id = ANY(%s)
  AND (v.superseded_at IS NULL OR %s) AND v.restricted_at IS NULL AND c.restricted_at IS NULL ORDER BY v.id
"""


def sealed_values(
    context: AccessContext, customer_id: int, value_ids: Sequence[int], *, former: bool = False
) -> Sequence[SealedValue]:
    """Those of the values that are the customer's, still count, lie within the mandate and are not restricted (GDPR
    Art. 18), in the order of their ids. Opens nothing and so leaves no entry: `vault.api.open_many` will. `former`:
    also those that have been replaced.

    NotFoundError for a customer that can't be seen from here; a value that is not to be had is left out.
    """
    attributes = by_id(context)
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_VALUES, ids[0], context.controller_id, ids, list(value_ids), former)
    return [
        SealedValue(
            value_id=row[0],
            customer_id=row[1],
            attribute=attributes[row[2]].code,
            kind=attributes[row[2]].kind,
            category=attributes[row[2]].category,
            open_text=row[4],
            box=SealedBox(row[1], attributes[row[2]].retention_class, value_place(row[0]), row[3]) if row[3] else None,
        )
        for row in rows
        if covered(context, attributes[row[2]])
    ]
