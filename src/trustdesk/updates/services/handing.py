"""What updates hold of a customer, handed out (GDPR Art. 15(1), (3)). What a change said stands among the values of the
register. What nobody has decided may be somebody else's: that somebody looks at it is told, not what it says (Art.
15(4)).
"""

from collections.abc import Iterator, Mapping

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register.api import catalog, shown_as_one
from trustdesk.updates import wire

Told = Mapping[str, object]

_CHANGES = """
SELECT id, kind, as_of, received_at, decided_at, outcome, fate, reason, probability, second, undone_at
FROM updates_change WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) ORDER BY decided_at, id
"""
_FIELDS = """
SELECT change_id, attribute, what, why, old_value_id, new_value_id, confirmed_at, before_at, before_by, applied_at,
  undone_at
FROM updates_applied WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) ORDER BY applied_at, id
"""
_ORDERS = """
SELECT kind, since, ended_at FROM updates_order
WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) ORDER BY since, kind
"""
_REVIEWS = """
SELECT r.state, r.opened_at, r.decided_at FROM updates_candidate n
JOIN updates_review r ON r.controller_id = n.controller_id AND r.change_id = n.change_id
WHERE n.controller_id = %s AND n.customer_id = ANY(%b::bigint[]) ORDER BY r.opened_at, r.change_id
"""
_AUDITS = """
SELECT verdict, judged_at FROM updates_audit
WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) ORDER BY round_id, change_id
"""
_DUPLICATES = """
SELECT id, probability, second, found_at, state, decided_at FROM updates_duplicate
WHERE controller_id = %s AND left_id = ANY(%b::bigint[])
UNION SELECT id, probability, second, found_at, state, decided_at FROM updates_duplicate
WHERE controller_id = %s AND right_id = ANY(%b::bigint[]) ORDER BY id
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Told]:
    """All of it, of all who are shown as one with the customer. Nothing is opened."""
    with scoped(context.scope):
        theirs = (context.controller_id, shown_as_one(context, customer_id))
        changes = wire.fetch(_CHANGES, *theirs)
        fields = wire.fetch(_FIELDS, *theirs)
        orders = wire.fetch(_ORDERS, *theirs)
        reviews = wire.fetch(_REVIEWS, *theirs)
        audits = wire.fetch(_AUDITS, *theirs)
        duplicates = wire.fetch(_DUPLICATES, *theirs, *theirs)
        labels = {held.code: held.label for held in catalog(context)}
    names = [
        "what",
        "as_of",
        "received_at",
        "decided_at",
        "outcome",
        "fate",
        "reason",
        "probability",
        "second",
        "undone_at",
    ]
    for number, *row in changes:
        yield {"kind": "update", "update": to_public(number), **dict(zip(names, row, strict=True))}
    for number, attribute, what, why, old, new, confirmed_at, before_at, before_by, applied_at, undone_at in fields:
        yield {
            "kind": "update-field",
            "update": to_public(number),
            "attribute": attribute,
            "attribute_label": labels.get(attribute, attribute),
            "what": what,
            "why": why,
            "old_value": _public(old),
            "new_value": _public(new),
            "confirmed_at": confirmed_at,
            "before_at": before_at,
            "before_by": before_by,
            "applied_at": applied_at,
            "undone_at": undone_at,
        }
    for what, since, ended_at in orders:
        yield {"kind": "update-order", "what": what, "since": since, "ended_at": ended_at}
    for state, opened_at, decided_at in reviews:
        yield {"kind": "update-review", "opened_at": opened_at, "state": state, "decided_at": decided_at}
    for verdict, judged_at in audits:
        yield {"kind": "update-audit", "verdict": verdict, "judged_at": judged_at}
    names = ["probability", "second", "found_at", "state", "decided_at"]
    for _number, *row in duplicates:
        yield {"kind": "duplicate", **dict(zip(names, row, strict=True))}


def _public(identifier: int | None) -> str | None:
    return None if identifier is None else to_public(identifier)
