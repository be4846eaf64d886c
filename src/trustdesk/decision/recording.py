"""Whether a call may be recorded, and on which terms: by the country of the number and the sector of the company.

Law: GDPR Art. 5, 6, 13, 21; Directive 2002/58/EC Art. 5; what each country adds stands in its pack (`recordings`).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from trustdesk.decision.contracts import BASE, Confidence, Entry, LooserPolicyError, Packs, Statute
from trustdesk.decision.messages import gettext_noop


class RecordingMode(StrEnum):
    """From the mildest to the strictest; `mandatory` stands beside them: there the law itself wants the recording."""

    NOTICE = "notice"  # whoever heard the notice is recorded
    CONSENT = "consent"  # and pressed the key of agreement
    ALL_PARTY = "all-party"  # and whoever answers has agreed too
    OFF = "off"
    MANDATORY = "mandatory"  # nobody is asked, and everybody is told why


class Sector(StrEnum):
    GENERAL = "general"  # every company that no special law speaks of
    PUBLIC_SERVICE = "public_service"  # energy, water, waste, post: közszolgáltatás
    BANK = "bank"
    INSURANCE = "insurance"
    TELECOM = "telecom"
    SECURITIES = "securities"


ALL = frozenset(Sector)


class NoticeElement(StrEnum):
    """What a call notice says, each in a part of its own. In the order in which it is said."""

    WHO = "who"
    RECORDING = "recording"  # that it is recorded, or that it is not
    PURPOSE = "purpose"
    FURTHER_USE = "further_use"  # what else it is used for, or that it is not
    KEPT = "kept"  # how long
    UNIQUE_ID = "unique_id"  # that the call has a number of its own
    COPY = "copy"  # that a copy can be had
    REFUSAL = "refusal"  # what becomes of whoever does not want it
    RIGHTS = "rights"
    MORE = "more"  # where the rest is


@dataclass(frozen=True, slots=True)
class Keep:
    """A time by the calendar. Kept until the same day so much later, or the last day of a shorter month."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, instant: datetime) -> datetime:
        months = instant.year * 12 + instant.month - 1 + self.years * 12 + self.months
        year, month = months // 12, months % 12 + 1
        day = min(instant.day, monthrange(year, month)[1])
        return instant.replace(year=year, month=month, day=day) + timedelta(days=self.days)

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days)

    def roughly_days(self) -> int:
        """For comparing two of them."""
        return self.years * 365 + self.months * 30 + self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingDemand(Entry):
    """One entry of a pack. What it leaves None or empty it does not speak of.

    `keep_at_least`: a statute wants the recording for so long. `keep_at_most`: no statute does, and this is enough.
    """

    sectors: frozenset[Sector]
    mode: RecordingMode | None = None
    elements: frozenset[NoticeElement] = frozenset()
    keep_at_least: Keep | None = None
    keep_at_most: Keep | None = None
    copy_days: int | None = None
    human_first: bool = False
    answer_within_seconds: int | None = None
    premium_closed: bool = False
    staff_monitoring: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRule:
    """What holds for the calls of one number. `reason` says why the mode is off where nobody could decide.

    `keep_is_fixed`: a statute fixed the time, it is neither shortened nor lengthened; else a company may keep less.
    """

    mode: RecordingMode
    rule_ids: tuple[str, ...] = ()
    statutes: tuple[Statute, ...] = ()
    keep: Keep = Keep()
    keep_is_fixed: bool = False
    copy_days: int = 30
    caller_may_refuse: bool = True
    agent_must_agree: bool = False
    human_first: bool = False
    answer_within_seconds: int | None = None
    premium_closed: bool = False
    staff_monitoring: bool = True
    required_elements: tuple[NoticeElement, ...] = ()
    reason: str = ""

    @property
    def recorded(self) -> bool:
        return self.mode is not RecordingMode.OFF


_STRICTNESS = {
    mode: degree
    for degree, mode in enumerate(
        (RecordingMode.NOTICE, RecordingMode.CONSENT, RecordingMode.ALL_PARTY, RecordingMode.OFF)
    )
}
_COPY_DAYS = 30  # where no entry says it: GDPR art 12(3), a month


