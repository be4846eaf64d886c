"""What rights hold of a person: that something was asked for, when, and what came of it; the words are sealed."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_PURPOSE = "dpv:RightsFulfilment"
_DATA = "dpv:PersonalData"
_RETENTION = "keep_until of each request: three years after the end of the year in which it was closed"
_CODE = "P1D after its end"
_LETTER = "P90D"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.rights.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.rights.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.rights.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(
    table: str, column: str, category: str = _DATA, *, sealed: bool = False, retention: str = _RETENTION
) -> PersonalField:
    return PersonalField(f"rights_{table}", column, category, _PURPOSE, retention, sealed)


_REQUEST = (
    "id kind channel state received_at due_date due_at suspended_since suspended_days extended_at identity identity_at"
    " approved_at work_id told_id refused closed_at keep_until forgotten_at"
)

_FIELDS = (
    _field("request", "sealed", "pd:Communication", sealed=True),
    _field("request", "reference", "pd:UID"),
    _field("request", "customer_id", "pd:UID"),
    _field("request", "external_id", "pd:UID"),
    _field("request", "language", "pd:Language"),
    *(_field("request", column) for column in _REQUEST.split()),
    _field("event", "sealed", "pd:Communication", sealed=True),
    *(_field("event", column) for column in ("id", "request_id", "at", "happening", "before", "after", "code")),
    _field("code", "customer_id", "pd:UID", retention=_CODE),
    _field("code", "value_id", "pd:UID", retention=_CODE),
    *(_field("code", column, retention=_CODE) for column in ("request_id", "sent_at", "expires_at", "used_at")),
    _field("letter", "digest", "dpv:PseudonymisedData", retention=_LETTER),
    *(_field("letter", column, retention=_LETTER) for column in ("id", "taken_at", "taken", "reason", "request_id")),
)

_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_NOT_PERSONAL = (
    {f"rights_{table}.controller_id": _TENANT for table in ("request", "event", "code", "mailbox", "letter", "told")}
    | {
        "rights_request.identity_by": _STAFF,
        "rights_request.approved_by": _STAFF,
        "rights_request.approved_mandate": "under which contract it was approved",
        "rights_request.delegated": "whether a processor approved it",
        "rights_request.reminded_at": "when staff were reminded",
        "rights_request.escalated_at": "when it was said that it is late",
        "rights_request.changed_at": "when staff last worked on it",
        "rights_event.operator_id": _STAFF,
        "rights_code.id": "names a code, not a person",
        "rights_code.digest": "keyed, of six random digits",
        "rights_code.tries": "how often somebody guessed",
    }
    | {
        f"rights_mailbox.{column}": "how the company's own mailbox is reached; says nothing of anyone"
        for column in [
            "host",
            "port",
            "security",
            "user",
            "password",
            "folder",
            "paused_at",
            "read_at",
            "failing_since",
            "fault",
            "changed_at",
            "changed_by",
        ]
    }
)

_TOLD = "id request_id recipient way call_ids notice_id told_at received_at"
_NOT_PERSONAL |= {
    f"rights_told.{column}": "who was given something and was told; the person stands in the request"
    for column in _TOLD.split()
} | {"rights_told.received_by": _STAFF}

DECLARATION = PrivacyDeclaration(
    capability="rights",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
