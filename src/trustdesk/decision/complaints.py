"""What the law of a place asks of whoever receives a complaint: the strictest of all rules that hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trustdesk.decision import publicholidays
from trustdesk.decision.contracts import BASE, Confidence, Entry, Packs, Statute
from trustdesk.kernel.periods import Span

_SATURDAY = 5
_ANY_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRule(Entry):
    """What has to be done with a complaint, in these sectors; none named: in all of them. What a rule does not speak
    of, another one may.
    """

    sectors: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()  # of the minutes
    may_be_empty: frozenset[str] = frozenset()
    reply_within: Span | None = None
    extend_by: Span | None = None  # once, with reasons
    silence_accepts: bool = False  # no reply in time: the complaint is as wanted
    keep_years: int = 0
    minutes_copy: bool = False  # a copy of the minutes, at the latest with the reply
    name_authority: bool = False  # who rejects names where the person can go next


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintHandling:
    """All that counts for one complaint. `law` is what the deadline rests on, `keep_law` the years, `rule_ids` all."""

    rule_ids: tuple[str, ...]
    law: Statute
    fields: tuple[str, ...]
    may_be_empty: frozenset[str]
    reply_within: Span
    extend_by: Span | None
    silence_accepts: bool
    keep_years: int
    keep_law: Statute
    minutes_copy: bool
    name_authority: bool


def complaint_handling(packs: Packs, *, countries: Iterable[str], sector: str, at: datetime) -> ComplaintHandling:
    rules = [rule for rule in _holding(packs, countries) if rule.valid_at(at) and _speaks_of(rule, sector)]
    timed = [(rule.reply_within, rule) for rule in rules if rule.reply_within is not None]
    span, shortest = min(timed, key=lambda pair: (_length(pair[0]), _own(pair[1]), pair[1].id))
    longest = max(rules, key=lambda rule: (rule.keep_years, not _own(rule), rule.id))
    return ComplaintHandling(
        rule_ids=tuple(rule.id for rule in rules),
        law=shortest.statute,
        fields=tuple(dict.fromkeys(name for rule in rules for name in rule.fields)),
        # A field may be empty where each rule that asks for it says so.
        may_be_empty=frozenset.intersection(
            *(rule.may_be_empty | (_asked(rules) - set(rule.fields)) for rule in rules if rule.fields)
        ),
        reply_within=span,
        extend_by=shortest.extend_by,
        silence_accepts=any(rule.silence_accepts for rule in rules),
        keep_years=longest.keep_years,
        keep_law=longest.statute,
        minutes_copy=any(rule.minutes_copy for rule in rules),
        name_authority=any(rule.name_authority for rule in rules),
    )


def working_days(country: str) -> Callable[[date], bool]:
    """Which days are working days in the whole country. A holiday of one region only is one: nobody is late by it."""

    def works(day: date) -> bool:
        if day.weekday() >= _SATURDAY:
            return False
        if not publicholidays.keeps_holidays(country, ""):
            return True
        return (day.month, day.day) not in publicholidays.of_year(country, "", (), day.year)

    return works


def _holding(packs: Packs, countries: Iterable[str]) -> list[ComplaintRule]:
    places = [BASE, *sorted(set(countries) & packs.by_jurisdiction.keys() - {BASE})]
    return [rule for place in places for rule in packs.by_jurisdiction[place].complaints]


def _speaks_of(rule: ComplaintRule, sector: str) -> bool:
    return not rule.sectors or sector in rule.sectors


def _own(rule: ComplaintRule) -> bool:
    """The product's, which no law says: where a law says the same, the law is named."""
    return rule.confidence is Confidence.POLICY


def _asked(rules: Iterable[ComplaintRule]) -> frozenset[str]:
    return frozenset(name for rule in rules for name in rule.fields)


def _length(span: Span) -> timedelta:
    """To compare spans by: five working days are a week."""
    if span.working_days:
        return timedelta(days=span.working_days + 2 * (span.working_days // 5))
    return span.nominal(_ANY_MONDAY) - _ANY_MONDAY
