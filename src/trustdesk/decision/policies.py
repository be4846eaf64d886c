"""A tenant's policy: the packs' form, one layer more. It may ask for more than the packs do, never for less."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import NoReturn

from trustdesk.decision import entries
from trustdesk.decision.compiling import Compiler
from trustdesk.decision.contracts import (
    BASE,
    AttemptLimits,
    Binding,
    BrokenPackError,
    CallingWindow,
    Channel,
    Effect,
    Hours,
    LegalBasis,
    LooserPolicyError,
    Packs,
    Policy,
    PurposeKind,
    Question,
    Rule,
    Scope,
)
from trustdesk.decision.entries import WEEK, Context, Item
from trustdesk.decision.limits import attempts_that_bind, windows_that_bind
from trustdesk.decision.loading import check_form, entries_of
from trustdesk.decision.messages import gettext_noop
from trustdesk.decision.source import Path, Source, read

_STRICTNESS = {effect: degree for degree, effect in enumerate(Effect)}
_MINUTES = 24 * 60
_SOME_DAY = datetime(2020, 1, 1, tzinfo=UTC)  # where no rule ever begins or ends, any day is like another


def parse_policy(text: str, packs: Packs, name: str) -> Policy:
    source = read(text, name)
    check_form(source, "policy")
    as_of = entries.day(source, ("as_of",), source.value["as_of"])

    def context(path: Path, item: Item) -> Context:
        pack = packs.by_jurisdiction.get(item["jurisdiction"])
        if pack is None:
            source.refuse((*path, "jurisdiction"), gettext_noop("There is no pack for it."))
        return Context(source, pack.jurisdiction, as_of, pack.zone, None)

    policy = Policy(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        rules=entries_of(source, "rules", entries.rule, context),
        duties=entries_of(source, "duties", entries.duty, context),
        windows=entries_of(source, "windows", entries.window, context),
        attempts=entries_of(source, "attempts", entries.attempts, context),
        adopts=_named(source, "adopts", _codes(packs)),
        observes=_named(source, "observes", _lists(packs)),
    )
    _refuse_taken_ids(source, packs)
    for part, check in (("rules", _check_rule), ("windows", _check_window), ("attempts", _check_attempts)):
        for index, entry in enumerate(getattr(policy, part)):
            check(source, (part, index), entry, packs, policy)
    _refuse_too_many(source, policy, packs)
    return policy


def _codes(packs: Packs) -> frozenset[str]:
    found = {window.id: window.binding for pack in packs.by_jurisdiction.values() for window in pack.windows}
    found |= {limits.id: limits.binding for pack in packs.by_jurisdiction.values() for limits in pack.attempts}
    return frozenset(name for name, binding in found.items() if binding is Binding.CODE)


def _lists(packs: Packs) -> frozenset[str]:
    return frozenset(rule.id for pack in packs.by_jurisdiction.values() for rule in pack.outside_lists if rule.loadable)


def _named(source: Source, word: str, known: frozenset[str]) -> frozenset[str]:
    given = source.value.get(word, [])
    for index, name in enumerate(given):
        if name not in known:
            source.refuse((word, index), gettext_noop("No pack has an entry of this name."), ", ".join(sorted(known)))
    return frozenset(given)


def _refuse_taken_ids(source: Source, packs: Packs) -> None:
    """A verdict names rules by their id: one id, one entry, packs and policy together."""
    seen = {entry.id for pack in packs.by_jurisdiction.values() for entry in pack.entries()}
    for part in ("rules", "duties", "windows", "attempts"):
        for index, item in enumerate(source.value.get(part, ())):
            if item["id"] in seen:
                source.refuse((part, index, "id"), gettext_noop("This id stands twice."))
            seen.add(item["id"])


def _refuse(source: Source, path: Path, entry: Scope, message: str) -> NoReturn:
    raise LooserPolicyError(message, place=source.place(path), mend=f"{entry.id}: {entry.statute.text}")


def _check_rule(source: Source, path: Path, rule: Rule, packs: Packs, _policy: Policy) -> None:
    place = (*path, "effect")
    adds = rule.effect is Effect.LAWFUL and rule.conditions is not None
    if rule.effect is Effect.SOFT_OPT_IN or (rule.effect is Effect.LAWFUL and not adds):
        message = gettext_noop("A policy asks for more than the packs do; this asks for nothing.")
        raise LooserPolicyError(message, place=source.place(place))
    for pack in packs.holding_in(rule.jurisdiction):
        for other in pack.rules:
            plain = other.when is None and other.effect not in {Effect.SOFT_OPT_IN, Effect.LAWFUL}
            if not adds and plain and other.unless is None and _meet(rule, other) and _weaker(rule, other):
                _refuse(source, place, other, gettext_noop("The packs ask for more than this policy does."))


def _weaker(rule: Rule, other: Rule) -> bool:
    return rule.legal_bases <= other.legal_bases and _STRICTNESS[rule.effect] < _STRICTNESS[other.effect]


def _meet(one: Scope, other: Scope) -> bool:
    return bool(
        one.channels & other.channels and one.audiences & other.audiences and one.purpose_kinds & other.purpose_kinds
    )


def _check_window(source: Source, path: Path, window: CallingWindow, packs: Packs, policy: Policy) -> None:
    own, own_holiday = _open_minutes(window), _holiday_minutes(window, any)
    for other in windows_that_bind(packs, replace(policy, windows=())):
        if other.jurisdiction not in {BASE, window.jurisdiction} or not _meet(window, other):
            continue
        message = gettext_noop("The packs close hours that this policy opens.")
        if own - _open_minutes(other):
            _refuse(source, (*path, "week"), other, message)
        if own_holiday - _holiday_minutes(other, all):
            _refuse(source, (*path, "public_holiday"), other, message)


def _open_minutes(window: CallingWindow) -> set[int]:
    week = (
        day * _MINUTES + minute for day, hours in enumerate(window.week) for span in hours for minute in _span(span)
    )
    return {minute % (len(WEEK) * _MINUTES) for minute in week}


def _holiday_minutes(window: CallingWindow, over: Callable[[Iterable[bool]], bool]) -> set[int]:
    """The minutes open on a holiday; where it is as any weekday, those of any or of all of them."""
    days = window.week if window.public_holiday is None else (window.public_holiday,)
    each = [{minute for span in hours for minute in _span(span)} for hours in days]
    return {minute for minute in range(2 * _MINUTES) if over(minute in day for day in each)}


def _span(hours: Hours) -> range:
    """Minutes from midnight; those of the day after count on."""
    opens, closes = (end.hour * 60 + end.minute for end in (hours.opens, hours.closes))
    return range(opens, closes if closes > opens else closes + _MINUTES)


def _check_attempts(source: Source, path: Path, limits: AttemptLimits, packs: Packs, policy: Policy) -> None:
    for other in attempts_that_bind(packs, replace(policy, attempts=())):
        if other.jurisdiction not in {BASE, limits.jurisdiction} or not _meet(limits, other):
            continue
        message = gettext_noop("The packs allow fewer than this policy does.")
        for word in ("per_day", "per_week", "per_campaign"):
            own, bound = getattr(limits, word), getattr(other, word)
            if own is not None and bound is not None and own > bound:
                _refuse(source, (*path, word), other, message)
        if limits.ring_seconds and other.ring_seconds:
            (low, high), (least, most) = limits.ring_seconds, other.ring_seconds
            if low < least or high > most:
                _refuse(source, (*path, "ring_seconds"), other, message)


def _refuse_too_many(source: Source, policy: Policy, packs: Packs) -> None:
    """Whatever is asked has to fit a mask: tried with every question there is, when all rules have begun."""
    every = [entry for pack in packs.by_jurisdiction.values() for entry in pack.entries()]
    every += [*policy.rules, *policy.duties, *policy.windows, *policy.attempts]
    at = max((entry.valid_from for entry in every if entry.valid_from is not None), default=_SOME_DAY)
    for channel, purpose_kind, basis in product(Channel, PurposeKind, LegalBasis):
        question = Question(channel=channel, purpose_kind=purpose_kind, legal_basis=basis, at=at, contact=True)
        try:
            Compiler(packs, policy, question).program()
        except BrokenPackError as error:
            source.refuse((), error.message, error.mend)
