"""Before data are given to somebody: who, what for, which kinds, where, on what terms; then the ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import NotClearedError, Purpose, Recipient, RecipientRole
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.lists import recipient as recipient_of
from trustdesk.clearance.selectors.plain import sentence
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.subjects import together
from trustdesk.clearance.terms import EVERY_CATEGORY
from trustdesk.decision.contracts import LegalBasis, Outcome, Reason, Statute, Verdict
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.register.api import catalog, record_disclosure
from trustdesk.register.contracts import WHEREABOUTS

_OUTSIDE = frozenset({RecipientRole.THIRD_PARTY, RecipientRole.JOINT_CONTROLLER})
EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_ATTRIBUTES = """
SELECT DISTINCT attribute_id, restricted_at IS NOT NULL FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND id = ANY(%s)
"""
_PERSON = """
SELECT bool_or(restricted_at IS NOT NULL) FROM register_customer WHERE controller_id = %s AND id = ANY(%s)
"""
# Without a channel: a consent to being contacted is none to being handed on.
_CONSENT = """
SELECT state = 'given' AND (until IS NULL OR until > %s) AND of_age IS TRUE FROM clearance_consent_event
WHERE controller_id = %s AND customer_id = ANY(%s) AND purpose_id = %s AND channel = '' AND at <= %s
  AND state IN ('given', 'refused', 'withdrawn', 'expired')
ORDER BY at DESC, strictness DESC, until NULLS LAST LIMIT 1
"""
_OBJECTED = """
SELECT max(at) FILTER (WHERE act = 'objected') >= coalesce(max(at) FILTER (WHERE act = 'lifted'), '-infinity')
FROM clearance_objection
WHERE controller_id = %s AND customer_id = ANY(%s) AND channel = '' AND at <= %s
  AND (purpose_id IS NULL OR purpose_id = %s) AND purpose_kind IN ('', %s)
