"""The frozen values of telephony. Codes are words of the company's own; numbers are E.164; hours are wall clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from trustdesk.announcements.contracts import CallNotice
from trustdesk.decision.api import Keep, RecordingMode, RecordingRule

CHANNEL = "trustdesk_exchange"
"""The channel of the database on which a change of the settings is told, with their new serial number."""
CALLBACK_KEY = "5"
"""Named in the shipped prompt that offers a callback. A reference may begin with it: alone it asks for a callback."""

Span = tuple[time, time]
"""From and until; until at or before from is on the day after, both 00:00 is the whole day."""
Week = Sequence[Sequence[Span]]
"""Monday first."""


class Overflow(StrEnum):
    """What becomes of who has waited too long."""

    STAY = "stay"
    QUEUE = "queue"
    CALLBACK = "callback"
    CLOSED = "closed"  # the closed words, and the end


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQueue:
    """A queue as it is set. Seconds; `overflow_after` counts from the beginning of the wait."""

    code: str
    names: Mapping[str, str]
    week: Week
    time_zone: str
    country: str
    region: str = ""
    closed_on_holidays: bool = True
    wrap_up_seconds: int = 30
    longest_wait_seconds: int = 1_800
    overflow: Overflow = Overflow.STAY
    overflow_after_seconds: int = 300
    overflow_queue: str = ""
    service_level_seconds: int = 20
    callback_offered: bool = False
    alarm_seconds: int | None = None
    closed_words: str = ""  # code of words of the company's own; empty: the product's


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView(NewQueue):
    """A queue as it stands."""

    controller_id: int
    changed_at: datetime

    @property
    def skill(self) -> str:
        """Who answers it: those with a skill of its code."""
        return self.code

    @property
    def calls_back(self) -> bool:
        """Whether who waits may ask to be called back: from the beginning, or after too long a wait."""
        return self.callback_offered or self.overflow is Overflow.CALLBACK

    def name_in(self, language: str) -> str:
        return self.names.get(language) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One key of a menu. `person`: it leads to a human, at once and without being asked who one is."""

    key: str
    queue: str
    person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMenu:
    """Keys before anything else, in the order in which they are said. `words` is the code of the company's own words;
    empty: they are put together from the product's prompts, which know a person and anything else.
    """

    code: str
    choices: Sequence[Choice]
    otherwise: str
    words: str = ""
    wait_seconds: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuView(NewMenu):
    controller_id: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNumber:
    """A number as it is set. `mode` and `keep` are the company's own, stricter wish; None: as the rules have it.

    `label` and `purposes` are told to anybody who asks who called; `display` is shown with calls out.
    """

    e164: str
    queue: str
    language: str
    country: str
    sector: str = "general"
    menu: str = ""
    notice: str = ""
    mode: RecordingMode | None = None
    keep: Keep | None = None
    label: str
    purposes: Mapping[str, str] = field(default_factory=dict)
    display: str = ""
    trunk: int | None = None
    answers: bool = True  # false: shown with calls out only


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberView(NewNumber):
    controller_id: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTerms:
    """What holds for the calls of a number just now. `notice` None, or a notice that lacks something: the rule's mode
    is off then, and `reason` (a msgid) says why.
    """

    rule: RecordingRule
    notice: CallNotice | None
    reason: str = ""

    @property
    def mode(self) -> RecordingMode:
        return self.rule.mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agent's standing agreement to be recorded, as it was last given or withdrawn, and in which words."""

    given: bool
    words: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """What an agent needs to be called: a phone's user where there is one, and the standing agreement."""

    operator_id: int
    phone: str = ""
    agreement: Agreement | None = None

    @property
    def agreed(self) -> bool:
        return self.agreement is not None and self.agreement.given


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNumber:
    """All that is told to somebody who asks who called: company and purpose."""

    company: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a company's calls out may go: countries and prefixes. Caps are calls a day; None: none of its own."""

    countries: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()  # allowed beside them
    closed: tuple[str, ...] = ()  # prefixes refused within them
    per_agent_day: int | None = 200
    per_company_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Whether a number may be called. `reason` is a sentence for whoever wanted to; `capped`: not today any more."""

    allowed: bool
    e164: str = ""
    country: str = ""
    reason: str = ""
    mend: str = ""
    capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrunk:
    """A carrier. `addresses` are CIDR; `registrar` and `target` are sip:host[:port][;transport=tcp|tls].

    `password` None leaves the one there is. `per_day`: the most calls out a day over it.
    """

    name: str
    addresses: Sequence[str] = ()
    user: str = ""
    password: str | None = field(default=None, repr=False)
    realm: str = ""
    registrar: str = ""
    target: str = ""
    challenge: bool = False
    per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkView:
    trunk_id: int
    name: str
    addresses: Sequence[str]
    user: str
    has_password: bool
    realm: str
    registrar: str
    target: str
    challenge: bool
    per_day: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """A SIP phone. Its password was shown once and is kept by nobody."""

    phone_id: int
    user: str
    label: str
    operator_id: int
    made_at: datetime
    reset_at: datetime | None
    sha256: bool  # it proves the password by SHA-256, and by nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSecret:
    """What is typed into a phone. Shown once."""

    phone_id: int
    user: str
    realm: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnServer:
    """A relay for browsers outside. `password` None leaves the one there is. The user `*` says that the password is a
    secret that the relay shares with us: each browser gets a user and password of its own, good for a shift.
    """

    address: str
    user: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserServer:
    """A STUN or TURN server as a browser is told of it (W3C WebRTC, RTCIceServer)."""

    address: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """How the edge stands in the network. `listen` are transport, address and port."""

    realm: str = "trustdesk"
    listen: Sequence[tuple[str, str, int]] = (("udp", "127.0.0.1", 5060), ("tcp", "127.0.0.1", 5060))
    advertised: str = ""
    rtp_first: int = 20_000
    rtp_last: int = 20_999
    certificate: str = ""
    certificate_key: str = ""
    client_authority: str = ""
    stun: Sequence[str] = ()
    turn: Sequence[TurnServer] = ()
    session_seconds: int = 1_800
