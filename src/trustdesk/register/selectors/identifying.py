"""By what a person is known elsewhere, as boxes: nothing is opened here."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.register import wire
from trustdesk.register.contracts import Identifying, SealedValue
from trustdesk.register.places import value_place
from trustdesk.register.selectors.catalog import by_id, covered
from trustdesk.register.selectors.values import together
from trustdesk.vault.api import SealedBox

_VALUES = """
SELECT id, customer_id, attribute_id, sealed, open_text, superseded_at IS NULL, superseded_by
FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND attribute_id = ANY(%s) ORDER BY id
"""


def identifying_values(context: AccessContext, customer_id: int, attributes: Iterable[str]) -> Sequence[Identifying]:
    """The customer's values of these attributes, those that count and those that counted once; restricted ones too,
    for what is restricted is still looked for elsewhere (GDPR Art. 17, 19). Needs `customer:open`.

    Opens nothing and so leaves no entry: `vault.api.open_many` will. NotFoundError for a customer that can't be seen
    from here; RefusedError where the mandate covers one of the attributes not: a person known by halves would be
    found by halves.
    """
    context.check_operation("customer:open")
    wanted = frozenset(attributes)
    asked = {held.attribute_id: held for held in by_id(context).values() if held.code in wanted}
    if not all(covered(context, attribute) for attribute in asked.values()):
        raise RefusedError(
            _("The mandate does not cover everything by which this customer is known elsewhere."),
            place="customer",
            mend=_("Let the company's own officer do it."),
        )
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_VALUES, context.controller_id, ids, list(asked))
    return [
        Identifying(
            value=SealedValue(
                value_id=row[0],
                customer_id=row[1],
                attribute=asked[row[2]].code,
                kind=asked[row[2]].kind,
                category=asked[row[2]].category,
                open_text=row[4],
                box=SealedBox(row[1], asked[row[2]].retention_class, value_place(row[0]), row[3]) if row[3] else None,
            ),
            current=row[5],
            superseded_by=row[6],
        )
        for row in rows
    ]
