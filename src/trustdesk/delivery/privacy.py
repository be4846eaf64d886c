"""What delivery holds of a customer: which messages, what they said, what became of them."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_SERVICE = "service"
_CARE = "dpv:CustomerCare"
_METADATA = "pd:CommunicationsMetadata"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.delivery.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.delivery.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.delivery.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(table: str, column: str, category: str = _METADATA, *, sealed: bool = False) -> PersonalField:
    return PersonalField(f"delivery_{table}", column, category, _CARE, _SERVICE, sealed)


_MESSAGE = (
    "channel purpose template language state reason reply status attempt next_at not_after decision_id campaign_id"
    " former"
    " queued_at changed_at handed_at delivered_at key_digest"
)
_TURN = "at happening before after attempt reason reply status"

_FIELDS = (
    _field("message", "id", "pd:UID"),
    _field("message", "customer_id", "pd:UID"),
    _field("message", "value_id", "pd:UID"),
    _field("message", "sealed", "pd:Communication", sealed=True),
    *(_field("message", column) for column in _MESSAGE.split()),
    _field("turn", "message_id", "pd:UID"),
    *(_field("turn", column) for column in _TURN.split()),
    _field("call", "customer_id", "pd:UID"),
    _field("call", "value_ids", "pd:UID"),
    _field("call", "event", "dpv:PersonalData"),
    _field("call", "key_digest", "dpv:PseudonymisedData"),
)

_STAFF = "the operator's id: staff, declared by accounts"
_REASONS = {
    "message": "says under which mandate and how the undertaking acts; nothing of the person",
    "turn": "names an act, not a person",
    "template": "what the company says to everybody",
    "sender": "the company's own address or name",
    "endpoint": "another system's address and state",
    "call": "how a call to another system went; the customer stands in customer_id",
    "try": "how a call to another system went; the customer stands in customer_id",
    "notice": "a letter to a recipient of data: our reference for somebody, as in facts of calls, and how it went",
}
_COLUMNS = {
    "message": "purpose_kind about urgent mandate_id access_purpose",
    "turn": "id",
    "template": "id channel code language subject text published_at",
    "sender": "id mail_address mail_name reply_to return_mailbox imprint sms_name set_at",
    "endpoint": "id name url recipient_id purpose events secret previous_secret previous_until failing_since"
    " disabled_at disabled_because created_at",
    "call": "id endpoint_id facts state reason attempt next_at occurred_at changed_at mandate_id access_purpose",
    "try": "call_id id at reason status milliseconds",
    "notice": "id recipient_id template language facts key_digest state reason attempt next_at queued_at changed_at"
    " handed_at received_at",
}
_NOT_PERSONAL = (
    {f"delivery_{table}.{column}": _REASONS[table] for table, columns in _COLUMNS.items() for column in columns.split()}
    | {f"delivery_{table}.controller_id": "which company owns the row" for table in _COLUMNS}
    | {
        "delivery_turn.operator_id": _STAFF,
        "delivery_message.operator_id": _STAFF,
        "delivery_template.published_by": _STAFF,
        "delivery_sender.set_by": _STAFF,
        "delivery_endpoint.created_by": _STAFF,
        "delivery_call.operator_id": _STAFF,
        "delivery_notice.operator_id": _STAFF,
    }
)

DECLARATION = PrivacyDeclaration(
    capability="delivery",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
)
