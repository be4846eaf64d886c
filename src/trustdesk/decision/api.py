"""What may be asked of the rules. Everything here is pure; only `load_packs` and `PackHolder` read files.

What reads files and what speaks to engines is imported when it is first asked for: a process that never does, and
every command is one at its start, need not wait for it.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.decision import campaigns as _campaigns
from trustdesk.decision import complaints as _complaints
from trustdesk.decision import limits as _limits
from trustdesk.decision import recording as _recording
from trustdesk.decision import verdicts as _verdicts
from trustdesk.decision import windows as _windows
from trustdesk.decision import words as _words
from trustdesk.decision.catalog import ABOUT, FACTS, Declared
from trustdesk.decision.compiling import Compiler, compiled
from trustdesk.decision.complaints import ComplaintHandling
from trustdesk.decision.contracts import (
    BASE,
    AttemptLimits,
    BrokenPackError,
    Channel,
    Duty,
    Facts,
    Outcome,
    OutsideListRule,
    Packs,
    Place,
    Policy,
    PurposeKind,
    Question,
    Reason,
    Verdict,
)
from trustdesk.decision.program import Clause, Program
from trustdesk.decision.reading import check_facts
from trustdesk.decision.recording import Keep, NoticeElement, RecordingMode, RecordingRule, Sector
from trustdesk.kernel.registries import CampaignTerms

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "ABOUT",
    "FACTS",
    "NO_POLICY",
    "RULEPACKS",
    "Clause",
    "ComplaintHandling",
    "Declared",
    "Keep",
    "NoticeElement",
    "PackHolder",
    "Place",
    "Program",
    "RecordingMode",
    "RecordingRule",
    "Sector",
    "attempt_limits",
    "compile_program",
    "complaint_handling",
    "consent_age",
    "decide",
    "duties",
    "evidence_until",
    "inside_window",
    "lists_that_count",
    "load_packs",
    "mask",
    "next_opening",
    "outside_lists",
    "parse_policy",
    "passes_by_itself",
    "product_words",
    "reason_of",
    "recording_rule",
    "sectors_known",
    "set_mask",
    "set_outcome",
    "stricter_recording",
    "verdict_of_mask",
    "window_changes_at",
    "with_campaign",
    "working_days",
]

NO_POLICY = Policy(digest="")
"""A tenant that asks for nothing beyond the packs and the product's defaults."""
RULEPACKS = Path(__file__).parent.parent / "rulepacks"
"""The folder of the packs that come with the product."""


class PackHolder:
    """The packs in force. A reload that finds a broken pack keeps the old ones."""

    def __init__(self, folder: Path) -> None:
        """Loads the folder. Raises BrokenPackError: there is nothing old to keep."""
        self._folder = folder
        self._packs = load_packs(folder)

    @property
    def packs(self) -> Packs:
        return self._packs

    def reload(self) -> BrokenPackError | None:
        """Reads the folder again. The error, where a pack is broken; then the packs in force are the old ones."""
        try:
            self._packs = load_packs(self._folder)
        except BrokenPackError as error:
            return error
        return None


def load_packs(folder: Path) -> Packs:
    """All packs of a folder. Raises BrokenPackError with file, line, column and reason at the first one broken."""
    from trustdesk.decision import loading

    return loading.load_packs(folder)


def parse_policy(text: str, packs: Packs, *, name: str = "policy.yaml") -> Policy:
    """A tenant's policy, in the form of a pack (see `rulepacks/schema.json`, `policy`).

    Raises BrokenPackError where it can't be read, LooserPolicyError where a line asks for less than the packs do,
    both with line and column.
    """
    from trustdesk.decision import policies

    return policies.parse_policy(text, packs, name)


def compile_program(packs: Packs, policy: Policy, question: Question) -> Program:
    """The question over the packs, as ordered clauses with all that is known of the undertaking folded in.

    Kept by question without its instant, for as long as no rule begins or ends between two instants. Raises
    UnknownFactError where `about` holds a name or type that `ABOUT` does not declare, ValueError on a naive instant.
    """
    return compiled(packs, policy, question)


def decide(program: Program, facts: Facts) -> Verdict:
    """The verdict for one person. Deny where a rule denies; else undecided where one can't be decided or none
    permits; else permit. Raises UnknownFactError on a name or type that `FACTS` does not declare.
    """
    return _verdicts.decide(program, facts)


def mask(program: Program, facts: Facts) -> int:
    """The clauses' bits for one person (see `Program`): what `set_mask` gives for a row of a table."""
    check_facts(facts)
    return program.read(facts, program.question.at)


def verdict_of_mask(program: Program, bits: int) -> Verdict:
    """The verdict behind bits made by `mask` or by a query made of `set_mask`. Its reasons have no `because`, and
    `holds_until` knows the rules' edges only.
    """
    return _verdicts.verdict_of_mask(program, bits)


def set_mask(program: Program, table: "ir.Table") -> "ir.IntegerColumn":
    """The bits as a column over a table with the columns that `program.facts` names, of the types in `FACTS`."""
    from trustdesk.decision import sets

    return sets.mask(program, table)


def set_outcome(program: Program, bits: "ir.IntegerColumn") -> "ir.StringColumn":
    """`permit`, `deny` or `undecided` as a column, from the bits."""
    from trustdesk.decision import sets

    return sets.outcome(program, bits)


