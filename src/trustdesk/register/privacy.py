"""What the register holds of a person, how it hands it out, and how it forgets it."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_SERVICE = "service"
_CARE = "dpv:CustomerCare"
_MARKS = "P90D"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.register.services.telling import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.register.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.register.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(
    table: str,
    column: str,
    category: str = "dpv:PersonalData",
    *,
    sealed: bool = False,
    retention: str = _SERVICE,
    purpose: str = _CARE,
) -> PersonalField:
    return PersonalField(f"register_{table}", column, category, purpose, retention, sealed)


_FIELDS = (
    _field("customer", "id", "pd:UID"),
    _field("customer", "kind", "dpv:PersonalData"),
    _field("customer", "headline", "pd:Name", sealed=True),
    _field("customer", "language", "pd:Language"),
    _field("customer", "country", "pd:Country", purpose="dpv:LegalCompliance"),
    _field("customer", "employer_id", "pd:Employment"),
    _field("customer", "customer_since", "pd:Transactional"),
    _field("customer", "last_sale_date", "pd:Transactional"),
    _field("customer", "product_groups", "pd:Transactional"),
    _field("customer", "source_id", "dpv:PersonalData"),
    _field("customer", "collected_at", "dpv:PersonalData"),
    _field("customer", "notice_kind", "pd:PrivacyPreference", purpose="dpv:LegalCompliance"),
    _field("customer", "notice_version", "pd:PrivacyPreference", purpose="dpv:LegalCompliance"),
    _field("customer", "notice_given_at", "pd:PrivacyPreference", purpose="dpv:LegalCompliance"),
    _field("customer", "art14_due_at", "pd:PrivacyPreference", purpose="dpv:LegalCompliance"),
    _field("customer", "restricted_at", "pd:PrivacyPreference", purpose="dpv:RightsFulfilment"),
    _field("customer", "restriction_ground", "pd:PrivacyPreference", purpose="dpv:RightsFulfilment"),
    _field("customer", "merged_into", "pd:UID"),
    _field("value", "customer_id", "pd:UID"),
    _field("value", "id", "pd:UID"),
    _field("value", "attribute_id", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "sealed", "dpv:PersonalData", sealed=True, retention="the attribute's"),
    _field("value", "open_text", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "label", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "shared_line", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "source_id", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "recorded_at", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "confirmed_at", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "confirmed_by", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "rectified", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "restricted_at", "pd:PrivacyPreference", purpose="dpv:RightsFulfilment"),
    _field("value", "restriction_ground", "pd:PrivacyPreference", purpose="dpv:RightsFulfilment"),
    _field("value", "superseded_at", "dpv:PersonalData", retention="the attribute's"),
    _field("value", "superseded_by", "pd:UID", retention="the attribute's"),
    # Pseudonymous, not anonymous (GDPR Art. 4(5)): with the controller's key a token names a person again.
    _field("token", "token", "dpv:PseudonymisedData"),
    _field("token", "customer_id", "pd:UID"),
    _field("joint_token", "token", "dpv:PseudonymisedData"),
    _field("joint_token", "customer_id", "pd:UID"),
    _field("note", "customer_id", "pd:UID"),
    _field("note", "id", "pd:UID"),
    _field("note", "sealed", "pd:CommunicationsMetadata", sealed=True),
    _field("note", "written_at", "pd:CommunicationsMetadata"),
    _field("event", "customer_id", "pd:UID"),
    _field("event", "id", "pd:UID"),
    _field("event", "at", "dpv:PersonalData"),
    _field("event", "kind", "dpv:PersonalData"),
    _field("event", "value_id", "pd:UID"),
    _field("event", "detail", "dpv:PersonalData"),
    _field("disclosure", "customer_id", "pd:UID", purpose="dpv:LegalCompliance"),
    _field("disclosure", "id", "pd:UID", purpose="dpv:LegalCompliance"),
    _field("disclosure", "value_id", "pd:UID", purpose="dpv:LegalCompliance"),
    _field("disclosure", "recipient", "dpv:PersonalData", purpose="dpv:LegalCompliance"),
    _field("disclosure", "purpose", "dpv:PersonalData", purpose="dpv:LegalCompliance"),
    _field("disclosure", "legal_basis", "dpv:PersonalData", purpose="dpv:LegalCompliance"),
    _field("disclosure", "disclosed_at", "dpv:PersonalData", purpose="dpv:LegalCompliance"),
    *(
        _field("question", column, "pd:UID", retention=_MARKS)
        for column in ("customer_id", "conversation_id", "value_id")
    ),
    *(_field("question", column, retention=_MARKS) for column in ("attribute_id", "spared", "at", "answer")),
    _field("merge", "into_id", "pd:UID"),
    _field("merge", "customer_id", "pd:UID"),
    _field("merge", "moved", "pd:UID"),
    _field("merge", "reason", "dpv:PersonalData"),
)

_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_BOOKKEEPING = "when the row itself was written or undone"
_OF_THE_LIST = "describes a list or its seller, not a customer"
_OF_THE_CATALOG = "declares what may be recorded; says nothing of anyone"

_TABLES = (
    *("source", "attribute", "product_group", "customer", "value", "token", "joint_token", "note", "event"),
    *("disclosure", "merge", "freshness", "question", "spared", "fresh_count"),
)
_SOURCE = "id kind name legal_basis seller acquired_date proof evidence_sha256 created_at"
_ATTRIBUTE = (
    "id code label kind category purposes legal_basis retention_class retention_period sealed many fresh_days"
    " declared_at"
)

_RULE = "attribute_id confirmed_by source_id days set_at"
_COUNTED = "day attribute_id source_id confirmed_by held fresh counted_at"

_NOT_PERSONAL = (
    {f"register_{table}.controller_id": _TENANT for table in _TABLES}
    | {f"register_source.{column}": _OF_THE_LIST for column in _SOURCE.split()}
    | {f"register_attribute.{column}": _OF_THE_CATALOG for column in _ATTRIBUTE.split()}
    | {f"register_freshness.{column}": "says how long a confirmation counts, of anybody" for column in _RULE.split()}
    | {f"register_fresh_count.{column}": "how many values, of nobody" for column in _COUNTED.split()}
    | {f"register_spared.{column}": "how many questions, of nobody" for column in ("day", "attribute_id", "count")}
    | {
        "register_freshness.set_by": _STAFF,
        "register_product_group.name": "what the company sells; says nothing of anyone",
        "register_source.created_by": _STAFF,
        "register_attribute.declared_by": _STAFF,
        "register_customer.token_edition": "which version of the program made the tokens",
        "register_customer.created_at": _BOOKKEEPING,
        "register_customer.created_by": _STAFF,
        "register_customer.updated_at": _BOOKKEEPING,
        "register_value.recorded_by": _STAFF,
        "register_value.confirmed_by_operator": _STAFF,
        "register_note.written_by": _STAFF,
        "register_event.operator_id": _STAFF,
        "register_disclosure.disclosed_by": _STAFF,
        "register_merge.id": "names an act, not a person",
        "register_merge.merged_at": _BOOKKEEPING,
        "register_merge.merged_by": _STAFF,
        "register_merge.undone_at": _BOOKKEEPING,
        "register_merge.undone_by": _STAFF,
    }
)

DECLARATION = PrivacyDeclaration(
    capability="register",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
