"""Frozen values that cross clearance's door. No address and no word of a person is in any of them unless it says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum

from trustdesk.decision.contracts import Channel, LegalBasis, Outcome, PurposeKind, Verdict
from trustdesk.kernel.errors import RefusedError


class NoticeKind(StrEnum):
    """When the information is given."""

    ART13 = "art13"  # data from the person
    ART14 = "art14"  # data from elsewhere
    CONSENT = "consent"  # with a request for consent (GDPR Art. 7(2))
    CALL = "call"  # spoken, before a recording begins


class ConsentState(StrEnum):
    """What an event of the history says. Codes never change their meaning."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PRESUMED = "presumed"  # facts that support a presumed interest were recorded (UWG § 7(2) no 1)


class Method(StrEnum):
    """How the person said it. What proves each stands in `services.evidence`."""

    WEB_FORM = "web_form"
    DOUBLE_OPT_IN = "double_opt_in"
    RECORDED_SENTENCE = "recorded_sentence"
    PAPER_SCAN = "paper_scan"
    KEY_PRESS = "key_press"
    IMPORT = "import"
    TOLD_OPERATOR = "told_operator"  # proves no consent; stops one at once
    ONE_CLICK = "one_click"  # RFC 8058
    REPLY = "reply"  # "STOP"
    FACTS = "facts"  # a presumed interest: nobody said anything


class By(StrEnum):
    """Whose act it was."""

    PERSON = "person"
    GUARDIAN = "guardian"  # who holds parental responsibility (GDPR Art. 8(1))
    OPERATOR = "operator"
    SOURCE = "source"  # a list or another system said so
    CONTROLLER = "controller"  # an end that nobody asked for: expired


class SuppressionReason(StrEnum):
    OBJECTION = "art21_objection"
    WITHDRAWAL = "consent_withdrawn"
    REFUSED_IN_CALL = "refused_in_call"
    LIST_HIT = "robinson_hit"
    ERASURE = "erasure"
    HAND = "by_hand"


class RecipientRole(StrEnum):
    PROCESSOR = "processor"
    JOINT_CONTROLLER = "joint_controller"
    THIRD_PARTY = "third_party"
    AUTHORITY = "authority"


class ListFormat(StrEnum):
    """How an outside list's file is written."""

    VALUES = "values"  # numbers or addresses in clear, read like any list
    ECG_HASH = "ecg_hash"  # RTR's ECG-Liste: SHA-1 of addresses and of @domains, 20 bytes each, one after another


class PointKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HANDLE = "handle"


