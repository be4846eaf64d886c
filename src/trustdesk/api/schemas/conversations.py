"""Conversations, what came of them, and complaints."""

from datetime import date
from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Given, GivenId, Id, Instant, Line, Prose, Receipt, Shown
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    Complaint,
    ComplaintForm,
    ComplaintLine,
    ComplaintState,
    Conversation,
    ConversationLine,
    Direction,
    Disposition,
    FollowUp,
    How,
    Interaction,
    Kind,
    Meaning,
    NewConversation,
    NewFollowUp,
    NewInteraction,
    NewReply,
    ReplyOutcome,
    Result,
    State,
)
from trustdesk.conversations.contracts import Given as Said
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.clock import now

Queue = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$")]
Short = Annotated[str, Field(max_length=320, pattern=r"^[^\x00-\x1f\x7f]*$")]


class ConversationForm(Given):
    """A conversation with somebody who is not identified yet. `line`: the company's own number or address."""

    channel: Kind
    queue: Queue
    language: Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z0-9-]+$")]
    line: Short = ""

    def read(self) -> NewConversation:
        return NewConversation(channel=self.channel, queue=self.queue, language=self.language, line=self.line)


class InteractionForm(Given):
    """A call or message that begins. `party`: the other side's number or address; it is sealed."""

    kind: Kind
    direction: Direction
    started_at: Instant
    line: Short = ""
    party: Short = ""

    def read(self) -> NewInteraction:
        return NewInteraction(
            kind=self.kind,
            direction=self.direction,
            started_at=self.started_at,
            line=self.line,
            party=self.party,
        )


class EndForm(Given):
    result: Result
    ended_at: Instant


class ReferenceForm(Given):
    """Twelve digits, with spaces or hyphens. In the body: a guess stands in no address."""

    reference: Annotated[str, Field(min_length=1, max_length=40)]


class IdentificationForm(Given):
    """Who it is and how that is known; a number identifies nobody."""

    customer_id: GivenId
    how: How = How.SYSTEM


class NoteForm(Given):
    text: Prose
    interaction_id: GivenId | None = None


class FollowUpForm(Given):
    due_at: Instant
    text: Annotated[str, Field(max_length=10_000)] = ""

    def read(self) -> NewFollowUp:
        return NewFollowUp(due_at=self.due_at, text=self.text)


class DispositionGiven(Given):
    """What came of it. `due_at` for what is looked at again; `purpose` and `channel` for an objection; `minutes` for a
    complaint, by the names of the fields that its rules ask for.
    """

    disposition: Line
    note: Annotated[str, Field(max_length=10_000)] = ""
    due_at: Instant | None = None
    purpose: Line = ""
    channel: Channel | None = None
    minutes: Annotated[dict[Line, Annotated[str, Field(max_length=10_000)]], Field(max_length=20)] | None = None

    def read(self) -> Said:
        form = None if self.minutes is None else ComplaintForm(fields=self.minutes)
        return Said(due_at=self.due_at, purpose=self.purpose, channel=self.channel, complaint=form)


class ReplyForm(Given):
    """The reply to a complaint as it was sent. `authority`: where the person can go next."""

    outcome: ReplyOutcome
    text: Prose
    sent_at: Instant
    authority: Line = ""

    def read(self) -> NewReply:
        return NewReply(outcome=self.outcome, text=self.text, sent_at=self.sent_at, authority=self.authority)


class ConversationReceipt(Receipt):
    conversation_id: Id


class InteractionReceipt(Receipt):
    interaction_id: Id


class NoteReceipt(Receipt):
    note_id: Id


class FollowUpReceipt(Receipt):
    follow_up_id: Id


class ComplaintReceipt(Receipt):
    complaint_id: Id


class FoundCase(Shown):
    """Null: no case of this company has the reference."""

    conversation_id: Id | None


