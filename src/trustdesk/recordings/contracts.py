"""Frozen values that cross the door of recordings. One key is among them, that of a recording which is being made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from trustdesk.kernel.errors import RefusedError
from trustdesk.recordings import vcon as _vcon
from trustdesk.sipedge.contracts import Mode

VCON_MEDIA_TYPE = _vcon.MEDIA_TYPE
SoundFile = _vcon.SoundFile
vcon_verified = _vcon.verified
"""The vCon in a signed one, its signature checked, offline. BadInputError where it is another key's, or was altered."""
vcon_audio = _vcon.audio_of
"""The WAV file inside a dialog of a vCon."""

LISTENING_LIVES = timedelta(hours=4)
"""How long a stated purpose lets a conversation be heard."""
LINK_LIVES = timedelta(days=7)
"""How long a link to a copy that was sent opens it."""

Role = Literal["customer", "agent", "third"]
THIRD: Role = "third"


class State(StrEnum):
    OPEN = "open"  # being made
    WHOLE = "whole"  # closed in order
    FAILED = "failed"  # closed by a fault of disk or media; what was stored until then stands
    LOST = "lost"  # its process died; read up to the last whole second


class Purpose(StrEnum):
    """What somebody listens for. Stated before the first word is heard, and kept in the log."""

    REQUEST = "request"  # what the customer asks needs it
    COMPLAINT = "complaint"
    DISPUTE = "dispute"  # what was agreed
    QUALITY = "quality"
    AUTHORITY = "authority"  # a court or an authority asks
    SECURITY = "security"  # fraud, threats


CLAIMS = frozenset({Purpose.DISPUTE, Purpose.AUTHORITY})
"""Legal claims, for which restricted recordings may be taken out (GDPR Art. 18(2))."""


class Ground(StrEnum):
    """Why recordings are kept beyond their day (GDPR Art. 17(3)(b), (e), 18(2))."""

    CLAIM = "claim"  # legal claims, raised or expected
    COMPLAINT = "complaint"
    AUTHORITY = "authority"
    PERSON = "person"  # the customer needs it for a claim of their own


class Because(StrEnum):
    """Why recordings are no more. What is kept of them is a number."""

    DUE = "due"
    ERASED = "erased"
    EMPTY = "empty"  # nothing was stored


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecording:
    """One leg that may be recorded from now on.

    `call_id` is the edge's call: all its legs share a clock. `mode` and what was heard and pressed are checked again
    here: `heard_at` is when the notice in `notice_version` was played to its end on this leg. `consent_key` is the key
    pressed by this leg, or, for one of ours, by whom it speaks with; `agree_key` the one that means agreement; `agreed`
    one of ours' standing agreement. `retention_class` is `service` or `statutory:<rule>`. `customer_id` is whose leg it
    is: a third party's is never that of the customer whose conversation it is. `copy_days` is the rule's.
    """

    conversation_id: int
    interaction_id: int
    call_id: int
    leg: str
    role: Role
    mode: Mode
    notice_version: int
    heard_at: datetime | None
    retention_class: str
    keep_until: datetime
    copy_days: int
    rule_ids: Sequence[str] = ()
    operator_id: int | None = None
    customer_id: int | None = None
    consent_key: str = ""
    agree_key: str = "1"
    agreed: bool = False
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingKey:
    """What the edge needs to make one recording: its key for the time of the call, and an empty private file."""

    recording_id: int
    key: bytes = field(repr=False)
    bound: str
    path: Path


