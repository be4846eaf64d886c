"""The frozen values of the rules: what is asked, what is known, what the packs say, and the answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from trustdesk.decision.messages import Said
from trustdesk.decision.tree import Node
from trustdesk.kernel.errors import BadInputError

if TYPE_CHECKING:
    from trustdesk.decision.complaints import ComplaintRule
    from trustdesk.decision.recording import RecordingDemand

BASE = "EU"
"""The jurisdiction whose entries hold in every country."""
BASE_ZONE = "Europe/Brussels"
"""Whose midnight begins and ends them."""

CAMPAIGN_STANDS = "CAMPAIGN-STANDS"
"""The rule that speaks while the campaign, in whose course a contact would be made, does not run."""


class Channel(StrEnum):
    CALL_HUMAN = "call_human"
    CALL_AUTOMATED = "call_automated"  # a machine dials or speaks, voice messages included
    EMAIL = "email"
    SMS = "sms"
    MMS = "mms"
    SOCIAL_DM = "social_dm"
    POST = "post"
    FAX = "fax"
    CHAT = "chat"


class Audience(StrEnum):
    """As whom the person is addressed. That somebody is a customer already is a fact, not an audience."""

    CONSUMER = "consumer"
    SOLE_TRADER = "sole_trader"
    NAMED_EMPLOYEE = "named_employee"
    COMPANY = "company"  # a legal person at an address that names nobody


class PurposeKind(StrEnum):
    MARKETING = "marketing"
    SERVICE = "service"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal_duty"
    RESEARCH = "research"
    CONSENT_REQUEST = "consent_request"  # its sole aim is to ask for a consent


ADVERTISING = frozenset({PurposeKind.MARKETING, PurposeKind.CONSENT_REQUEST})
"""What each country's law on direct marketing governs. To ask for a consent is advertising itself."""


class LegalBasis(StrEnum):
    """GDPR Art. 6(1), as terms of the Data Privacy Vocabulary 2.3."""

    CONSENT = "eu-gdpr:A6-1-a"
    CONTRACT = "eu-gdpr:A6-1-b"
    LEGAL_OBLIGATION = "eu-gdpr:A6-1-c"
    VITAL_INTEREST = "eu-gdpr:A6-1-d"
    PUBLIC_TASK = "eu-gdpr:A6-1-e"
    LEGITIMATE_INTEREST = "eu-gdpr:A6-1-f"


class Outcome(StrEnum):
    PERMIT = "permit"
    DENY = "deny"
    UNDECIDED = "undecided"  # means no


class Effect(StrEnum):
    """What a rule asks for, from the mildest to the strictest. `soft_opt_in` is never asked for: where it holds it
    stands in for the opt-in of the same jurisdiction.
    """

    LAWFUL = "lawful"  # the legal basis alone carries it, with the rule's conditions
    OPT_OUT = "opt_out"
    PRESUMED_CONSENT = "presumed_consent"
    SOFT_OPT_IN = "soft_opt_in"
    OPT_IN = "opt_in"
    OPT_IN_EXPRESS = "opt_in_express"
    PROHIBITED = "prohibited"


class ConsentStanding(StrEnum):
    """The standing of the newest event at the instant asked about; on a tie the strictest."""

    NONE = "none"
    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PRESUMED = "presumed"  # facts that support a presumed interest are on record


class Confidence(StrEnum):
    HIGH = "high"  # the statute or the authority's page was read
    MEDIUM = "medium"  # a secondary text was read
    LOW = "low"  # from memory, to be verified
    POLICY = "policy"  # no law: the product's own default, or the tenant's


