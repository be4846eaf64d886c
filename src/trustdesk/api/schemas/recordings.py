"""Recordings as other systems see them: what each leg rests on, without a sound of it."""

from typing import Self

from trustdesk.api.schemas.common import Id, Instant, Shown
from trustdesk.recordings.contracts import CallView, RecordingView, State
from trustdesk.sipedge.contracts import Mode


class GapShown(Shown):
    """From when to when nothing was stored, in milliseconds of the call's clock; no end means until the end."""

    why: str
    start_ms: int
    end_ms: int | None


class RecordingShown(Shown):
    """One leg's recording. `head` stands for all its `chunks`: the log names both."""

    recording_id: Id
    conversation_id: Id
    call_id: Id
    role: str
    queue: str
    operator_id: Id | None
    customer_id: Id | None
    mode: Mode
    rules: list[str]
    notice_version: int
    heard_at: Instant
    consent_key: str
    retention_class: str
    keep_until: Instant
    copy_days: int
    held: bool
    began_at: Instant
    ended_at: Instant | None
    state: State
    milliseconds: int
    chunks: int
    head: str
    gaps: list[GapShown]

    @classmethod
    def of(cls, one: RecordingView) -> Self:
        return cls(
            recording_id=one.recording_id,
            conversation_id=one.conversation_id,
            call_id=one.call_id,
            role=one.role,
            queue=one.queue,
            operator_id=one.operator_id,
            customer_id=one.customer_id,
            mode=one.mode,
            rules=list(one.rule_ids),
            notice_version=one.notice_version,
            heard_at=one.heard_at,
            consent_key=one.consent_key,
            retention_class=one.retention_class,
            keep_until=one.keep_until,
            copy_days=one.copy_days,
            held=one.held,
            began_at=one.began_at,
            ended_at=one.ended_at,
            state=one.state,
            milliseconds=one.milliseconds,
            chunks=one.chunks,
            head=one.head,
            gaps=[GapShown(why=gap.why, start_ms=gap.start_ms, end_ms=gap.end_ms) for gap in one.gaps],
        )


class RecordedCall(Shown):
    """One call: its legs share a clock."""

    call_id: Id
    began_at: Instant
    recordings: list[RecordingShown]

    @classmethod
    def of(cls, call: CallView) -> Self:
        return cls(
            call_id=call.call_id,
            began_at=call.began_at,
            recordings=[RecordingShown.of(one) for one in call.recordings],
        )
