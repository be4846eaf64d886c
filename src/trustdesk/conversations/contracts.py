"""Frozen values that cross the door of conversations. Texts and numbers of persons are in those that say so only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from trustdesk.decision.contracts import Channel, Statute
from trustdesk.kernel.periods import Span

CONVERSATION = "conversation"
CONVERSATIONS = "conversations"
VIEWING = "viewing"
"""What open pages are told of (`live`): a conversation, a company's list under the number 0, who looks at one."""
MAIN = ""  # the queue whose dispositions and rules count where a queue has none of its own


class Kind(StrEnum):
    """By which way people speak with each other."""

    CALL = "call"
    CHAT = "chat"
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    VISIT = "visit"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class State(StrEnum):
    OPEN = "open"
    WAITING = "waiting"  # for the customer, or for a day
    CLOSED = "closed"


class How(StrEnum):
    """How it is known with whom we speak. Codes never change their meaning."""

    UNIDENTIFIED = "unidentified"
    NUMBER_MATCHED = "number-matched"  # a number on file; it can be forged and identifies nobody
    QUESTIONS = "questions"  # answered what only the right person should know
    CALLED_BACK = "called-back"  # reached on a number on file
    DOCUMENT = "document"  # showed one
    CODE = "code"  # read out a code that was sent to a contact point on file
    PORTAL = "portal"  # is signed in there
    SYSTEM = "system"  # another system of the company says so

    @property
    def identifies(self) -> bool:
        return self not in {How.UNIDENTIFIED, How.NUMBER_MATCHED}


class Result(StrEnum):
    """What the network, or the way a message took, said. What came of it is the disposition's."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # hung up before anybody answered
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    REFUSED = "refused"
    FAILED = "failed"
    RECEIVED = "received"  # a message
    SENT = "sent"


class Meaning(StrEnum):
    """What a disposition means, whatever a company calls it."""

    DONE = "done"
    AGAIN = "again"  # we try again, or look again, on a day
    CALLBACK = "callback"  # the person wants to be called
    STOP = "stop"  # no more attempts in this matter
    OBJECTION = "objection"  # recorded by clearance (GDPR Art. 21)
    COMPLAINT = "complaint"  # opens a complaint file


DATED = frozenset({Meaning.AGAIN, Meaning.CALLBACK})
"""They ask for a day: a follow-up comes of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversation:
    """`queue`: a code; `line`: the own number or address that was reached, or empty; `language`: a BCP 47 tag."""

    channel: Kind
    queue: str
    language: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """`reference` is the twelve digits that may be said to the caller."""

    conversation_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInteraction:
    """One call or message. `party` (it is sealed): empty where withheld; `queue`: empty for the conversation's."""

    kind: Kind
    direction: Direction
    started_at: datetime
    line: str = ""
    party: str = field(default="", repr=False)
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """When an interaction began and was answered, by the clock as it was set while it lasted."""

    started_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    operator_id: int
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One as it stands. `wrap_up_by`: whose disposition it waits for; `unconfirmed`: by a reference, nobody known."""

    interaction_id: int
    conversation_id: int
    kind: Kind
    direction: Direction
    queue: str
    line: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    result: Result | None
    wrap_up_by: int | None
    disposition: str
    meaning: Meaning | None
    disposed_at: datetime | None
    disposed_by: int | None
    unconfirmed: bool = False
    operators: Sequence[Joined] = ()

    @property
    def open(self) -> bool:
        """It goes on, or it waits for its disposition."""
        return self.ended_at is None or self.wrap_up_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLine:
    """A conversation in a list: nothing of it is opened. `due_at` is the next follow-up's."""

    conversation_id: int
    reference: str
    channel: Kind
    queue: str
    language: str
    state: State
    how: How
    customer_id: int | None
    assigned_to: int | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    complaint: bool  # an open complaint file hangs on it
    talking: bool  # an interaction goes on
    wrap_up: bool  # one waits for its disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other side of an interaction; `text` is a number or address, None where it does not open."""

    party_id: int
    interaction_id: int
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    note_id: int
    interaction_id: int | None
    text: str | None = field(repr=False)
    written_at: datetime
    written_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What is still to be done. Of an operator, or of whoever works the queue. `text` None: not opened here."""

    follow_up_id: int
    conversation_id: int
    reference: str
    meaning: Meaning
    due_at: datetime
    owner_id: int | None
    queue: str
    text: str | None = field(repr=False)
    created_at: datetime
    created_by: int
    done_at: datetime | None
    done_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFollowUp:
    """`owner_id` None: of the queue. `text` is sealed."""

    due_at: datetime
    text: str = field(default="", repr=False)
    owner_id: int | None = None
    queue: str = ""
    meaning: Meaning = Meaning.AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened in a conversation, newest first where there are many: codes, ids and instants only.

    `kind`: opened, began, ended, joined, matched, identified, taken-back, disposed, noted, follow-up, followed-up,
    assigned, requeued, waiting, closed, reopened, complaint, replied, brought (by a typed reference), confirmed.
    """

    at: datetime
    kind: str
    operator_id: int | None
    conversation_id: int
    reference: str
    channel: Kind
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation with all that is in it, opened in one entry of the log. `hidden`: it was not (GDPR Art. 18)."""

    line: ConversationLine
    own_line: str
    matches: Sequence[int]  # customers who have the number; which one it is, a person has to find out
    identified_at: datetime | None
    identified_by: int | None
    interactions: Sequence[Interaction]
    parties: Sequence[Party]
    notes: Sequence[Note]
    follow_ups: Sequence[FollowUp]
    happenings: Sequence[Happening]
    complaints: Sequence["ComplaintLine"]
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who else looks at a conversation just now, and whether that person writes."""

    operator_id: int
    writing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What an agent may say about an interaction in a queue. `labels` by language, "en" always.

    `after` is how long until it is looked at again, where the agent names no day.
    """

    code: str
    labels: Mapping[str, str]
    meaning: Meaning
    after: timedelta | None = None

    def named(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """What a company asks for in a queue. `required`: an interaction stays open until it has a disposition.

    `keep_days` is how long a closed conversation is kept; `sector` names rules of complaints ("energy", "bank").
    """

    queue: str = MAIN
    required: bool = True
    keep_days: int = 730
    sector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintForm:
    """The fields of the minutes that a person fills, by their names in the rule packs. Sealed."""

    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a disposition may ask for: a day (`again`, `callback`), whom it is for, purpose and channel (`objection`),
    the minutes (`complaint`).
    """

    due_at: datetime | None = None
    owner_id: int | None = None
    purpose: str = ""
    channel: Channel | None = None
    complaint: ComplaintForm | None = None


