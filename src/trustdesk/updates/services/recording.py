"""The rows of a batch: what became of each change, and what somebody has to look at, sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.matching.contracts import Outcome
from trustdesk.updates import wire
from trustdesk.updates.contracts import RISKY, Fate, Terms
from trustdesk.updates.services.cases import Case
from trustdesk.updates.services.payloads import (
    SERVICE,
    change_text,
    evidence_json,
    ranking_json,
    review_place,
    terms_json,
)
from trustdesk.vault.api import Sealer

_CHANGES = """
INSERT INTO updates_change (controller_id, id, feed_id, delivery_id, position, record_token, kind, as_of, received_at,
  decided_at, outcome, fate, reason, customer_id, probability, second, evidence)
SELECT %s, id, %s, %s, position, record_token, kind, as_of, %s, %s, outcome, fate, reason, customer_id, probability,
  second, evidence
FROM json_to_recordset(%s) AS fresh (id bigint, position text, record_token bigint, kind text, as_of timestamptz,
  outcome text, fate text, reason text, customer_id bigint, probability float8, second text, evidence jsonb)
"""
_REVIEWS = """
INSERT INTO updates_review (controller_id, change_id, customer_id, sealed, candidates, candidate_ids, terms, risky,
  state, opened_at)
SELECT %s, change_id, customer_id, sealed, candidates::jsonb, candidate_ids::jsonb, %s::jsonb, risky, 'open', %s
FROM unnest(%b::bigint[], %b::bigint[], %b::bytea[], %b::text[], %b::text[], %b::boolean[])
  AS fresh (change_id, customer_id, sealed, candidates, candidate_ids, risky)
"""
_CANDIDATES = """
INSERT INTO updates_candidate (controller_id, change_id, customer_id)
SELECT %s, change_id, customer_id FROM unnest(%b::bigint[], %b::bigint[]) AS fresh (change_id, customer_id)
"""


def record(context: AccessContext, cases: Sequence[Case], terms: Terms, *, now: datetime) -> None:
    """The rows of these changes, each decided. Of nobody's nothing is kept but that there was a record."""
    if not cases:
        return
    wire.run(
        _CHANGES,
        context.controller_id,
        terms.feed_id,
        terms.delivery_id,
        terms.received_at or now,
        now,
        wire.packed([_row(case) for case in cases]),
    )
    reviews = [case for case in cases if case.fate is Fate.REVIEW]
    if reviews:
        _record_reviews(context, reviews, terms, now=now)


def _row(case: Case) -> Mapping[str, object]:
    best = case.judgement.best if case.judgement and case.customer_id is not None else None
    fate = case.fate or Fate.NONE
    return {
        "id": case.change_id,
        "position": case.change.position,
        "record_token": case.token,
        "kind": case.change.kind.value,
        "as_of": case.change.as_of,
        "outcome": case.outcome.value if best else Outcome.NONE.value,
        "fate": fate.value,
        "reason": case.reason,
        "customer_id": case.customer_id,
        "probability": best.probability if best else None,
        "second": case.judgement.second if case.judgement and best else "",
        "evidence": evidence_json(best.evidence) if best else [],
    }


def _record_reviews(context: AccessContext, cases: Sequence[Case], terms: Terms, *, now: datetime) -> None:
    whose = [case.customer_id or 0 for case in cases]
    with Sealer(context) as sealer:
        sealer.prepare(whose)
        boxes = [
            sealer.seal(customer_id, SERVICE, review_place(case.change_id), change_text(case.change))
            for case, customer_id in zip(cases, whose, strict=True)
        ]
    rankings = [case.judgement.ranking for case in cases if case.judgement]
    numbers = [[one.customer_id for one in ranking.candidates] for ranking in rankings]
    wire.run(
        _REVIEWS,
        context.controller_id,
        wire.json_text(terms_json(terms)),
        now,
        [case.change_id for case in cases],
        whose,
        boxes,
        [wire.json_text(ranking_json(ranking)) for ranking in rankings],
        [wire.json_text(each) for each in numbers],
        [case.change.kind in RISKY for case in cases],
    )
    pairs = [(case.change_id, each) for case, ids in zip(cases, numbers, strict=True) for each in ids]
    wire.run(_CANDIDATES, context.controller_id, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
