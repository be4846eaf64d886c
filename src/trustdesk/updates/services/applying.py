"""Applying what somebody decided of a change that could not be decided alone."""

from datetime import datetime

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.mandates.api import controller, reviewing_context
from trustdesk.matching.contracts import Judgement, Outcome
from trustdesk.register.api import known_as
from trustdesk.updates import wire
from trustdesk.updates.contracts import Fate
from trustdesk.updates.services import telling, writing
from trustdesk.updates.services.admitting import keep_away
from trustdesk.updates.services.cases import Case
from trustdesk.updates.services.payloads import (
    SERVICE,
    evidence_json,
    read_change,
    read_ranking,
    read_terms,
    review_place,
)
from trustdesk.vault.api import SealedBox, open_many

CHOSEN = "chosen"
_REVIEW = """
SELECT r.customer_id, r.sealed, r.candidates, r.terms, c.position, c.record_token FROM updates_review r
JOIN updates_change c ON c.controller_id = r.controller_id AND c.id = r.change_id
WHERE r.controller_id = %s AND r.change_id = %s
"""
_DECIDED = """
UPDATE updates_change SET fate = %s, reason = %s, customer_id = %s, probability = %s, evidence = %s::jsonb,
  decided_at = %s, decided_by = %s
WHERE controller_id = %s AND id = %s
"""


def apply_choice(context: AccessContext, *, change_id: int, customer_id: int | None, now: datetime) -> Fate:
    """Write the change to whom somebody chose, on the terms on which it was taken; nowhere, where it is nobody's.

    Joins the caller's transaction. Needs `update:review`. Whoever chooses decides whose it is and nothing else: what
    stands for that customer, what outranks a feed, and who stays away, hold as they do for what is taken alone.
    """
    context.check_operation("update:review")
    with joined(context.scope):
        whose, box, candidates, terms, position, token = wire.fetch(_REVIEW, context.controller_id, change_id)[0]
        if customer_id is None:
            _decide(context, change_id, None, now=now)
            return Fate.NONE
        sealed = SealedBox(whose, SERVICE, review_place(change_id), box)
        text = open_many(context, opening=Opening("updates.review", [whose], ["change"]), boxes=[sealed])[0]
        house = reviewing_context(context)
        held = next(iter(known_as(house, [customer_id]).values()), None)
        if text is None or held is None or held.restricted:
            _decide(context, change_id, None, now=now, fate=Fate.CLOSED)
            return Fate.CLOSED
        ranking, said = read_ranking(candidates), read_terms(terms)
        case = Case(read_change(text, position=position), token, change_id)
        case.customer_id, case.held = held.shown_as, held
        case.judgement = Judgement(Outcome.UPDATE, ranking)
        keep_away(house, [case], said, home=controller(context.controller_id).country)
        if case.fate is None:
            applied = writing.apply(house, [case], said, now=now, chosen=True)
            writing.keep_applied(house, applied, now=now)
            telling.order(house, [case], applied, said)
        _decide(context, change_id, case, now=now)
    return case.fate or Fate.NONE


def _decide(
    context: AccessContext, change_id: int, case: Case | None, *, now: datetime, fate: Fate = Fate.NONE
) -> None:
    ranking = case.judgement.ranking.candidates if case and case.judgement else ()
    one = next((each for each in ranking if case and each.customer_id == case.customer_id), None)
    wire.run(
        _DECIDED,
        (case.fate or fate) if case else fate,
        (case.reason or CHOSEN) if case else CHOSEN,
        case.customer_id if case else None,
        one.probability if one else None,
        wire.json_text(evidence_json(one.evidence) if one else []),
        now,
        context.operator_id,
        context.controller_id,
        change_id,
    )
