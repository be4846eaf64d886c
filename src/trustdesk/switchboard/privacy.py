"""What the switchboard holds of a customer: which calls there were, and when. Who called is sealed in conversations."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_METADATA = "pd:CommunicationsMetadata"
_CALL = (
    "direction state queue certainty decision_id began_at queued_at answered_at ended_at recorded paused held"
    " unrecorded result answer_by alarm consent_key"
)
_WAIT = "call_id queue queued_at left_at ended"
_UNDER = "line language country sector mode notice_version"
_AGENT = "operator_id mandate_id purpose state reason since call_id queue attachment reachable wrap_up_until"
_CALLBACK = "call_id queue asked_at state reason decision_id changed_at"
_RULES = "which of the company's numbers and rules the call came under; nothing of a person"
_STAFF = "the operator's id: staff, declared by accounts"
_ID = "an id of our own; the person stands in the call"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.switchboard.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.switchboard.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.switchboard.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(table: str, column: str, category: str = _METADATA) -> PersonalField:
    return PersonalField(f"switchboard_{table}", column, category, "dpv:CustomerCare", "service", sealed=False)


_FIELDS = (
    _field("call", "customer_id", "pd:UID"),
    _field("call", "matches", "pd:UID"),
    *(_field("call", column) for column in _CALL.split()),
    *(_field("wait", column) for column in _WAIT.split()),
    *(_field("callback", column) for column in _CALLBACK.split()),
)
_NOT_PERSONAL = (
    {f"switchboard_call.{column}": _RULES for column in _UNDER.split()}
    | {
        f"switchboard_call.{column}": _ID
        for column in ["id", "case_id", "conversation_id", "interaction_id", "callback_id"]
    }
    | {"switchboard_call.heard": "how far the edge's story of the call was heard: a count"}
    | {f"switchboard_call.{column}": _STAFF for column in ["operator_id", "offered_to"]}
    | {f"switchboard_{table}.id": _ID for table in ("wait", "callback")}
    | {
        f"switchboard_spell.{column}": "the time of staff; a customer's calls are found by the call"
        for column in ["id", "operator_id", "state", "reason", "call_id", "queue", "starts_at", "ends_at"]
    }
    | {f"switchboard_agent.{column}": "what an operator is doing now: staff" for column in _AGENT.split()}
    | {
        f"switchboard_{table}.controller_id": "which company owns the row"
        for table in ("call", "wait", "spell", "agent", "callback")
    }
)

DECLARATION = PrivacyDeclaration(
    capability="switchboard",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
)
