"""What updates hold of a person, how it is handed out, and how it is forgotten.

What a change said stands in the register, where it was written; here stands that there was one and what became of it.
"""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_ACCURACY = "dpv:RecordManagement"
_RECORD = "dpv:PersonalData"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.updates.services.handing import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.updates.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.updates.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(
    table: str, column: str, category: str = _RECORD, *, sealed: bool = False, retention: str = "service"
) -> PersonalField:
    return PersonalField(f"updates_{table}", column, category, _ACCURACY, retention, sealed)


def _fields(table: str, columns: str, *, retention: str = "service") -> Iterator[PersonalField]:
    return (_field(table, column, retention=retention) for column in columns.split())


_FIELDS = (
    # Pseudonymous, not anonymous (GDPR Art. 4(5)): with the controller's key a token names a person again.
    _field("profile", "tokens", "dpv:PseudonymisedData"),
    _field("profile", "customer_id", "pd:UID"),
    _field("departed", "customer_id", "pd:UID", retention="P1D"),
    _field("departed", "at", retention="P1D"),
    _field("change", "id", "pd:UID"),
    _field("change", "customer_id", "pd:UID"),
    _field("change", "record_token", "dpv:PseudonymisedData"),
    *_fields("change", "position kind as_of received_at decided_at outcome fate reason probability second evidence"),
    *_fields("change", "undone_at"),
    _field("applied", "customer_id", "pd:UID"),
    *_fields("applied", "id change_id attribute what why old_value_id new_value_id applied_at undone_at"),
    *_fields("applied", "confirmed_at before_at before_by"),
    _field("order", "customer_id", "pd:UID"),
    *_fields("order", "kind change_id since ended_at"),
    _field("review", "customer_id", "pd:UID"),
    _field("review", "sealed", sealed=True),
    *_fields("review", "change_id candidates candidate_ids state opened_at first_at first_choice second_at"),
    *_fields("review", "second_choice decided_at choice closed"),
    _field("candidate", "customer_id", "pd:UID"),
    _field("candidate", "change_id"),
    _field("audit", "customer_id", "pd:UID"),
    *_fields("audit", "change_id verdict judged_at"),
    _field("duplicate", "left_id", "pd:UID"),
    _field("duplicate", "right_id", "pd:UID"),
    *_fields("duplicate", "id probability second evidence found_at state decided_at merge_id"),
)

_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_FEED = "names a feed or a delivery, not a person"
_TABLES = "profile departed change applied order policy review candidate audit auditround duplicate"
_NOT_PERSONAL = (
    {f"updates_{table}.controller_id": _TENANT for table in _TABLES.replace("auditround", "audit_round").split()}
    | {
        f"updates_{place}": _STAFF
        for place in (
            *("change.decided_by", "change.undone_by", "applied.undone_by", "review.first_by", "review.second_by"),
            *("review.decided_by", "audit.judged_by", "audit_round.drawn_by", "duplicate.decided_by", "policy.set_by"),
        )
    }
    | {f"updates_{place}": _FEED for place in ("change.feed_id", "change.delivery_id", "order.feed_id")}
    | {
        "updates_profile.edition": "which version of the program made the tokens",
        "updates_profile.stamp": "in which transaction the row was written",
        "updates_departed.stamp": "in which transaction the row was written",
        "updates_review.terms": "on what terms a feed's changes are taken",
        "updates_review.risky": "whether a kind of change takes two people",
        "updates_audit.round_id": "names a sample, not a person",
        "updates_audit_round.*": "a sample: when, of how many, how large",
        "updates_policy.*": "what the company wants of feeds; says nothing of anyone",
    }
)

DECLARATION = PrivacyDeclaration(
    capability="updates",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