"""
# What an objection does not stop: what a contract, a law or somebody's life needs (GDPR Art. 21(1), (2)).
_NOT_OBJECTABLE = frozenset({LegalBasis.CONTRACT, LegalBasis.LEGAL_OBLIGATION, LegalBasis.VITAL_INTEREST})


def may_disclose(
    context: AccessContext, *, recipient_id: int, purpose: str, categories: Iterable[str], now: datetime
) -> Verdict:
    """May data of these categories (DPV terms) be given to the recipient for the purpose? Needs `clearance:read`.

    It may where the recipient is declared for both, its time has come and not ended, the purpose lives (with its
    assessment, on legitimate interests), and a third country has its safeguard (GDPR Art. 5(1)(b)-(c), 44-49). About a
    person in particular `disclose` asks more. NotFoundError for a recipient or purpose there is not.
    """
    context.check_operation("clearance:read")
    with wire.within(context):
        found = recipient_of(context, recipient_id)
        living = current(context).living(purpose, now)
    return _verdict(_refusals(found, living, frozenset(categories), now))


def disclose(
    context: AccessContext,
    *,
    customer_id: int,
    value_ids: Sequence[int],
    recipient_id: int,
    purpose: str,
    now: datetime,
) -> Sequence[int]:
    """Clear the disclosure of a customer's values and enter it in the register's ledger, in one transaction; the
    entries' ids. Needs `customer:open` and `clearance:read`. What is opened for it is opened after this returned.

    Beyond `may_disclose`: a third party gets nothing on the basis of consent without the person's consent to just that
    (recorded without a channel), nothing that was objected to, nothing that is restricted (GDPR Art. 18, 21), and no
    contact data while an order of non-disclosure stands for the person.
    NotClearedError with the verdict.
    """
    context.check_operation("clearance:read")
    with scoped(context.scope):
        ids = together(context, customer_id)
        wire.lock_shared(map(wire.customer_lock, ids))
        found = recipient_of(context, recipient_id)
        living = current(context).living(purpose, now)
        attributes = {attribute.attribute_id: attribute for attribute in catalog(context)}
        held = wire.fetch(_ATTRIBUTES, [context.controller_id, ids, list(value_ids)])
        categories = frozenset(attributes[attribute_id].category for attribute_id, _restricted in held)
        refusals = _refusals(found, living, categories, now)
        refusals += _personal(context, ids, found, living, now)
        if any(restricted for _attribute, restricted in held):
            refusals.append(_RESTRICTED)
        kinds = {attributes[attribute_id].kind for attribute_id, _restricted in held}
        outside = found.role in _OUTSIDE
        if outside and kinds & WHEREABOUTS and any(order.secret(context, ids) for _name, order in registries.secrecy):
            refusals.append(_SECRET)
        verdict = _verdict(refusals)
        if not verdict.permitted:
            first = verdict.reasons[0]
            raise NotClearedError(verdict, sentence(first), place=first.statute.text)
        return record_disclosure(
            context,
            customer_id=customer_id,
            value_ids=value_ids,
            recipient=found.name,
            purpose=living.term,
            legal_basis=living.legal_basis,
            outside=outside,
            now=now,
        )


def _refusal(rule_id: str, statute: str, message: str, outcome: Outcome = Outcome.DENY) -> Reason:
    return Reason(rule_id=rule_id, outcome=outcome, statute=Statute(statute, source_key="GDPR"), message=message)


_NOT_NOW = _refusal(
    "DISCLOSE-PERIOD", "GDPR Art. 5(1)(b)", gettext_noop("This recipient is not, or no longer, given anything.")
)
_NOT_FOR_THIS = _refusal(
    "DISCLOSE-PURPOSE", "GDPR Art. 5(1)(b)", gettext_noop("The recipient is not declared for this purpose.")
)
_NOT_THESE = _refusal(
    "DISCLOSE-CATEGORIES", "GDPR Art. 5(1)(c)", gettext_noop("The recipient is not declared for these kinds of data.")
)
_NOT_THERE = _refusal(
    "DISCLOSE-TRANSFER", "GDPR Art. 44", gettext_noop("The recipient is in a third country and has no safeguard.")
)
_NOT_ASSESSED = _refusal(
    "DISCLOSE-ASSESSMENT",
    "GDPR Art. 6(1)(f)",
    gettext_noop("No assessment of the legitimate interests is on record and in force."),
)
_NO_CONSENT = _refusal(
    "DISCLOSE-CONSENT", "GDPR Art. 6(1)(a)", gettext_noop("The person has not agreed to being handed on for this.")
)
_OBJECTION = _refusal("DISCLOSE-OBJECTION", "GDPR Art. 21", gettext_noop("The person objected to this."))
_RESTRICTED = _refusal("DISCLOSE-RESTRICTED", "GDPR Art. 18(2)", gettext_noop("The data are restricted to storage."))
_SECRET = _refusal(
    "DISCLOSE-SECRECY",
    "GDPR Art. 5(1)(f)",
    gettext_noop("An order of non-disclosure stands for this person: contact data are given to nobody."),
)
_CLEARED = Reason(
    rule_id="DISCLOSE-DECLARED",
    outcome=Outcome.PERMIT,
    statute=Statute("GDPR Art. 13(1)(e), 30(1)(d)", source_key="GDPR"),
    message=gettext_noop("The recipient is declared for this purpose and these kinds of data."),
)


def _refusals(recipient: Recipient, purpose: Purpose, categories: frozenset[str], now: datetime) -> list[Reason]:
    started = recipient.starts_at is None or recipient.starts_at <= now
    ended = recipient.ends_at is not None and recipient.ends_at <= now
    covered = EVERY_CATEGORY in recipient.categories or categories <= set(recipient.categories)
    basis = purpose.article
    asked = (
        (started and not ended, _NOT_NOW),
        (purpose.code in recipient.purposes, _NOT_FOR_THIS),
        (bool(categories) and covered, _NOT_THESE),
        (recipient.country in EEA or bool(recipient.safeguard), _NOT_THERE),
        (basis is not LegalBasis.LEGITIMATE_INTEREST or purpose.assessed(now), _NOT_ASSESSED),
    )
    return [reason for holds, reason in asked if not holds]


def _personal(
    context: AccessContext, ids: list[int], recipient: Recipient, purpose: Purpose, now: datetime
) -> list[Reason]:
    """What this person said. A processor acts for the company, an authority by its power: neither asks the person."""
    refusals = [_RESTRICTED] if wire.fetch(_PERSON, [context.controller_id, ids])[0][0] else []
    if recipient.role not in _OUTSIDE:
        return refusals
    basis, controller = purpose.article, context.controller_id
    if basis is LegalBasis.CONSENT:
        said = wire.fetch(_CONSENT, [now, controller, ids, purpose.purpose_id, now])
        if not said or not said[0][0]:
            refusals.append(_NO_CONSENT)
    if basis not in _NOT_OBJECTABLE:
        objected = wire.fetch(_OBJECTED, [controller, ids, now, purpose.purpose_id, purpose.kind.value])
        if objected[0][0]:
            refusals.append(_OBJECTION)
    return refusals


def _verdict(refusals: Sequence[Reason]) -> Verdict:
    return Verdict(
        outcome=Outcome.DENY if refusals else Outcome.PERMIT,
        reasons=list(refusals) or [_CLEARED],
        holds_until=None,
        packs_digest=packs().digest,
        mask=0,
    )
