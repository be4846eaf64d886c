"""How a company is called: numbers, queues, call notices."""

from datetime import time
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from trustdesk.announcements.contracts import CallNotice, NewCallNotice
from trustdesk.api.schemas.common import Country, Given, Id, Instant, Line, Receipt, Shown, Word
from trustdesk.decision.api import Keep, NoticeElement, RecordingMode, Sector
from trustdesk.telephony.contracts import NewNumber, NewQueue, NumberView, Overflow, QueueView, RecordingTerms

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Span = Annotated[
    list[Hour], Field(min_length=2, max_length=2, description="From and until; until before from: next day")
]
Texts = Annotated[dict[Word, Line], Field(max_length=10, description="By language")]


class QueueForm(Given):
    """A queue, whole: what is not named is the default."""

    code: Code
    names: Texts
    week: Annotated[list[list[Span]], Field(min_length=7, max_length=7, description="Monday first; wall clock")]
    time_zone: Word
    country: Country
    region: Line = ""
    closed_on_holidays: bool = True
    wrap_up_seconds: int = 30
    longest_wait_seconds: int = 1_800
    overflow: Overflow = Overflow.STAY
    overflow_after_seconds: int = 300
    overflow_queue: Line = ""
    service_level_seconds: int = 20
    callback_offered: bool = False
    alarm_seconds: int | None = None
    closed_words: Line = ""

    def read(self) -> NewQueue:
        week = [[(time.fromisoformat(span[0]), time.fromisoformat(span[1])) for span in day] for day in self.week]
        return NewQueue(**self.model_dump(exclude={"week"}), week=week)


class SetReceipt(Receipt):
    """It is set: the same name reads it back."""


class QueueShown(Shown):
    """A queue as it stands. `open` is whether it is open now."""

    code: str
    names: dict[str, str]
    week: list[list[list[str]]]
    time_zone: str
    country: str
    region: str
    closed_on_holidays: bool
    wrap_up_seconds: int
    longest_wait_seconds: int
    overflow: Overflow
    overflow_after_seconds: int
    overflow_queue: str
    service_level_seconds: int
    callback_offered: bool
    alarm_seconds: int | None
    closed_words: str
    open: bool

    @classmethod
    def of(cls, held: QueueView, *, is_open: bool) -> Self:
        plain = {name: getattr(held, name) for name in cls.model_fields if name not in {"week", "open", "names"}}
        week = [[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in day] for day in held.week]
        return cls(**plain, names=dict(held.names), week=week, open=is_open)


class NumberForm(Given):
    """A number, whole. `mode` and `keep_days` are a stricter wish of the company's own."""

    number: Annotated[Word, Field(description="E.164")]
    queue: Code
    language: Word
    country: Country
    sector: Sector = Sector.GENERAL
    menu: Line = ""
    notice: Line = ""
    mode: RecordingMode | None = None
    keep_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    label: Word
    purposes: Texts
    display: Line = ""
    answers: bool = True

    def read(self, *, trunk: int | None) -> NewNumber:
        given = self.model_dump(exclude={"number", "keep_days"})
        keep = Keep(days=self.keep_days) if self.keep_days else None
        return NewNumber(**given, e164=self.number, keep=keep, trunk=trunk)


class NumberShown(Shown):
    """A number, and whether its calls are recorded now. `reason` says why they are not."""

    number: str
    queue: str
    language: str
    country: str
    sector: str
    menu: str
    notice: str
    label: str
    purposes: dict[str, str]
    display: str
    answers: bool
    recording: RecordingMode
    reason: str
    rules: list[str]

    @classmethod
    def of(cls, held: NumberView, terms: RecordingTerms) -> Self:
        told = {"number", "purposes", "recording", "reason", "rules"}
        return cls(
            **{name: getattr(held, name) for name in cls.model_fields if name not in told},
            number=held.e164,
            purposes=dict(held.purposes),
            recording=terms.mode,
            reason=terms.reason,
            rules=list(terms.rule.rule_ids),
        )


class CallNoticeForm(Given):
    """A new version of a call notice, spoken by the program. `parts` by element; `text` empty: the parts in a row."""

    code: Code
    language: Word
    country: Country
    sector: Sector = Sector.GENERAL
    recorded: bool = True
    parts: Annotated[dict[NoticeElement, Line], Field(min_length=1)]
    text: Annotated[str, Field(max_length=4_000)] = ""

    def read(self) -> NewCallNotice:
        return NewCallNotice(**self.model_dump())


class CallNoticeReceipt(Receipt):
    version_id: Id


class CallNoticeShown(Shown):
    """The version that is played now."""

    version_id: Id
    number: int
    code: str
    language: str
    country: str
    sector: str
    recorded: bool
    parts: dict[str, str]
    text: str
    milliseconds: int
    made: str
    saved_at: Instant

    @classmethod
    def of(cls, held: CallNotice) -> Self:
        plain = {name: getattr(held, name) for name in cls.model_fields if name not in {"version_id", "parts"}}
        return cls(**plain, version_id=held.version, parts={name.value: part for name, part in held.parts.items()})
