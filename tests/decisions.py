"""People and questions for the tests of the rules: everybody may be contacted until a test takes something away."""

from datetime import UTC, datetime
from functools import cache

from trustdesk.decision import api
from trustdesk.decision.contracts import (
    Audience,
    Channel,
    LegalBasis,
    Outcome,
    Packs,
    Policy,
    PurposeKind,
    Question,
    Verdict,
)

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
GRANTED_AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

# All that the rules can ask of a person, answered so that nothing stands in the way.
WILLING: dict[str, object] = {
    "country": "DE",
    "point_country": "DE",
    "audience": Audience.CONSUMER,
    "restricted": False,
    "erased": False,
    "consent": "given",
    "consent_express": True,
    "consent_at": GRANTED_AT,
    "consent_until": None,
    "objected": False,
    "suppressed": False,
    "listed": False,
    "list_current": True,
    "list_current_until": None,
    "existing_customer": True,
    "point_from_sale": True,
    "told_at_collection": True,
    "refused_at_collection": False,
    "similar_products": True,
    "asked_for_contact": True,
    "age_ok": True,
    "lia_done": True,
    "attempts_today": 0,
    "attempts_week": 0,
    "attempts_campaign": 0,
    "inside_window": True,
    "window_until": None,
}
# Somebody nobody asked yet, who never bought anything either.
STRANGER: dict[str, object] = WILLING | {
    "consent": "none",
    "consent_express": False,
    "consent_at": None,
    "existing_customer": False,
    "point_from_sale": False,
    "similar_products": False,
    "asked_for_contact": False,
}
# All that the rules can ask of an undertaking, done properly.
PROPER: dict[str, object] = {
    "product": "garden_tools",
    "relates_to_duties": True,
    "identical_items": 1000,
    "free_for_recipient": True,
    "sender_shown": True,
    "stop_offered": True,
    "labeled_advert": True,
    "number_shown": True,
    "machine": True,
    "machine_disclosed": True,
}


@cache
def packs() -> Packs:
    return api.load_packs(api.RULEPACKS)


def question(
    channel: Channel,
    purpose_kind: PurposeKind = PurposeKind.MARKETING,
    *,
    legal_basis: LegalBasis = LegalBasis.LEGITIMATE_INTEREST,
    at: datetime = AT,
    contact: bool = False,
    about: dict[str, object] | None = None,
) -> Question:
    return Question(
        channel=channel,
        purpose_kind=purpose_kind,
        legal_basis=legal_basis,
        at=at,
        contact=contact,
        about=PROPER | (about or {}),
    )


def ask(asked: Question, facts: dict[str, object], policy: Policy = api.NO_POLICY) -> Verdict:
    return api.decide(api.compile_program(packs(), policy, asked), facts)


def told(verdict: Verdict, outcome: Outcome) -> set[str]:
    """The rules that spoke for the outcome."""
    return {reason.rule_id for reason in verdict.reasons if reason.outcome is outcome}