POINT_OF_CHANNEL: Mapping[Channel, PointKind] = {
    Channel.CALL_HUMAN: PointKind.PHONE,
    Channel.CALL_AUTOMATED: PointKind.PHONE,
    Channel.SMS: PointKind.PHONE,
    Channel.MMS: PointKind.PHONE,
    Channel.FAX: PointKind.PHONE,
    Channel.EMAIL: PointKind.EMAIL,
    Channel.POST: PointKind.ADDRESS,
    Channel.SOCIAL_DM: PointKind.HANDLE,
    Channel.CHAT: PointKind.HANDLE,
}
"""By which kind of contact point a channel reaches the person."""
PREPARING = "prepare"
"""The place of a permit that only prepares a contact and is asked for again before the hand-over: no attempt yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A legitimate-interest assessment (GDPR Art. 6(1)(f)), in force until `review_date` (then it is none)."""

    pursued: str  # which interest, of whom
    necessity: str  # why nothing milder does
    balancing: str  # against the person's interests and expectations
    safeguards: str
    assessed_at: datetime
    assessed_by: str  # name and office of whoever answers for it
    review_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurpose:
    """What persons are contacted or data are given away for. `term` and `legal_basis` are DPV 2.3 terms."""

    code: str
    label: str
    term: str  # "dpv:DirectMarketing"
    kind: PurposeKind
    legal_basis: str  # "eu-gdpr:A6-1-a"
    other_labels: Mapping[str, str] = field(default_factory=dict, hash=False)  # by BCP 47 language

    def named(self, language: str) -> str:
        """As people read it in a language; where it has no name there, its first one."""
        return self.other_labels.get(language, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(NewPurpose):
    purpose_id: int
    declared_at: datetime
    retired_at: datetime | None
    assessment: Assessment | None

    @property
    def article(self) -> LegalBasis:
        """The letter of GDPR Art. 6(1), of narrower terms too (eu-gdpr:A6-1-a-explicit-consent is Art. 6(1)(a))."""
        return LegalBasis(self.legal_basis[: len(LegalBasis.CONSENT.value)])

    def assessed(self, at: datetime) -> bool:
        """Whether an assessment is on record and in force at the instant."""
        held = self.assessment
        return held is not None and (held.review_date is None or at.date() < held.review_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What a person is told (GDPR Art. 13, 14), in one language; nothing of it may be missing."""

    who: str
    purpose: str
    further_use: str
    legal_basis: str
    retention: str
    recipients: str
    rights: str
    where_the_rest_is: str


ELEMENTS: Sequence[str] = tuple(element.name for element in fields(NoticeText))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A published notice: never changed, a new version instead."""

    notice_id: int
    kind: NoticeKind
    version: str
    language: str
    text: NoticeText
    published_at: datetime
    published_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a consent was expressed and what proves it (GDPR Art. 7(1)).

    `words` are those shown, read out or spoken, exactly. `recording` names a recording, `spoken_ms` where in it they
    begin and end. `document_sha256` is the digest of a scan or of an import's evidence, kept at `reference`.
    """

    method: Method
    by: By
    words: str = field(default="", repr=False)
    notice_version: str = ""
    notice_language: str = ""
    recording: str = ""
    spoken_ms: tuple[int, int] | None = None
    document_sha256: bytes = b""
    reference: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEvent:
    """One event of the history, without its words: those open by `consent_words`."""

    event_id: int
    customer_id: int
    purpose: str
    channel: Channel | None  # None: every channel for an end; none, only disclosure, for a consent
    state: ConsentState
    at: datetime
    until: datetime | None
    express: bool
    of_age: bool | None  # None: the register holds a birth date that could not be read
    evidence: Evidence
    recorded_at: datetime
    recorded_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an objection or suppression speaks of. Nothing given: everything.

    `purpose` is one purpose's code, `kind` all purposes of a kind; `channel` one channel.
    """

    purpose: str = ""
    kind: PurposeKind | None = None
    channel: Channel | None = None


EVERYTHING = Scope()
ALL_MARKETING = Scope(kind=PurposeKind.MARKETING)
"""GDPR Art. 21(2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    objection_id: int
    customer_id: int
    scope: Scope
    lifted: bool  # an act that lifts what came before it
    at: datetime
    by: By
    method: Method
    recorded_at: datetime
    recorded_by: int


@dataclass(frozen=True, slots=True)
class Point:
    """A number or address typed by hand, not (yet) a value of the register. `country` reads national numbers."""

    kind: PointKind
    text: str = field(repr=False)
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """How a contact point came to us: what soft opt-in rests on (Dir. 2002/58/EC Art. 13(2)). None: not known."""

    value_id: int | None = None  # None: the person as a whole
    from_sale: bool | None = None
    told: bool | None = None  # that objecting is free, clearly, at collection
    refused: bool | None = None
    asked: bool | None = None  # the person asked to be contacted
    asked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutsideList:
    """A list kept by others. `code` is the id of the rule it belongs to, or one of the controller's own."""

    code: str
    name: str
    country: str
    kind: PointKind
    format: ListFormat = ListFormat.VALUES


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideList(NewOutsideList):
    list_id: int
    refreshed_at: datetime | None  # of which day its content is; None: never loaded
    loaded_at: datetime | None
    entries: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecipient:
    """Somebody data are given to (GDPR Art. 13(1)(e), 30(1)(d)). `purposes` are codes, `categories` DPV terms
    ("pd:TelephoneNumber"; dpv:PersonalData covers all). `safeguard`: for a third country, eu-gdpr:A45-3 and the like.
    """

    name: str
    role: RecipientRole
    country: str
    purposes: Sequence[str]
    categories: Sequence[str]
    safeguard: str = ""
    starts_at: datetime | None = None  # now
    ends_at: datetime | None = None
    notice_email: str = ""  # where they are told of erasures and corrections (GDPR Art. 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(NewRecipient):
    recipient_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """The tenant's stricter layer, as adopted."""

    version: int
    text: str
    adopted_at: datetime
    adopted_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The only ticket with which an address is opened for a contact. Good for seconds, inside the transaction that
    holds the customer's lock: a withdrawal waits until the message is handed over, or comes first and stops it.
    """

    decision_id: int
    controller_id: int
    customer_id: int  # 0: a stranger's number
    value_id: int | None
    channel: Channel
    purpose: str
    verdict: Verdict
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A recorded verdict: by which rules, under which packs and policy."""

    decision_id: int
    customer_id: int
    purpose: str
    channel: Channel
    place: str
    at: datetime
    outcome: Outcome
    rule_ids: Sequence[str]
    packs_digest: str
    policy_version: int
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reason in plain words, in the reader's language, with its law."""

    outcome: Outcome
    words: str
    because: Sequence[str]
    rule_id: str
    statute: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A verdict as a person reads it. `known` are the facts that were at hand, by their meaning."""

    outcome: Outcome
    headline: str
    lines: Sequence[Line]
    duties: Sequence[str]
    known: Mapping[str, str]
    holds_until: datetime | None
    at: datetime
    packs_digest: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a renesting is: rows carried by this call, rows left, and whether it is over."""

    done: int
    left: int
    finished: bool


class NotClearedError(RefusedError):
    """There is no clearance for this contact or disclosure; the verdict says why and by which law."""

    code = "not-cleared"

    def __init__(
        self, verdict: Verdict, message: str, *, place: str = "", mend: str = "", decision_id: int | None = None
    ) -> None:
        super().__init__(message, place=place, mend=mend)
        self.verdict = verdict
        self.decision_id = decision_id
