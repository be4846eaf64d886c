"""What bounds a contact beside the rules: lists of others, attempts, proof, a child's age."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from trustdesk.decision.contracts import (
    BASE,
    AttemptLimits,
    Binding,
    CallingWindow,
    Channel,
    OutsideListRule,
    Packs,
    Place,
    Policy,
    PurposeKind,
    RulePack,
    Statute,
)

_OLDEST_CHILD = 16  # GDPR art 8(1), where the country has no lower age


def _packs(packs: Packs) -> Iterator[RulePack]:
    """The base first."""
    yield from (packs.by_jurisdiction[name] for name in (BASE, *packs.countries))


def windows_that_bind(packs: Packs, policy: Policy) -> list[CallingWindow]:
    """Statutory ones, the product's, the codes that the tenant adopts, and its own."""
    found = [window for pack in _packs(packs) for window in pack.windows]
    adopted = [window for window in found if window.binding is not Binding.CODE or window.id in policy.adopts]
    return [*adopted, *policy.windows]


def attempts_that_bind(packs: Packs, policy: Policy) -> list[AttemptLimits]:
    """As `windows_that_bind`."""
    found = [limits for pack in _packs(packs) for limits in pack.attempts]
    adopted = [limits for limits in found if limits.binding is not Binding.CODE or limits.id in policy.adopts]
    return [*adopted, *policy.attempts]


def lists_that_count(packs: Packs, policy: Policy) -> list[OutsideListRule]:
    """Statutory ones by themselves, others where the tenant observes them; one that can't be had can't be asked."""
    return [rule for pack in _packs(packs) for rule in pack.outside_lists if _counts(rule, policy)]


def _counts(rule: OutsideListRule, policy: Policy) -> bool:
    return rule.loadable and (rule.binding is Binding.STATUTE or rule.id in policy.observes)


def outside_lists(
    packs: Packs, policy: Policy, *, countries: Iterable[str], channel: Channel, at: datetime
) -> tuple[OutsideListRule, ...]:
    places = (BASE, *sorted(packs.by_jurisdiction.keys() & set(countries)))
    return tuple(
        [
            rule
            for place in places
            for rule in packs.by_jurisdiction[place].outside_lists
            if channel in rule.channels and _counts(rule, policy) and rule.valid_at(at)
        ]
    )


def attempt_limits(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> AttemptLimits | None:
    places = {BASE, *place.countries}
    bound = [
        limits
        for limits in attempts_that_bind(packs, policy)
        if limits.jurisdiction in places
        and channel in limits.channels
        and purpose_kind in limits.purpose_kinds
        and limits.valid_at(at)
    ]
    if not bound:
        return None
    rings = [limits.ring_seconds for limits in bound if limits.ring_seconds]
    strictest = bound[-1]
    return AttemptLimits(
        id="+".join(limits.id for limits in bound),
        jurisdiction=strictest.jurisdiction,
        statute=Statute("; ".join(limits.statute.text for limits in bound)),
        as_of=min(limits.as_of for limits in bound),
        confidence=strictest.confidence,
        channels=frozenset({channel}),
        purpose_kinds=frozenset({purpose_kind}),
        binding=strictest.binding,
        per_day=_least(limits.per_day for limits in bound),
        per_week=_least(limits.per_week for limits in bound),
        per_campaign=_least(limits.per_campaign for limits in bound),
        ring_seconds=(max(low for low, _ in rings), min(high for _, high in rings)) if rings else None,
    )


def consent_age(packs: Packs, countries: Iterable[str], at: datetime) -> int:
    known = (packs.by_jurisdiction[country] for country in countries if country in packs.countries)
    ages = [age.years for pack in known for age in pack.consent_age if age.valid_at(at)]
    return max(ages, default=_OLDEST_CHILD)


def evidence_until(
    packs: Packs,
    *,
    countries: Iterable[str],
    channel: Channel,
    granted_at: datetime,
    last_used_at: datetime | None,
    ended_at: datetime | None,
) -> datetime | None:
    """The latest end, where every country that counts names one and nobody relies on the consent any more."""
    happened = {"grant": granted_at, "use": last_used_at, "withdrawal": ended_at}
    ends = []
    for country in countries:
        for pack in packs.holding_in(country)[1:]:
            rules = [rule for rule in pack.evidence if channel in rule.channels]
            events = [(happened[word], rule.years) for rule in rules for word in rule.counted_from]
            ends += [_years_later(event, years) for event, years in events if event is not None]
    return max(ends) if ends and ended_at is not None else None


def _least(numbers: Iterable[int | None]) -> int | None:
    return min((number for number in numbers if number is not None), default=None)


def _years_later(instant: datetime, years: int) -> datetime:
    """The same day and hour so many years on; of a leap day the first of March, which never ends early."""
    at, year = instant.astimezone(UTC), instant.astimezone(UTC).year + years
    if (at.month, at.day) == (2, 29) and not calendar.isleap(year):
        return at.replace(year=year, month=3, day=1)
    return at.replace(year=year)
