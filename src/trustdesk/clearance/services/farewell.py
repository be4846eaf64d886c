"""Handing out and forgetting what clearance holds of one customer: called through the privacy registry."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import SuppressionReason
from trustdesk.clearance.packs import packs
from trustdesk.clearance.scopes import shown
from trustdesk.clearance.selectors import lists
from trustdesk.clearance.selectors.records import consent_records
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.services.suppressions import suppress_customer
from trustdesk.clearance.subjects import country_of, hold
from trustdesk.decision.api import evidence_until
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller
from trustdesk.vault.api import destroy

_STANDING_OBJECTIONS = """
SELECT o.purpose_id, o.purpose_kind, o.channel, max(o.at) FROM clearance_objection o
WHERE o.controller_id = %s AND o.customer_id = ANY(%s) AND o.act = 'objected' AND NOT EXISTS (
  SELECT FROM clearance_objection l WHERE l.controller_id = o.controller_id AND l.customer_id = ANY(%s)
    AND l.act = 'lifted' AND l.at > o.at AND (l.purpose_id IS NULL OR l.purpose_id = o.purpose_id)
    AND l.purpose_kind IN ('', o.purpose_kind) AND l.channel IN ('', o.channel))
GROUP BY o.purpose_id, o.purpose_kind, o.channel
"""
_PROVED = """
SELECT e.channel, min(e.at) FILTER (WHERE e.state = 'given'), max(e.at) FILTER (WHERE e.state = 'given'),
  max(u.used_at), max(e.at) FILTER (WHERE e.state IN ('withdrawn', 'refused'))
FROM clearance_consent_event e
LEFT JOIN clearance_consent_use u ON u.controller_id = e.controller_id AND u.customer_id = e.customer_id
  AND u.event_id = e.id
WHERE e.controller_id = %s AND e.customer_id = ANY(%s) GROUP BY e.channel
"""
_SERVICE = (
    "DELETE FROM clearance_point WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM clearance_collection WHERE controller_id = %s AND customer_id = ANY(%s)",
)
_HISTORY = (
    "DELETE FROM clearance_consent_use WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM clearance_consent_event WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM clearance_objection WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM clearance_decision WHERE controller_id = %s AND customer_id = ANY(%s)",
)
PROOF = "proof"


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Everything recorded of what the customer agreed and objected to, and what was decided (GDPR Art. 15, 20)."""
    for record in consent_records(context, customer_id, reason="GDPR Art. 15"):
        yield {"kind": "consent", "record": record}
    for objection in lists.objections(context, customer_id):
        yield {
            "kind": "objection",
            "customer": to_public(objection.customer_id),
            "lifted": objection.lifted,
            "purpose": objection.scope.purpose,
            "purpose_kind": objection.scope.kind,
            "channel": objection.scope.channel,
            "at": objection.at,
        }
    for decision in lists.decisions(context, customer_id, limit=10_000):
        yield {
            "kind": "decision",
            "customer": to_public(decision.customer_id),
            "purpose": decision.purpose,
            "channel": decision.channel,
            "outcome": decision.outcome,
            "rules": list(decision.rule_ids),
            "at": decision.at,
        }


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer; the number of rows deleted (GDPR Art. 17). To be called before the register's.

    What was objected to is kept as suppression tokens. The history of consent is kept while its proof is (Art. 17(3)
    (b), (e)), sealed under its own key, and goes with that key once nothing has to be proved any more.
    """
    now = clock.now()
    with scoped(context.scope):
        ids = hold(context, customer_id)
        _keep_suppressed(context, ids, now)
        wanted = [context.controller_id, ids]
        deleted = sum(wire.run(statement, wanted) for statement in _SERVICE)
        if not _has_to_be_proved(context, ids, now):
            for each in ids:
                destroy(context, each, PROOF, now=now)
            deleted += sum(wire.run(statement, wanted) for statement in _HISTORY)
        context.journal.deed(context, "clearance.erased", subjects=ids, detail={"rows": deleted})
    return deleted


def _keep_suppressed(context: AccessContext, ids: list[int], now: datetime) -> None:
    codes = {purpose.purpose_id: purpose.code for purpose in current(context).purposes.values()}
    for purpose_id, kind, channel, at in wire.fetch(_STANDING_OBJECTIONS, [context.controller_id, ids, ids]):
        scope = shown(codes, purpose_id, kind, channel)
        suppress_customer(context, ids, scope=scope, reason=SuppressionReason.OBJECTION, at=at, now=now)


def _has_to_be_proved(context: AccessContext, ids: list[int], now: datetime) -> bool:
    """Whether a consent of the history has to be proved for longer, by the packs of the customer's country. Where no
    rule fixes an end it has to: whoever handles the request may destroy the key then.
    """
    country = country_of(context, ids[0]) or controller(context.controller_id).country
    for channel, first, last, used_at, withdrawn_at in wire.fetch(_PROVED, [context.controller_id, ids]):
        if first is None:
            continue  # nothing was ever given: there is nothing to prove
        until = evidence_until(
            packs(),
            countries={country},
            channel=Channel(channel) if channel else Channel.POST,
            granted_at=last,
            last_used_at=used_at,
            # With the person the reliance ends, whether it was withdrawn or not.
            ended_at=withdrawn_at or now,
        )
        if until is None or until > now:
            return True
    return False