@dataclass(frozen=True, slots=True)
class Gap:
    """From when to when nothing of a leg was stored (`paused`, `held`) or only silence (`muted`): milliseconds of the
    call's clock. `end_ms` None: until the end.
    """

    why: str
    start_ms: int
    end_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """One leg's recording, without a sound of it. `held`: a legal hold keeps it. `copy_days`: within how many days
    whose recording it is can have a copy.
    """

    recording_id: int
    conversation_id: int
    interaction_id: int
    call_id: int
    leg: str
    role: Role
    queue: str
    operator_id: int | None
    customer_id: int | None
    mode: Mode
    rule_ids: Sequence[str]
    notice_version: int
    heard_at: datetime
    consent_key: str
    retention_class: str
    keep_until: datetime
    copy_days: int
    began_at: datetime
    ended_at: datetime | None
    state: State
    chunks: int
    head: str
    milliseconds: int
    gaps: Sequence[Gap]
    reason: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """The recordings of one call, one a leg, on one clock."""

    conversation_id: int
    call_id: int
    began_at: datetime
    queue: str
    recordings: Sequence[RecordingView]

    @property
    def operator_ids(self) -> Sequence[int]:
        return sorted({one.operator_id for one in self.recordings if one.operator_id})

    @property
    def milliseconds(self) -> int:
        return max((one.milliseconds for one in self.recordings), default=0)

    @property
    def keep_until(self) -> datetime:
        """The first day on which a leg of it is destroyed."""
        return min(one.keep_until for one in self.recordings)

    @property
    def held(self) -> bool:
        return any(one.held for one in self.recordings)

    @property
    def open(self) -> bool:
        return any(one.state is State.OPEN for one in self.recordings)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecorded:
    """A call, or a leg of it, that was not recorded, and why: a word of the edge."""

    conversation_id: int
    interaction_id: int
    call_id: int
    queue: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A legal hold on a conversation's recordings. `file_number` is that of the court's, authority's or own file."""

    hold_id: int
    conversation_id: int
    ground: Ground
    file_number: str
    placed_at: datetime
    placed_by: int
    released_at: datetime | None
    released_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What falls due on a day: recordings, their length, and how many of them a legal hold keeps."""

    date: datetime
    recordings: int
    milliseconds: int
    held: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recordings were destroyed in a month, for what reason, and how long they were. Nobody is named."""

    month: date
    because: Because
    recordings: int
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One side of a call as it is drawn: the loudest sample of each of many equal parts, 0 to 1."""

    side: Literal["customer", "agent"]
    peaks: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A call that can be heard: its length and outline. `gaps` are on the player's clock, which begins at 0.

    `broken`: a leg of it was altered; it is not played.
    """

    call_id: int
    began_at: datetime
    milliseconds: int
    voices: Sequence[Voice]
    gaps: Sequence[Gap]
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """That somebody listens to a conversation, for what, until when."""

    listening_id: int
    conversation_id: int
    purpose: str
    expires_at: datetime
    calls: Sequence[Sounding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A part of a WAV file: 8 kHz, 16 bit, two channels. `pieces` decrypt a second at a time, while they are read."""

    size: int
    start: int
    stop: int
    pieces: Iterator[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """A copy that was sent to a customer as a link."""

    copy_id: int
    conversation_id: int
    customer_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Outside:
    """Who gets a recording that leaves the house: a declared recipient, for a declared purpose (`clearance`)."""

    recipient_id: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """A call of which a person has own recordings."""

    conversation_id: int
    call_id: int
    began_at: datetime
    milliseconds: int


class Integrity(StrEnum):
    SOUND = "sound"  # the file is the one that the log speaks of
    OPEN = "open"  # still being made: the log has no end of it
    MISSING = "missing"  # there is no file
    CUT = "cut"  # chunks are missing at its end
    LONGER = "longer"  # there is more than was written
    ALTERED = "altered"  # as many chunks, and not the same; or what is no chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a recording's file says beside the log. `log_index` is the entry's number in the tree, None while it
    waits for one; `same_in_log` whether the log's entry says what the row says.
    """

    recording_id: int
    integrity: Integrity
    chunks: int
    head: str
    logged_chunks: int
    logged_head: str
    entry_id: int | None
    log_index: int | None
    same_in_log: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Files and rows that do not belong together: counts only."""

    files_without_row: int = 0
    rows_without_file: int = 0


class NoRecordingError(RefusedError):
    """A leg may not be recorded: what it heard or agreed to does not fit. `place` is the reason as a word."""

    code = "no-recording"