class ConversationShown(Shown):
    """A conversation in a list: nothing of it is opened. `reference` in groups of three, as it is said."""

    conversation_id: Id
    reference: str
    channel: Kind
    queue: str
    language: str
    state: State
    identified: How
    customer_id: Id | None
    opened_at: Instant
    changed_at: Instant
    due_at: Instant | None
    complaint: bool
    wrap_up: bool

    @classmethod
    def of(cls, line: ConversationLine) -> "ConversationShown":
        same = "conversation_id channel queue language state customer_id opened_at changed_at due_at complaint wrap_up"
        values = {name: getattr(line, name) for name in same.split()}
        return cls(reference=conversing.grouped(line.reference), identified=line.how, **values)


class InteractionShown(Shown):
    interaction_id: Id
    kind: Kind
    direction: Direction
    party: str | None
    started_at: Instant
    answered_at: Instant | None
    ended_at: Instant | None
    result: Result | None
    disposition: str
    meaning: Meaning | None

    @classmethod
    def of(cls, one: Interaction, party: str | None) -> "InteractionShown":
        same = "interaction_id kind direction started_at answered_at ended_at result disposition meaning"
        return cls(party=party, **{name: getattr(one, name) for name in same.split()})


class TextShown(Shown):
    note_id: Id
    text: str | None
    written_at: Instant


class FollowUpShown(Shown):
    follow_up_id: Id
    meaning: Meaning
    due_at: Instant
    text: str | None
    done_at: Instant | None

    @classmethod
    def of(cls, one: FollowUp) -> "FollowUpShown":
        same = "follow_up_id meaning due_at text done_at"
        return cls(**{name: getattr(one, name) for name in same.split()})


class WholeConversation(Shown):
    """All of it, in one logged opening. Texts are null while the customer is restricted (GDPR Art. 18)."""

    conversation: ConversationShown
    interactions: list[InteractionShown]
    notes: list[TextShown]
    follow_ups: list[FollowUpShown]
    complaint_ids: list[Id]

    @classmethod
    def of(cls, whole: Conversation) -> "WholeConversation":
        parties = {each.interaction_id: each.text for each in whole.parties}
        return cls(
            conversation=ConversationShown.of(whole.line),
            interactions=[InteractionShown.of(one, parties.get(one.interaction_id)) for one in whole.interactions],
            notes=[TextShown(note_id=each.note_id, text=each.text, written_at=each.written_at) for each in whole.notes],
            follow_ups=[FollowUpShown.of(each) for each in whole.follow_ups],
            complaint_ids=[each.complaint_id for each in whole.complaints],
        )


class DispositionShown(Shown):
    code: str
    labels: dict[str, str]
    meaning: Meaning
    after_minutes: int | None

    @classmethod
    def of(cls, one: Disposition) -> "DispositionShown":
        after = None if one.after is None else int(one.after.total_seconds() // 60)
        return cls(code=one.code, labels=dict(one.labels), meaning=one.meaning, after_minutes=after)


class ComplaintShown(Shown):
    """A complaint file with its clock; nothing of it is opened."""

    complaint_id: Id
    number: str
    conversation_id: Id | None
    customer_id: Id | None
    queue: str
    state: ComplaintState
    law: str
    rules: list[str]
    received_at: Instant
    due_date: date
    due_at: Instant
    replied_at: Instant | None
    outcome: ReplyOutcome | None
    keep_until: Instant | None
    restricted: bool

    @classmethod
    def of(cls, line: ComplaintLine) -> "ComplaintShown":
        same = (
            "complaint_id number conversation_id customer_id queue received_at due_date due_at replied_at outcome"
            " keep_until restricted"
        )
        values = {name: getattr(line, name) for name in same.split()}
        return cls(state=line.state(now()), law=line.law.text, rules=list(line.rule_ids), **values)


class WholeComplaint(Shown):
    """The file with its minutes and its reply, in one logged opening."""

    complaint: ComplaintShown
    minutes: dict[str, str] | None
    reply: str | None
    authority: str
    copy_given_at: Instant | None

    @classmethod
    def of(cls, file: Complaint) -> "WholeComplaint":
        return cls(
            complaint=ComplaintShown.of(file.line),
            minutes=None if file.minutes is None else dict(file.minutes),
            reply=file.reply,
            authority=file.authority,
            copy_given_at=file.copy_given_at,
        )
