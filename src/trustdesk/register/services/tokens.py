"""Rows of the blind index, of many customers at once."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

Pairs = set[tuple[int, int]]
"""Customers, each with a token that leads to them."""

# In the index's order: neighbours are cheap to insert.
_INSERT = """
INSERT INTO register_token (controller_id, token, customer_id)
SELECT %s, token, id FROM unnest(%s, %s) AS fresh (token, id) ORDER BY token, id
"""
_ADD = _INSERT + " ON CONFLICT DO NOTHING"
_HELD = "SELECT customer_id, token FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s)"
_DROP = """
DELETE FROM register_token AS held USING unnest(%s, %s) AS gone (token, customer_id)
WHERE held.controller_id = %s AND held.token = gone.token AND held.customer_id = gone.customer_id
"""


def insert_tokens(context: AccessContext, tokens: Sequence[int], customers: Sequence[int]) -> None:
    """Each token with the customer at the same place, of customers who have none yet."""
    if tokens:
        wire.run(_INSERT, context.controller_id, wire.Int8Column(tokens), wire.Int8Column(customers))


def held_tokens(context: AccessContext, ids: Sequence[int]) -> Pairs:
    return {(row[0], row[1]) for row in wire.fetch(_HELD, context.controller_id, wire.Int8Column(ids))}


def replace(context: AccessContext, held: Pairs, wanted: Pairs) -> None:
    """Take out what is held and not wanted, and put in what is wanted and not held."""
    gone, fresh = list(held - wanted), list(wanted - held)
    if gone:
        tokens, owners = [token for _id, token in gone], [customer_id for customer_id, _token in gone]
        wire.run(_DROP, wire.Int8Column(tokens), wire.Int8Column(owners), context.controller_id)
    if fresh:
        tokens, owners = [token for _id, token in fresh], [customer_id for customer_id, _token in fresh]
        wire.run(_ADD, context.controller_id, wire.Int8Column(tokens), wire.Int8Column(owners))
