"""Who can be asked for at a company, and where such a person works."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Employment
from trustdesk.register.selectors.named import named
from trustdesk.register.selectors.values import together

SHOWN = 100

# Both as which they are shown now: the record that names the other may be merged into another since.
_EMPLOYERS = """
SELECT DISTINCT coalesce(e.merged_into, e.id) FROM register_customer c
JOIN register_customer e ON e.controller_id = c.controller_id AND e.id = c.employer_id
WHERE c.controller_id = %s AND c.id = ANY(%s)
"""
_EMPLOYEES = """
SELECT DISTINCT coalesce(merged_into, id) AS shown FROM register_customer
WHERE controller_id = %s AND employer_id = ANY(%s) ORDER BY shown DESC LIMIT %s
"""


def employment(context: AccessContext, customer_id: int, *, now: datetime) -> Employment:
    """The companies a named employee works at, and the named employees of a company, by name; one opening.

    Opens nobody where there is nobody. Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        employers = {row[0] for row in wire.fetch(_EMPLOYERS, context.controller_id, ids)}
        employees = [row[0] for row in wire.fetch(_EMPLOYEES, context.controller_id, ids, SHOWN + 1)]
        shown = employees[:SHOWN]
        hits = named(context, [*employers, *shown], what="register.employment", now=now)
    by_name = sorted(hits, key=lambda hit: hit.name.casefold())
    return Employment(
        employers=[hit for hit in by_name if hit.customer_id in employers],
        employees=[hit for hit in by_name if hit.customer_id in set(shown)],
        more=len(employees) > SHOWN,
    )
