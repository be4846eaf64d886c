"""On what the values of a customer rest (GDPR Art. 6(1))."""

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Bases
from trustdesk.register.selectors.values import together

_NAMESPACE = "https://w3id.org/dpv/legal/eu/gdpr#"
_RELATED = """
SELECT coalesce(bool_or(customer_since IS NOT NULL OR product_groups <> '{}'), false) FROM register_customer
WHERE controller_id = %s AND id = ANY(%s)
"""
_PARTED = """
SELECT EXISTS (SELECT FROM register_event WHERE controller_id = %s AND customer_id = ANY(%s) AND kind = 'relationship')
"""
_EMPLOYS = "SELECT EXISTS (SELECT FROM register_customer WHERE controller_id = %s AND employer_id = ANY(%s))"
_SOURCES = """
SELECT DISTINCT s.legal_basis FROM register_value v
JOIN register_source s ON s.controller_id = v.controller_id AND s.id = v.source_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND v.superseded_at IS NULL
"""


def bases(context: AccessContext, customer_id: int) -> Bases:
    """How the customer stands to the company, and the legal bases of the sources of what is current. Opens nothing.

    Needs `customer:open`. NotFoundError for a stranger.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        asked = (context.controller_id, ids)
        related = wire.fetch(_RELATED, *asked)[0][0]
        return Bases(
            related=related,
            parted=not related and wire.fetch(_PARTED, *asked)[0][0],
            employs=wire.fetch(_EMPLOYS, *asked)[0][0],
            sources=frozenset(row[0].replace(_NAMESPACE, "eu-gdpr:") for row in wire.fetch(_SOURCES, *asked)),
        )
