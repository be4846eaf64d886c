"""What campaigns hold of a customer: in which ones, where the person stands there, and each attempt."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_METADATA = "pd:CommunicationsMetadata"
_TARGET = "state number attempts last_outcome reason next_at changed_at"
_ATTEMPT = "number at message_id call_id decision_id outcome reason ended_at"
_CAMPAIGN = (
    "id name run_id purpose channel about template language queue line script release hours per_day per_week"
    " per_campaign pace starts_at ends_at state reason people left_out created_at started_at mandate_id"
    " access_purpose changed_at heard_at"
)


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.campaigns.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.campaigns.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.campaigns.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(table: str, column: str, category: str = _METADATA) -> PersonalField:
    return PersonalField(f"campaigns_{table}", column, category, "dpv:DirectMarketing", "service", sealed=False)


_FIELDS = (
    _field("target", "customer_id", "pd:UID"),
    _field("target", "value_id", "pd:UID"),
    *(_field("target", column) for column in _TARGET.split()),
    _field("attempt", "customer_id", "pd:UID"),
    *(_field("attempt", column) for column in _ATTEMPT.split()),
)
_WHOLE = "says what the company sends, when and how fast, and counts; nothing of a person"
_NOT_PERSONAL = (
    {f"campaigns_campaign.{column}": _WHOLE for column in _CAMPAIGN.split()}
    | {
        f"campaigns_campaign.{column}": "the operator's id: staff, declared by accounts"
        for column in ("created_by", "started_by", "operator_id")
    }
    | {"campaigns_attempt.operator_id": "the operator's id: staff, declared by accounts"}
    | {f"campaigns_disposition.{column}": _WHOLE for column in ("campaign_id", "outcome", "act", "after")}
    | {
        f"campaigns_{table}.campaign_id": "which campaign; the person stands in customer_id"
        for table in ("target", "attempt")
    }
    | {
        f"campaigns_{table}.controller_id": "which company owns the row"
        for table in ("campaign", "disposition", "target", "attempt")
    }
)

DECLARATION = PrivacyDeclaration(
    capability="campaigns",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
)
