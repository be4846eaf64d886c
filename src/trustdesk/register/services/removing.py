"""What feeds gave and their source withdraws: it goes, from what counts and from what counted once.

An order of non-disclosure protects somebody's life. A sealed value that counts no more could still be opened in the
history, so it is deleted and not ended; that it was there, the log says, by its number.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import WHEREABOUTS, Removed
from trustdesk.register.places import SERVICE
from trustdesk.register.selectors.catalog import by_id
from trustdesk.register.services.dropping import drop_values
from trustdesk.register.services.standing import Person, Standing, stand
from trustdesk.register.services.writing import Writing

# What is restricted is kept for somebody's claim, or is contested (GDPR Art. 18(1)).
_FED = """
SELECT v.customer_id, v.id, v.attribute_id, v.superseded_at IS NULL
FROM register_value v JOIN register_source s ON s.controller_id = v.controller_id AND s.id = v.source_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND s.kind = 'feed' AND v.restricted_at IS NULL
ORDER BY v.customer_id, v.id
"""


def remove_fed(
    context: AccessContext, withdrawn: Mapping[int, datetime], *, now: datetime
) -> Mapping[int, Sequence[Removed]]:
    """Delete by what these customers could be found that any feed gave (`WHEREABOUTS`), also what counts no more, with
    its tokens and its lines in the ledger of disclosures; what went, by the customer asked for. Needs `feed:work`.

    `withdrawn` says as of when. Outranked by nothing, but what the customer or a document confirmed since, or put
    right (GDPR Art. 16), is the customer's word and stays; so does what is restricted (Art. 18). What a law keeps
    ends, and its day deletes it. Whoever was given a value that counted hears that it does no more (Art. 19), before it
    goes. It can't be taken back.
    """
    context.check_operation("feed:work")
    if not withdrawn:
        return {}
    with scoped(context.scope):
        people = stand(context, withdrawn, what="register.remove_fed")
        writing = Writing(context, now=now)
        removed = {asked: _end(context, writing, person, withdrawn[asked]) for asked, person in people.items()}
        writing.write(people.values())
        going = list(dict.fromkeys((each.customer_id, each.value_id) for some in removed.values() for each in some))
        if going:
            drop_values(context, [each for each, _value in going], [value for _each, value in going])
            subjects = sorted({customer_id for customer_id, _value in going})
            values = [value_id for _customer, value_id in going]
            context.journal.deed(context, "register.values.removed", subjects=subjects, detail={"values": values})
    return removed


def _end(context: AccessContext, writing: Writing, person: Person, as_of: datetime) -> list[Removed]:
    """End what still counts, and say what is to be deleted."""
    if person.restricted:
        return []
    attributes = by_id(context)
    records = wire.Int8Column([record.customer_id for record in person.records])
    removed = []
    for customer_id, value_id, attribute_id, counted in wire.fetch(_FED, context.controller_id, records):
        attribute = attributes[attribute_id]
        held = person.value(value_id)
        if attribute.kind not in WHEREABOUTS or (counted and (held is None or _theirs(held, as_of))):
            continue
        if held is not None and held.current:
            writing.supersede(held, by=None)
        if attribute.retention_class == SERVICE:
            writing.note(customer_id, "withdrawn", value_id)
            removed.append(Removed(customer_id, value_id, attribute.code, counted))
        elif counted:
            writing.note(customer_id, "ended", value_id)
    return removed


def _theirs(held: Standing, as_of: datetime) -> bool:
    return held.rectified or (held.on_their_word and held.since > as_of)
