"""What the customer agreed and objected to, and what was decided, handed out in full (GDPR Art. 15, 20)."""

from collections.abc import Iterator, Mapping
from typing import LiteralString

from trustdesk.clearance import wire
from trustdesk.clearance.selectors import lists
from trustdesk.clearance.selectors.proof import consent_words
from trustdesk.clearance.selectors.records import consent_records
from trustdesk.clearance.subjects import together
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public

Told = Mapping[str, object]
_REASON = "GDPR Art. 15"

_USES: LiteralString = """
SELECT event_id, decision_id, used_at FROM clearance_consent_use
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY used_at, id
"""
_COLLECTED: LiteralString = """
SELECT value_id, from_sale, told, refused, asked, asked_until, at FROM clearance_collection
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY at, id
"""
# Tokens of the points on file, met in the list that outlives every person: what it says, once for each entry.
_SUPPRESSED: LiteralString = """
SELECT DISTINCT s.id, s.kind, s.act, s.purpose_kind, s.channel, s.reason, s.at
FROM clearance_point p JOIN clearance_suppression s ON s.controller_id = p.controller_id AND s.token = p.token
  AND s.version = p.version AND s.level = p.level
WHERE p.controller_id = %s AND p.customer_id = ANY(%s) ORDER BY s.at, s.id
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Told]:
    """Consents as records of their standard, objections with their words, verdicts, and what was told at collection."""
    with wire.within(context):
        ids = together(context, customer_id)
        uses = wire.fetch(_USES, [context.controller_id, ids])
        collected = wire.fetch(_COLLECTED, [context.controller_id, ids])
        suppressed = wire.fetch(_SUPPRESSED, [context.controller_id, ids])
    for record in consent_records(context, customer_id, reason=_REASON):
        yield {"kind": "consent", "record": record}
    for event_id, decision_id, used_at in uses:
        event = f"urn:trustdesk:consent-event:{to_public(event_id)}"
        yield {"kind": "consent-use", "event": event, "decision": to_public(decision_id), "used_at": used_at}
    yield from _objections(context, customer_id)
    for value_id, from_sale, told, refused, asked, until, at in collected:
        yield {
            "kind": "collection",
            "value": None if value_id is None else to_public(value_id),
            "from_sale": from_sale,
            "told": told,
            "refused": refused,
            "asked": asked,
            "asked_until": until,
            "at": at,
        }
    for _id, kind, act, purpose_kind, channel, reason, at in suppressed:
        yield {
            "kind": "suppression",
            "point": kind,
            "act": act,
            "purpose_kind": purpose_kind,
            "channel": channel,
            "reason": reason,
            "at": at,
        }
    yield from _decisions(context, customer_id)


def _objections(context: AccessContext, customer_id: int) -> Iterator[Told]:
    found = lists.objections(context, customer_id)
    words = consent_words(context, customer_id, reason=_REASON) if found else {}
    for objection in found:
        yield {
            "kind": "objection",
            "customer": to_public(objection.customer_id),
            "lifted": objection.lifted,
            "purpose": objection.scope.purpose,
            "purpose_kind": objection.scope.kind,
            "channel": objection.scope.channel,
            "at": objection.at,
            "by": objection.by,
            "method": objection.method,
            "words": words.get(objection.objection_id),
        }


def _decisions(context: AccessContext, customer_id: int) -> Iterator[Told]:
    for decision in lists.decisions(context, customer_id, limit=1_000_000):
        yield {
            "kind": "decision",
            "customer": to_public(decision.customer_id),
            "decision": to_public(decision.decision_id),
            "purpose": decision.purpose,
            "channel": decision.channel,
            "place": decision.place,
            "outcome": decision.outcome,
            "rules": list(decision.rule_ids),
            "at": decision.at,
        }
