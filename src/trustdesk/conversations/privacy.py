"""What conversations hold of a person, how it is handed out, and how it is forgotten."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_CARE = "dpv:CustomerCare"
_CLAIMS = "dpv:CustomerClaimsManagement"
_SERVICE = "service"
_FILE = "statutory:complaint"
_METADATA = "pd:CommunicationsMetadata"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.conversations.services.telling import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.conversations.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.conversations.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(
    table: str, column: str, category: str = _METADATA, *, sealed: bool = False, retention: str = _SERVICE
) -> PersonalField:
    purpose = _CLAIMS if table == "complaint" else _CARE
    return PersonalField(f"conversations_{table}", column, category, purpose, retention, sealed)


def _file(column: str, category: str = "dpv:PersonalData", *, sealed: bool = False) -> PersonalField:
    return _field("complaint", column, category, sealed=sealed, retention=_FILE)


_CONVERSATION = "id channel queue line state how identified_at opened_at changed_at closed_at restricted_at"
_INTERACTION = (
    "id conversation_id kind direction queue line started_at answered_at ended_at result disposition meaning"
    " disposed_at unconfirmed"
)
_FOLLOW_UP = "id conversation_id meaning due_at queue created_at done_at"
_COMPLAINT = (
    "id conversation_id interaction_id queue countries sector received_at due_date due_at extended_at copy_given_at"
    " escalated_at replied_at outcome authority keep_until restricted_at"
)

_FIELDS = (
    _field("conversation", "reference", "pd:UID"),
    _field("conversation", "subject_id", "pd:UID"),
    _field("conversation", "customer_id", "pd:UID"),
    _field("conversation", "joined_to", "pd:UID"),
    _field("conversation", "matches", "pd:UID"),
    _field("conversation", "language", "pd:Language"),
    *(_field("conversation", column) for column in _CONVERSATION.split()),
    *(_field("interaction", column) for column in _INTERACTION.split()),
    _field("party", "sealed", "pd:Contact", sealed=True),
    # Pseudonymous, not anonymous (GDPR Art. 4(5)): with the controller's key a token names a number again.
    _field("party", "token", "dpv:PseudonymisedData"),
    *(_field("party", column) for column in ("id", "conversation_id", "interaction_id", "joined_at", "left_at")),
    _field("note", "sealed", "pd:Communication", sealed=True),
    *(_field("note", column) for column in ("id", "conversation_id", "interaction_id", "written_at")),
    _field("followup", "sealed", "pd:Communication", sealed=True),
    *(_field("followup", column) for column in _FOLLOW_UP.split()),
    *(_field("event", column) for column in ("id", "conversation_id", "at", "kind", "detail")),
    _file("number", "pd:UID"),
    _file("customer_id", "pd:UID"),
    _file("subject_id", "pd:UID"),
    _file("minutes", "pd:Communication", sealed=True),
    _file("reply", "pd:Communication", sealed=True),
    *(_file(column) for column in _COMPLAINT.split()),
    _field("miss", "asker", "dpv:PseudonymisedData", retention="P1D"),
    _field("miss", "at", "dpv:PersonalData", retention="P1D"),
    _field("viewer", "conversation_id", "pd:UID", retention="P1D"),
)

_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_DISPOSITION = "queue code labels meaning after place retired_at"
_QUEUE_RULE = "queue required keep_days sector changed_at"
_WHOLE = "what the company lets its agents say and asks for in a queue; says nothing of anyone"

_NOT_PERSONAL = (
    {
        f"conversations_{table}.controller_id": _TENANT
        for table in (
            *("conversation", "interaction", "party", "note", "followup", "event", "complaint"),
            *("disposition", "queuerule", "miss", "viewer"),
        )
    }
    | {
        f"conversations_{place}": _STAFF
        for place in (
            *("conversation.identified_by", "conversation.assigned_to", "interaction.wrap_up_by"),
            *("interaction.disposed_by", "party.operator_id", "note.written_by", "followup.owner_id"),
            *("followup.created_by", "followup.done_by", "event.operator_id", "complaint.taken_by"),
            *("complaint.replied_by", "queuerule.changed_by", "viewer.operator_id"),
        )
    }
    | {f"conversations_disposition.{column}": _WHOLE for column in _DISPOSITION.split()}
    | {f"conversations_queuerule.{column}": _WHOLE for column in _QUEUE_RULE.split()}
    | {
        "conversations_complaint.rules": "what the rule packs asked for; says nothing of anyone",
        "conversations_miss.id": "names a guess, not a person",
        "conversations_viewer.seen_at": "when a member of staff looked at a page",
        "conversations_viewer.writing_at": "when a member of staff wrote on a page",
    }
)

DECLARATION = PrivacyDeclaration(
    capability="conversations",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