class ComplaintState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    ACCEPTED_BY_SILENCE = "accepted-by-silence"
    REPLIED = "replied"


class ReplyOutcome(StrEnum):
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rules ask for a complaint in a queue; `last_date` is when the reply is due if it is received now."""

    fields: Sequence[str]
    may_be_empty: frozenset[str]
    own: frozenset[str]  # filled by the house: who took it and when, the unique id
    last_date: date
    law: Statute


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLine:
    """A complaint file with its clock; nothing of it is opened. `due_at` is the end of `due_date` at the company."""

    complaint_id: int
    number: str
    conversation_id: int | None
    customer_id: int | None
    queue: str
    countries: Sequence[str]
    sector: str
    rule_ids: Sequence[str]
    law: Statute  # of the clock
    keep_law: Statute  # of the years
    received_at: datetime
    due_date: date
    due_at: datetime
    extended: bool
    may_extend: Span | None
    silence_accepts: bool
    copy_due: bool  # the minutes' copy is still to be given
    name_authority: bool
    replied_at: datetime | None
    outcome: ReplyOutcome | None
    keep_until: datetime | None
    restricted: bool  # kept for its years, and for nothing else (GDPR Art. 18)
    escalated_at: datetime | None

    def state(self, now: datetime) -> ComplaintState:
        if self.replied_at is not None:
            return ComplaintState.REPLIED
        if now < self.due_at:
            return ComplaintState.OPEN
        return ComplaintState.ACCEPTED_BY_SILENCE if self.silence_accepts else ComplaintState.OVERDUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint file with its minutes and its reply, opened in one entry. None: its key is destroyed, or restricted
    to storage and not for these eyes.
    """

    line: ComplaintLine
    minutes: Mapping[str, str] | None = field(repr=False)
    reply: str | None = field(repr=False)
    authority: str
    taken_by: int
    copy_given_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """`authority`: where the person can go next; asked for where the rules want it and not all was accepted."""

    outcome: ReplyOutcome
    text: str = field(repr=False)
    sent_at: datetime
    authority: str = ""
