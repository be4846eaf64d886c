"""What clearance holds of a person, how it hands it out, and how it forgets it.

Suppression tokens outlive the person's erasure: they are what keeps a list from bringing the person back (GDPR
Art. 17(3)(b), 21(3)), and hold nothing but keyed numbers.
"""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_PROOF = "proof: while relied on, then five years from grant and from each use (UWG § 7a(2)), as the packs say"
_SUPPRESSION = "as long as there is an address it could keep out: GDPR Art. 17(3)(b), 21(3); legal basis eu-gdpr:A6-1-c"
_SERVICE = "service"
_COMPLIANCE = "dpv:LegalCompliance"
_RIGHTS = "dpv:RightsFulfilment"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.clearance.services.telling import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.clearance.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.clearance.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _fields(
    table: str, columns: str, *, retention: str, purpose: str, category: str = "pd:PrivacyPreference"
) -> Iterator[PersonalField]:
    for column in columns.split():
        sealed = column == "words"
        kind = "pd:UID" if column in {"customer_id", "value_id", "event_id"} else category
        yield PersonalField(f"clearance_{table}", column, kind, purpose, retention, sealed)


_EVENT = (
    "customer_id id purpose_id channel state strictness at until express of_age by method words notice_version"
    " notice_language recording spoken_from_ms spoken_to_ms document_sha256 reference source_id digest"
)
_OBJECTION = "customer_id id act purpose_id purpose_kind channel at by method words reference digest"
_POINT = "customer_id value_id version level kind country token hashed domain"
_SUPPRESSED = "token id version level kind act purpose_id purpose_kind channel reason at"
_DECIDED = "customer_id id purpose_id channel value_id place campaign_id contact_id at outcome mask rule_ids"
_COLLECTED = "customer_id id value_id from_sale told refused asked asked_until at"
_TOKENS = "dpv:PseudonymisedData"

_PERSONAL = (
    *_fields("consent_event", _EVENT, retention=_PROOF, purpose=_COMPLIANCE),
    *_fields("consent_use", "customer_id id event_id decision_id used_at", retention=_PROOF, purpose=_COMPLIANCE),
    *_fields("objection", _OBJECTION, retention=_PROOF, purpose=_RIGHTS),
    *_fields("decision", _DECIDED, retention=_PROOF, purpose=_COMPLIANCE),
    *_fields("collection", _COLLECTED, retention=_SERVICE, purpose=_COMPLIANCE),
    # Pseudonymous, not anonymous (GDPR Art. 4(5)): with the company's key a token names a number again.
    *_fields("point", _POINT, retention=_SERVICE, purpose=_RIGHTS, category=_TOKENS),
    *_fields("suppression", _SUPPRESSED, retention=_SUPPRESSION, purpose=_RIGHTS, category=_TOKENS),
    *_fields("outside_entry", "token version level", retention="the next load", purpose=_RIGHTS, category=_TOKENS),
)

_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_BOOKKEEPING = "when the row itself was written"
_OF_THE_COMPANY = "what the company declares, publishes or adopts; says nothing of a customer"
_OF_THE_LIST = "describes a list that others keep, not who is on it"
_OF_THE_RULES = "which rules were in force"

_TABLES = (
    "setup purpose assessment notice consent_event consent_use collection objection point suppression outside_list"
    " outside_entry recipient policy decision"
)
_COMPANY_COLUMNS = {
    "setup": "version token_floor",
    "purpose": "id code label other_labels term kind legal_basis declared_at retired_at",
    "assessment": "id purpose_id pursued necessity balancing safeguards assessed_at assessed_by review_date"
    " recorded_at",
    "notice": "id kind version language who purpose further_use legal_basis retention recipients rights"
    " where_the_rest_is published_at",
    "recipient": "id name role country safeguard purposes categories notice_email starts_at ends_at declared_at",
    "policy": "version text adopted_at",
}
_LIST = "id code name country kind format declared_at current_load refreshed_at loaded_at entries unreadable"
_STAFF_COLUMNS = (
    "purpose.declared_by assessment.recorded_by notice.published_by recipient.declared_by policy.adopted_by"
    " outside_list.declared_by outside_list.loaded_by consent_event.recorded_by collection.recorded_by"
    " objection.recorded_by suppression.recorded_by decision.operator_id"
)

_NOT_PERSONAL = (
    {f"clearance_{table}.controller_id": _TENANT for table in _TABLES.split()}
    | {
        f"clearance_{table}.{column}": _OF_THE_COMPANY
        for table, columns in _COMPANY_COLUMNS.items()
        for column in columns.split()
    }
    | {f"clearance_outside_list.{column}": _OF_THE_LIST for column in _LIST.split()}
    | {"clearance_outside_entry.load_id": _OF_THE_LIST}
    | {f"clearance_{column}": _STAFF for column in _STAFF_COLUMNS.split()}
    | {
        f"clearance_{table}.recorded_at": _BOOKKEEPING
        for table in ("consent_event", "collection", "objection", "suppression")
    }
    | {"clearance_decision.packs_digest": _OF_THE_RULES, "clearance_decision.policy_version": _OF_THE_RULES}
)

DECLARATION = PrivacyDeclaration(
    capability="clearance",
    fields=_PERSONAL,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