def inside_window(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> bool | None:
    """Whether the person may be called at this instant by the hours of every country that counts, on the wall clock
    of every time zone of it. None where a country is not known: then nobody can say.

    Public holidays are those of the region; where it is not known, those of any region. Hours that a pack has for some
    recipients only are kept for all: nobody is asked here who the recipient is.
    """
    return _windows.inside_window(packs, policy, place=place, channel=channel, purpose_kind=purpose_kind, at=at)


def window_changes_at(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> datetime | None:
    """When the answer of `inside_window` next changes; None where it never does within 60 days."""
    return _windows.window_changes_at(packs, policy, place=place, channel=channel, purpose_kind=purpose_kind, at=at)


def next_opening(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> datetime | None:
    """The first instant from `at` on at which `inside_window` is true; None where there is none within 60 days."""
    return _windows.next_opening(packs, policy, place=place, channel=channel, purpose_kind=purpose_kind, at=at)


def attempt_limits(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> AttemptLimits | None:
    """The strictest of all limits that bind, number by number; None where nothing limits the channel. As with hours,
    limits for some recipients only are kept for all.
    """
    return _limits.attempt_limits(packs, policy, place=place, channel=channel, purpose_kind=purpose_kind, at=at)


def lists_that_count(packs: Packs, policy: Policy) -> list[OutsideListRule]:
    """The outside lists that are asked somewhere: those of statutes, and others where the policy observes them."""
    return _limits.lists_that_count(packs, policy)


def outside_lists(
    packs: Packs, policy: Policy, *, countries: Iterable[str], channel: Channel, at: datetime
) -> tuple[OutsideListRule, ...]:
    """The outside lists that count there and then: statutory ones, and those that the policy observes."""
    return _limits.outside_lists(packs, policy, countries=countries, channel=channel, at=at)


def duties(packs: Packs, policy: Policy, question: Question, *, countries: Iterable[str]) -> tuple[Duty, ...]:
    """What has to be done with such a contact, by the law of all countries that count."""
    places = {BASE, *countries}
    return tuple(duty for duty in Compiler(packs, policy, question).duties() if duty.jurisdiction in places)


def with_campaign(policy: Policy, terms: CampaignTerms, *, now: datetime) -> Policy:
    """The policy with the campaign's terms as entries of their own: hours, attempts, and a prohibition while it does
    not run. Nothing of the policy is taken away, so it can only become stricter.
    """
    return _campaigns.with_campaign(policy, terms, now=now)


def reason_of(packs: Packs, policy: Policy, rule_id: str, outcome: Outcome) -> Reason | None:
    """What the rule of this id says for the outcome, with its law, for whoever kept no more of a verdict than the id.
    None where no rule of this id is in force any more.
    """
    return _words.reason_of(packs, policy, rule_id, outcome)


def passes_by_itself(packs: Packs, policy: Policy, rule_id: str) -> bool:
    """Whether a refusal by the rule of this id ends with time alone: hours, and attempts that are used up."""
    return _words.passes_by_itself(packs, policy, rule_id)


def product_words(packs: Packs) -> tuple[str, ...]:
    """Every value of `product` that a rule or duty of the packs asks for by name ("mobile_subscription"), sorted."""
    return _words.product_words(packs)


def consent_age(packs: Packs, countries: Iterable[str], at: datetime) -> int:
    """The age from which a child consents itself (GDPR Art. 8(1)): the highest of the countries' ages, 16 where none
    of them has one of its own.
    """
    return _limits.consent_age(packs, countries, at)


def evidence_until(
    packs: Packs,
    *,
    countries: Iterable[str],
    channel: Channel,
    granted_at: datetime,
    last_used_at: datetime | None,
    ended_at: datetime | None,
) -> datetime | None:
    """Until when the proof of a consent has to be kept, by the longest of the countries' rules (UWG §7a(2): five years
    from consent and from each use). `ended_at`: when it was withdrawn or ended. None: no end can be named, because it
    is still relied on or no rule fixes one (GDPR Art. 7(1), 5(2)).
    """
    return _limits.evidence_until(
        packs,
        countries=countries,
        channel=channel,
        granted_at=granted_at,
        last_used_at=last_used_at,
        ended_at=ended_at,
    )


def recording_rule(packs: Packs, country: str, sector: str, on: datetime) -> RecordingRule:
    """Whether and how calls of a number may be recorded: by the country whose law counts for it (ISO 3166-1), the
    sector of the company (`Sector`) and the instant.

    The strictest of all entries that hold: mode, required elements of the notice, days for a copy. A sector whose law
    itself wants the recording goes before what holds for everybody. Where country, sector or a fact is not known the
    mode is off, and `reason` (a msgid) says why: what can't be decided is not recorded.
    """
    return _recording.recording_rule(packs, country, sector, on)


def stricter_recording(
    rule: RecordingRule, *, mode: RecordingMode | None = None, keep: Keep | None = None
) -> RecordingRule:
    """The rule with a company's own wish laid over it: another mode, a shorter time.

    Raises LooserPolicyError where the wish asks for less than the rule: a milder mode, no recording where the law
    wants one, a longer time, or another one than a statute fixed.
    """
    return _recording.stricter_recording(rule, mode=mode, keep=keep)


def sectors_known(packs: Packs, country: str) -> tuple[Sector, ...]:
    """The sectors that the rules of recording of this country speak of, the general one first."""
    return _recording.sectors_known(packs, country)


def complaint_handling(packs: Packs, *, countries: Iterable[str], sector: str, at: datetime) -> ComplaintHandling:
    """What has to be done with a complaint received then: the shortest deadline, the longest keeping and all fields and
    duties of the rules of these countries (the person's and the company's), for the sector and for all sectors. The
    base counts everywhere.
    """
    return _complaints.complaint_handling(packs, countries=countries, sector=sector, at=at)


def working_days(country: str) -> Callable[[date], bool]:
    """Which days are working days in the whole of a country, as periods of law ask (`kernel.periods.last_day`).

    A holiday of one region only counts as a working day, and where a country's holidays are not known all weekdays do:
    a deadline then ends earlier, never later.
    """
    return _complaints.working_days(country)
