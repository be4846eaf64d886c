"""Which rule counts for a thing, and from when it may go. No table, no clock: everything is given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from trustdesk.kernel.ageing import Aged
from trustdesk.kernel.periods import months_after
from trustdesk.retention.contracts import Ground, Rule, Start


@dataclass(frozen=True, slots=True)
class Measure:
    """The rules of one kind, measured at an instant in the company's zone."""

    rules: tuple[Rule, ...]
    now: datetime
    zone: ZoneInfo

    @property
    def newest(self) -> datetime | None:
        """What began at this instant or after it is kept by every rule; None: there is no rule."""
        return max((self.limit(rule) for rule in self.rules), default=None)

    def is_over(self, thing: Aged) -> bool:
        """Whether every rule that counts for it is over. What it is held for has a rule each, or it stays."""
        governing = governing_rules(self.rules, thing.purposes, thing.country)
        return governing is not None and all(thing.since < self.limit(rule) for rule in governing)

    def limit(self, rule: Rule) -> datetime:
        """What began before this instant is over by the rule: the last day of its months is before today."""
        today = self.now.astimezone(self.zone).date()
        day = months_after(today, -rule.months)
        if rule.counted_from is Start.YEAR_END:
            day = day.replace(month=1, day=1)
        while months_after(day, rule.months) < today and rule.counted_from is Start.EVENT:
            day += timedelta(days=1)  # a short month: its last day stands for those it has not
        return datetime.combine(day, time(), self.zone)


def governing_rules(rules: Sequence[Rule], purposes: Sequence[str], country: str) -> list[Rule] | None:
    """For each purpose every statute that fits, and of the company's own rules the most special one: the one for the
    purpose and the country before the one for the purpose, that before the one for the country, and that for all.
    None where a purpose has no rule at all: nobody decided how long it is kept.
    """
    governing: list[Rule] = []
    for purpose in purposes or [""]:
        fitting = [rule for rule in rules if rule.country in {"", country} and rule.purpose in {"", purpose}]
        own = [rule for rule in fitting if rule.ground is Ground.POLICY]
        special = sorted(own, key=lambda rule: (rule.purpose != "", rule.country != ""))[-1:]
        found = [rule for rule in fitting if rule.ground is Ground.STATUTE] + special
        if not found:
            return None
        governing += found
    return governing


def digest_of(rules: Iterable[Rule]) -> str:
    """Names the rules in force: another digest, other rules."""
    lines = sorted(
        f"{rule.kind}\t{rule.purpose}\t{rule.country}\t{rule.months}\t{rule.counted_from}\t{rule.ground}"
        for rule in rules
    )
    return sha256("\n".join(lines).encode()).hexdigest()
