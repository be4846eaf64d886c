"""Frozen values that cross rights' door. Words of a person are in those that say so only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from trustdesk.decision.contracts import Channel as Way
from trustdesk.outside.contracts import Receipt
from trustdesk.register.contracts import RestrictionGround

REQUEST = "request"
REQUESTS = "requests"
"""What open pages are told of (`live`): a request, a company's list under the number 0."""
CODE_LIVES = timedelta(minutes=15)
CODE_DIGITS = 6


class Kind(StrEnum):
    """Which right is exercised. Codes never change their meaning."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    HUMAN_REVIEW = "human-review"


LAW: Mapping[Kind, str] = {
    Kind.ACCESS: "GDPR Art. 15",
    Kind.RECTIFICATION: "GDPR Art. 16",
    Kind.ERASURE: "GDPR Art. 17",
    Kind.RESTRICTION: "GDPR Art. 18",
    Kind.PORTABILITY: "GDPR Art. 20",
    Kind.OBJECTION: "GDPR Art. 21",
    Kind.WITHDRAWAL: "GDPR Art. 7(3)",
    Kind.HUMAN_REVIEW: "GDPR Art. 22(3)",
}


class Channel(StrEnum):
    """By which way it came."""

    PORTAL = "portal"
    DESK = "desk"  # a letter, a visit, a word: whoever took it wrote it down
    CALL = "call"
    MAIL = "mail"
    API = "api"


class State(StrEnum):
    RECEIVED = "received"
    IDENTIFYING = "identifying"  # it was asked who it is: the clock stands
    IDENTIFIED = "identified"
    PLANNED = "planned"  # what an erasure would do is drawn
    APPROVED = "approved"
    RUNNING = "running"
    HELD = "held"  # a legal hold keeps what should go
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person


CLOSED = frozenset({State.DONE, State.REFUSED, State.WITHDRAWN})


class Happening(StrEnum):
    """What moves a request on, and what is told of it in its history."""

    RECEIVED = "received"
    REPEATED = "repeated"  # the person wrote again
    SUPPOSED = "supposed"  # whose it may be; proves nothing
    ASKED = "asked"
    CODE_SENT = "code-sent"
    CODE_WRONG = "code-wrong"
    PROVED = "proved"
    DOUBTED = "doubted"
    PLANNED = "planned"
    APPROVED = "approved"
    BEGUN = "begun"
    HELD = "held"
    RELEASED = "released"
    RETURNED = "returned"  # what was begun is off again: nothing was done
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXTENDED = "extended"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    TOLD = "told"  # a letter was put into the outbox
    NOT_TOLD = "not-told"  # there was no way to write to the person
    MINIMISED = "minimised"  # the customer was erased: what stays names nobody


class ProofKind(StrEnum):
    """How it is known who asks: in proportion to what is asked for (GDPR Art. 12(6), 11(2))."""

    PORTAL = "portal"  # signed in there by a contact point that proves
    CODE = "code"  # said the code that was sent to a contact point on file
    CALLED_BACK = "called-back"  # reached on a number on file
    DOCUMENT = "document"  # showed one to a person here: the fact alone is kept


class Ground(StrEnum):
    """Why a request is not, or not wholly, done."""

    NOT_IDENTIFIED = "not-identified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    LEGAL_DUTY = "legal-duty"
    LEGAL_CLAIMS = "legal-claims"
    EXPRESSION = "expression"
    PUBLIC_HEALTH = "public-health"
    ARCHIVING = "archiving"
    STILL_NEEDED = "still-needed"
    OTHERS_RIGHTS = "others-rights"
    NOT_PORTABLE = "not-portable"
    COMPELLING = "compelling"
    CORRECT = "correct"
    NOT_RESTRICTED = "not-restricted"
    NOT_AUTOMATED = "not-automated"


GROUNDS: Mapping[Ground, tuple[str, frozenset[Kind]]] = {
    Ground.NOT_IDENTIFIED: ("GDPR Art. 12(2)", frozenset(Kind)),
    Ground.UNFOUNDED: ("GDPR Art. 12(5)", frozenset(Kind)),
    Ground.EXCESSIVE: ("GDPR Art. 12(5)", frozenset(Kind)),
    Ground.LEGAL_DUTY: ("GDPR Art. 17(3)(b)", frozenset({Kind.ERASURE})),
    Ground.LEGAL_CLAIMS: ("GDPR Art. 17(3)(e)", frozenset({Kind.ERASURE})),
    Ground.EXPRESSION: ("GDPR Art. 17(3)(a)", frozenset({Kind.ERASURE})),
    Ground.PUBLIC_HEALTH: ("GDPR Art. 17(3)(c)", frozenset({Kind.ERASURE})),
    Ground.ARCHIVING: ("GDPR Art. 17(3)(d)", frozenset({Kind.ERASURE})),
    Ground.STILL_NEEDED: ("GDPR Art. 17(1)", frozenset({Kind.ERASURE})),
    Ground.OTHERS_RIGHTS: ("GDPR Art. 15(4), 20(4)", frozenset({Kind.ACCESS, Kind.PORTABILITY})),
    Ground.NOT_PORTABLE: ("GDPR Art. 20(1)", frozenset({Kind.PORTABILITY})),
    Ground.COMPELLING: ("GDPR Art. 21(1)", frozenset({Kind.OBJECTION})),
    Ground.CORRECT: ("GDPR Art. 5(1)(d), 16", frozenset({Kind.RECTIFICATION})),
    Ground.NOT_RESTRICTED: ("GDPR Art. 18(1)", frozenset({Kind.RESTRICTION})),
    Ground.NOT_AUTOMATED: ("GDPR Art. 22(1)", frozenset({Kind.HUMAN_REVIEW})),
}
"""The law each ground rests on, and which rights can be refused by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What exactly is asked for, as far as the right needs it said; filled in when it is received or worked on.

    `corrections`: the value as it is on file and as it should be (Art. 16). `ground`: of Art. 18(1). `purpose` and
    `way`: what is objected to or withdrawn; an objection without a purpose is one to all marketing (Art. 21(2)).
    """

    corrections: Sequence[tuple[int, str]] = field(default=(), repr=False)
    ground: RestrictionGround | None = None
    purpose: str = ""
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request as it came. `customer_id`: whose it says to be, which proves nothing; None for somebody unknown.

    `words`, `name` and `reply_to` as the person wrote or said them; sealed. `language`: a BCP 47 tag. `external_id`:
    the other system's name of it (OpenDSR `subject_request_id`), by which a second sending is the first one.
    """

    kind: Kind
    channel: Channel
    received_at: datetime
    language: str
    words: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    customer_id: int | None = None
    wish: Wish = field(default_factory=Wish)
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """By what another system names the person (OpenDSR `subject_identities`): it finds, and proves nothing."""

    kind: str
    value: str = field(repr=False)