def recording_rule(packs: Packs, country: str, sector: str, on: datetime) -> RecordingRule:
    """See `decision.api`."""
    if country not in packs.countries:
        return _off(gettext_noop("No rules of recording are known for this country."))
    try:
        wanted = Sector(sector)
    except ValueError:
        return _off(gettext_noop("No rules of recording are known for this sector."))
    if wanted not in sectors_known(packs, country):
        return _off(gettext_noop("The country's rules of recording do not speak of this sector."))
    holding = tuple(_holding(packs, country, wanted, on))
    if not any(demand.jurisdiction == country and demand.mode is not None for demand in holding):
        return _off(gettext_noop("The country's rules do not say whether calls may be recorded."))
    mode = _mode(demand.mode for demand in holding if demand.mode is not None)
    keep, fixed = _keep(holding)
    if not keep:
        return _off(gettext_noop("The rules do not say how long a recording may be kept."))
    seconds = [demand.answer_within_seconds for demand in holding if demand.answer_within_seconds is not None]
    elements = {element for demand in holding for element in demand.elements}
    return RecordingRule(
        mode=mode,
        rule_ids=tuple(demand.id for demand in holding),
        statutes=tuple(demand.statute for demand in holding if demand.confidence is not Confidence.POLICY),
        keep=keep,
        keep_is_fixed=fixed,
        copy_days=min((demand.copy_days for demand in holding if demand.copy_days is not None), default=_COPY_DAYS),
        caller_may_refuse=mode is not RecordingMode.MANDATORY,
        agent_must_agree=mode is RecordingMode.ALL_PARTY,
        human_first=any(demand.human_first for demand in holding),
        answer_within_seconds=min(seconds, default=None),
        premium_closed=any(demand.premium_closed for demand in holding),
        staff_monitoring=all(demand.staff_monitoring for demand in holding),
        required_elements=tuple(element for element in NoticeElement if element in elements),
    )


def sectors_known(packs: Packs, country: str) -> tuple[Sector, ...]:
    """See `decision.api`."""
    pack = packs.by_jurisdiction.get(country)
    named = {sector for demand in pack.recordings for sector in demand.sectors if demand.sectors != ALL} if pack else ()
    return tuple(sector for sector in Sector if sector is Sector.GENERAL or sector in named)


def stricter_recording(
    rule: RecordingRule, *, mode: RecordingMode | None = None, keep: Keep | None = None
) -> RecordingRule:
    """See `decision.api`."""
    if mode is not None and mode is not rule.mode:
        if rule.mode is RecordingMode.MANDATORY:
            message = gettext_noop("The law wants these calls recorded: a company can't do without.")
            raise LooserPolicyError(message, place="mode", mend=", ".join(rule.rule_ids))
        if mode is RecordingMode.MANDATORY or _STRICTNESS[mode] < _STRICTNESS[rule.mode]:
            message = gettext_noop("The rules ask for more than this does.")
            raise LooserPolicyError(message, place="mode", mend=", ".join(rule.rule_ids))
        rule = replace(
            rule, mode=mode, agent_must_agree=rule.agent_must_agree or mode is RecordingMode.ALL_PARTY, reason=""
        )
    if keep is not None and rule.recorded and keep != rule.keep:
        if not keep or rule.keep_is_fixed or keep.roughly_days() > rule.keep.roughly_days():
            message = gettext_noop("The rules don't let these recordings be kept for another time.")
            raise LooserPolicyError(message, place="keep", mend=", ".join(rule.rule_ids))
        rule = replace(rule, keep=keep)
    return rule


def _off(reason: str) -> RecordingRule:
    return RecordingRule(mode=RecordingMode.OFF, reason=reason)


def _holding(packs: Packs, country: str, sector: Sector, on: datetime) -> Iterator[RecordingDemand]:
    for jurisdiction in (BASE, country):
        for demand in packs.by_jurisdiction[jurisdiction].recordings:
            if sector in demand.sectors and demand.valid_at(on):
                yield demand


def _mode(modes: Iterable[RecordingMode]) -> RecordingMode:
    """A law that wants the recording speaks of one sector only and goes before what holds for everybody."""
    found = set(modes)
    if RecordingMode.MANDATORY in found:
        return RecordingMode.MANDATORY
    return max(found, key=_STRICTNESS.__getitem__)


def _keep(holding: Iterable[RecordingDemand]) -> tuple[Keep, bool]:
    """The longest that a statute demands; without one the shortest that is enough."""
    demanded = [demand.keep_at_least for demand in holding if demand.keep_at_least is not None]
    if demanded:
        return max(demanded, key=Keep.roughly_days), True
    enough = [demand.keep_at_most for demand in holding if demand.keep_at_most is not None]
    return min(enough, key=Keep.roughly_days, default=Keep()), False
