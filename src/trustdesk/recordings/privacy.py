"""What recordings hold of a customer: that there is a recording, on which grounds, and the sound in a sealed file."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_PURPOSE = "dpv:CustomerCare"
_METADATA = "pd:CommunicationsMetadata"
_RETENTION = "keep_until of each recording, by the rule of its country and sector; a legal hold lengthens it"
_DAY = "P1D after its end"
_RECORDING = (
    "conversation_id interaction_id call_id leg role queue mode rule_ids notice_version heard_at consent_key"
    " retention_class filed_class keep_until copy_days began_at ended_at state chunks head milliseconds gaps reason"
)


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.recordings.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.recordings.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.recordings.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _field(table: str, column: str, category: str = _METADATA, retention: str = _RETENTION) -> PersonalField:
    return PersonalField(f"recordings_{table}", column, category, _PURPOSE, retention, sealed=False)


_FIELDS = (
    _field("recording", "id", "pd:UID"),
    _field("recording", "customer_id", "pd:UID"),
    *(_field("recording", column) for column in _RECORDING.split()),
    _field("unrecorded", "conversation_id", retention="P400D"),
    _field("unrecorded", "interaction_id", retention="P400D"),
    _field("unrecorded", "call_id", retention="P400D"),
    _field("unrecorded", "reason", retention="P400D"),
    _field("unrecorded", "at", retention="P400D"),
    _field("hold", "conversation_id"),
    _field("listening", "conversation_id", retention=_DAY),
    _field("listening", "listener", "pd:UID", _DAY),
    _field("listening", "customer_id", "pd:UID", _DAY),
    _field("copy", "conversation_id", retention=_DAY),
    _field("copy", "customer_id", "pd:UID", _DAY),
    _field("copy", "message_id", "pd:UID", _DAY),
    _field("copy", "sent_at", retention=_DAY),
    _field("copy", "expires_at", retention=_DAY),
)

_STAFF = "the operator's id: staff, declared by accounts"
_TENANT = "which company owns the row"
_COUNT = "a number over many recordings: nobody is named"
_NOT_PERSONAL = {
    f"recordings_{table}.controller_id": _TENANT
    for table in ("recording", "unrecorded", "hold", "listening", "copy", "tally")
} | {
    "recordings_recording.operator_id": _STAFF,
    "recordings_unrecorded.id": "names a happening, not a person",
    "recordings_unrecorded.queue": "a queue of the company",
    "recordings_hold.id": "names a hold, not a person",
    "recordings_hold.ground": "why evidence is kept: a word of ours",
    "recordings_hold.file_number": "the number of a file at a court, an authority or the company",
    "recordings_hold.placed_at": "when evidence was kept",
    "recordings_hold.placed_by": _STAFF,
    "recordings_hold.released_at": "when it was let go",
    "recordings_hold.released_by": _STAFF,
    "recordings_listening.id": "names a listening, not a person",
    "recordings_listening.purpose": "for what somebody listens: a word of ours",
    "recordings_listening.began_at": "when staff listened; the log says to what",
    "recordings_listening.expires_at": "until when staff may listen",
    "recordings_copy.id": "names a link, not a person",
    "recordings_copy.digest": "of a random secret",
    "recordings_copy.sent_by": _STAFF,
    "recordings_tally.month": _COUNT,
    "recordings_tally.because": _COUNT,
    "recordings_tally.recordings": _COUNT,
    "recordings_tally.milliseconds": _COUNT,
}

DECLARATION = PrivacyDeclaration(
    capability="recordings",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