STATUS: Mapping[State, str] = {
    State.RECEIVED: "pending",
    State.IDENTIFYING: "pending",
    State.IDENTIFIED: "pending",
    State.PLANNED: "pending",
    State.APPROVED: "in_progress",
    State.RUNNING: "in_progress",
    State.HELD: "in_progress",
    State.DONE: "completed",
    State.REFUSED: "cancelled",
    State.WITHDRAWN: "cancelled",
}
"""What OpenDSR calls a state (`request_status`); of a refusal it knows nothing but that it is over."""


@dataclass(frozen=True, slots=True)
class Received:
    """`reference` is the twelve digits that are said and written to the person."""

    request_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """How it is known who asks, since when, and who says so (None: the house itself)."""

    kind: ProofKind
    at: datetime
    by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Until when. `due_date` is the last day, at the company's place; `due_at` the midnight that ends it.

    While `suspended_since` is set the end is as if the person proved today who it is. `extendable_until`: the last
    instant at which the person can be told of an extension; None where there is none to be had.
    """

    received_date: date
    due_date: date
    due_at: datetime
    suspended_since: datetime | None
    suspended_days: int
    extended_at: datetime | None
    extendable_until: datetime | None

    def overdue(self, now: datetime) -> bool:
        """Whether the last day is over. Of a closed request nobody asks."""
        return self.suspended_since is None and now >= self.due_at

    def days_left(self, now: datetime) -> int:
        """Whole days, negative where it is over."""
        return (self.due_at - now).days


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as it stands, without a word of the person."""

    request_id: int
    reference: str
    kind: Kind
    state: State
    channel: Channel
    language: str
    customer_id: int | None
    proved: Proved | None
    clock: Clock
    approved_at: datetime | None
    approved_by: int | None
    refused: Ground | None
    law: str  # of the right; of the refusal, where it was refused
    closed_at: datetime | None
    external_id: str
    delegated: bool  # approved under a processor's mandate
    work_id: int | None  # the plan of the erasure that does it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person wrote, opened; None where its key is destroyed."""

    words: str | None = field(repr=False)
    name: str | None = field(repr=False)
    reply_to: str | None = field(repr=False)
    wish: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of a request's history. `detail` is opened: a reason, an outcome, what was written again."""

    at: datetime
    happening: Happening
    before: State | None
    after: State
    by: int | None
    code: str  # a word of ours: the proof, the ground, the letter
    detail: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter to the person about a request: when it was put into the outbox, and the code of its wording."""

    at: datetime
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A request with the person's words and its history; one opening."""

    view: RequestView
    told: Told
    history: Sequence[Happened]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a company's requests stand: `due` within three days, `overdue`, `waiting` for an approval."""

    open: int = 0
    due: int = 0
    overdue: int = 0
    waiting: int = 0
    parked: int = 0  # letters of the last thirty days that could not be read
    failing: bool = False  # the mailbox can't be read for more than an hour


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How what a request corrects stands in one connected system; without a receipt it was not asked yet."""

    connector_id: int
    name: str
    receipt: Receipt | None


class Security(StrEnum):
    """How the way to a mailbox is sealed; there is none without."""

    TLS = "tls"
    STARTTLS = "starttls"


class Taken(StrEnum):
    """What became of a letter in the mailbox."""

    OPENED = "opened"  # a request of its own
    ADDED = "added"  # to the request whose reference it quotes
    IGNORED = "ignored"  # no person wrote it
    PARKED = "parked"  # it could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMailbox:
    """The mailbox to which people write about their rights. An empty `password` keeps the one that is known; of its
    folders one is read.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """As it is set, without its password; when it was last read, and since when it can't be, for which reason:
    `sign-in`, `certificate`, `connection`, `not-allowed` or `folder`, else empty. While it is paused nobody reads it.
    """

    host: str
    port: int
    security: Security
    user: str
    folder: str
    paused_at: datetime | None
    read_at: datetime | None
    failing_since: datetime | None
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter that was in the mailbox: what became of it and why, never what it says."""

    letter_id: int
    taken_at: datetime
    taken: Taken
    reason: str
    request_id: int | None