class Binding(StrEnum):
    """By what an entry binds."""

    STATUTE = "statute"
    CODE = "code"  # a code of conduct or an authority's guidance: binds who adopts it
    PRODUCT = "product"  # the product's default, which is stricter than every law it knows
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Statute:
    text: str  # as a lawyer cites it: "UWG §7(2) no 1"
    url: str = ""
    source_key: str = ""  # which text was read; "M": from memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every line of a pack says about itself. `attested_by` is empty until a lawyer confirmed it."""

    id: str
    jurisdiction: str  # ISO 3166-1 alpha-2, or EU
    statute: Statute
    as_of: date
    confidence: Confidence
    attested_by: str = ""
    valid_from: datetime | None = None  # midnight at the place; half-open
    valid_to: datetime | None = None
    note: str = ""

    def valid_at(self, at: datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Entry):
    """An entry that speaks of some channels, audiences and purposes only."""

    channels: frozenset[Channel]
    audiences: frozenset[Audience] = frozenset(Audience)
    purpose_kinds: frozenset[PurposeKind] = ADVERTISING


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Scope):
    """One demand. Where `when` is true the effect and all `conditions` have to hold; `unless` lifts a prohibition."""

    effect: Effect
    says: Said
    legal_bases: frozenset[LegalBasis] = frozenset(LegalBasis)
    when: Node | None = None
    conditions: Node | None = None
    unless: Node | None = None
    penalty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Scope):
    """What has to be done with a contact that is permitted. `fulfilled_by` names the fact of the undertaking that
    says it is done: at the moment of contact it has to be true.
    """

    text: str  # msgid
    fulfilled_by: str = ""
    when: Node | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` until just before `closes`, wall clock of the recipient. `closes` at or before `opens` is the day
    after; both 00:00 is the whole day.
    """

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingWindow(Scope):
    binding: Binding
    week: tuple[tuple[Hours, ...], ...]  # Monday first
    public_holiday: tuple[Hours, ...] | None = None  # None: as on any such weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimits(Scope):
    """At most so many attempts; None: not limited. Seconds of ringing before an attempt is given up."""

    binding: Binding
    per_day: int | None = None
    per_week: int | None = None
    per_campaign: int | None = None
    ring_seconds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRetention(Scope):
    """How long the proof of a consent is kept, counted from the latest of the events named."""

    years: int
    counted_from: frozenset[str]  # grant, use, withdrawal
    binding: Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideListRule(Scope):
    """A list kept by others. Statutory ones count by themselves, others where the tenant's policy observes them."""

    name: str
    binding: Binding
    binds: str  # whom, in words
    loadable: bool  # there is a list to be had; false: a flag inside somebody else's register
    refresh_holds: timedelta | None = None
    entry_holds_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAge(Entry):
    """From which age a child consents itself to a service of the information society (GDPR Art. 8)."""

    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Entry):
    """What was looked for in a jurisdiction's law and not found: also a finding, with its date and confidence."""

    subject: str  # calling_hours, outside_list, evidence_retention, caller_id
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """One jurisdiction's entries. `time_zones`: all of the country's."""

    jurisdiction: str
    as_of: date
    time_zones: tuple[str, ...]
    sources: Mapping[str, str]  # what was read, by the key that a statute names
    regions: tuple[str, ...] = ()  # subdivisions with holidays of their own, as `holidays` names them
    rules: tuple[Rule, ...] = ()
    duties: tuple[Duty, ...] = ()
    windows: tuple[CallingWindow, ...] = ()
    attempts: tuple[AttemptLimits, ...] = ()
    evidence: tuple[EvidenceRetention, ...] = ()
    outside_lists: tuple[OutsideListRule, ...] = ()
    consent_age: tuple[ConsentAge, ...] = ()
    absences: tuple[Absence, ...] = ()
    recordings: "tuple[RecordingDemand, ...]" = ()
    complaints: tuple["ComplaintRule", ...] = ()

    @property
    def zone(self) -> str:
        """Whose midnight begins and ends its entries."""
        return self.time_zones[0] if self.time_zones else BASE_ZONE

    def entries(self) -> Iterator[Entry]:
        """All of them, in the order of the file's parts."""
        for part in (self.rules, self.duties, self.windows, self.attempts, self.evidence):
            yield from part
        for other in (self.outside_lists, self.consent_age, self.absences, self.recordings, self.complaints):
            yield from other


@dataclass(frozen=True, slots=True)
class Packs:
    """All packs that are in force, under one digest."""

    by_jurisdiction: Mapping[str, RulePack]
    digest: str

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_jurisdiction.keys() - {BASE}))

    def holding_in(self, country: str) -> tuple[RulePack, ...]:
        """The base, and the country's own pack where there is one."""
        own = self.by_jurisdiction.get(country)
        return (self.by_jurisdiction[BASE],) if own is None else (self.by_jurisdiction[BASE], own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A tenant's stricter layer: entries of the same form, the codes it adopts, the voluntary lists it observes."""

    digest: str
    rules: tuple[Rule, ...] = ()
    duties: tuple[Duty, ...] = ()
    windows: tuple[CallingWindow, ...] = ()
    attempts: tuple[AttemptLimits, ...] = ()
    adopts: frozenset[str] = frozenset()  # ids of windows and attempt limits
    observes: frozenset[str] = frozenset()  # ids of outside lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we, on this channel, for this purpose, at this instant? `about`: facts of the undertaking, never of the
    person, by the names in `ABOUT`. `contact`: asked at the moment of contact, when hours and attempts count too.
    `countries`: the only ones there can be, where that is known before; others can't be decided then.
    """

    channel: Channel
    purpose_kind: PurposeKind
    legal_basis: LegalBasis
    at: datetime
    about: Mapping[str, object] = field(default_factory=dict)
    contact: bool = False
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the recipient is: every country that counts (of the person, of the number) and the part of it, where
    that is known (`DE-BY` is `BY`).
    """

    countries: frozenset[str]
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHours:
    """When a person may be contacted. `inside` None: nobody can say. `opens_at` None: not within 60 days, or unknown.

    `day_ends_at` is the next midnight at the person's place, when attempts of a new day begin to count.
    """

    inside: bool | None
    opens_at: datetime | None
    day_ends_at: datetime | None


Facts = Mapping[str, object]
"""What is known of a person, by the names in `FACTS`; a name that is missing or None is unknown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule's word. `message` is a msgid with %(name)s places for `parameters`; `because` names, in the same form,
    what the rule misses or does not know, where single facts were at hand.
    """

    rule_id: str
    outcome: Outcome
    statute: Statute
    message: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    because: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer. Reasons of the outcome first. `holds_until`: by lapse of time alone it may change then."""

    outcome: Outcome
    reasons: Sequence[Reason]
    holds_until: datetime | None
    packs_digest: str
    mask: int
    duties: Sequence[Duty] = ()

    @property
    def permitted(self) -> bool:
        return self.outcome is Outcome.PERMIT


class BrokenPackError(BadInputError):
    """A pack or policy can't be used. `place` is file, line and column; `mend` says what to do."""

    code = "broken-rule-pack"


class LooserPolicyError(BrokenPackError):
    """A tenant's policy may be stricter than the packs, never looser."""

    code = "looser-policy"


class UnknownFactError(BadInputError):
    """A name that no catalog declares, or a value of another type than declared. Never says the value."""

    code = "unknown-fact"
