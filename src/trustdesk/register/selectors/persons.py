"""Who is shown as one with whom, for many customers at once; and their locks, so that nobody joins or parts them."""

from collections.abc import Mapping, Sequence

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

# Look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT id AS asked, coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %s AND id = ANY(%s)
)
SELECT shown.id, root.asked, root.id FROM root
JOIN register_customer AS shown ON shown.controller_id = %s AND shown.id = root.id
UNION ALL
SELECT merged.id, root.asked, root.id FROM root
JOIN register_customer AS merged ON merged.controller_id = %s AND merged.merged_into = root.id
"""
_LOCKED = """
SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_LANGUAGES = """
SELECT id, language FROM register_customer WHERE controller_id = %s AND id = ANY(%s) AND language <> ''
"""
_RECIPIENTS = """
SELECT DISTINCT customer_id, recipient FROM register_disclosure WHERE controller_id = %s AND customer_id = ANY(%s)
"""


def persons(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """For each of the customers all who are shown as one with it, the one as which they are shown first. Strangers,
    and who was forgotten, are left out.
    """
    found: dict[int, list[tuple[bool, int]]] = {}
    controller, ids = context.controller_id, wire.Int8Column(list(customer_ids))
    with joined(context.scope):
        for one, asked, shown in wire.fetch(_TOGETHER, controller, ids, controller, controller):
            found.setdefault(asked, []).append((one != shown, one))
    return {asked: tuple(one for _merged, one in sorted(ids)) for asked, ids in found.items()}


def hold_persons(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """As `persons`, locked until the running transaction ends: nobody merges, changes or forgets them meanwhile."""
    with joined(context.scope):
        ids = {each for person in persons(context, customer_ids).values() for each in person}
        if not ids:
            return {}
        # All in one order: two who hold some of the same wait for each other, and never in a circle.
        wire.fetch(_LOCKED, context.controller_id, wire.Int8Column(sorted(ids)))
        # Somebody may have merged them while we waited; what was found before is locked now, so once more is enough.
        return persons(context, customer_ids)


def languages(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, str]:
    """In which language each of these customers is spoken to, as recorded (BCP 47): that of the record shown first,
    else of another shown as one with it. Of whom none is recorded is left out. Needs `customer:open`; opens nothing.
    """
    context.check_operation("customer:open")
    with joined(context.scope):
        people = persons(context, customer_ids)
        everybody = wire.Int8Column(sorted({each for ids in people.values() for each in ids}))
        spoken = dict(wire.fetch(_LANGUAGES, context.controller_id, everybody))
    found = {asked: next((spoken[each] for each in ids if each in spoken), "") for asked, ids in people.items()}
    return {asked: language for asked, language in found.items() if language}


def given_to(context: AccessContext, people: Sequence[Sequence[int]]) -> Sequence[frozenset[str]]:
    """To whom anything was disclosed of each of these persons (all their records), in their order. Needs
    `customer:open`.
    """
    context.check_operation("customer:open")
    asked = [each for person in people for each in person]
    recipients: dict[int, set[str]] = {}
    with joined(context.scope):
        for customer_id, recipient in wire.fetch(_RECIPIENTS, context.controller_id, wire.Int8Column(asked)):
            recipients.setdefault(customer_id, set()).add(recipient)
    return [frozenset().union(*(recipients.get(each, ()) for each in person)) for person in people]
