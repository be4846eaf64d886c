"""Which level two profiles reach in each comparison, for all pairs at once: equalities of tokens and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import SLOTS

Columns = NDArray[np.int64]  # (WIDTH, pairs): a column lies together
Flags = NDArray[np.bool_]

NOTHING = -1
"""The level where one side says nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A level is reached where any two slots of one of these pools agree.

    `counted` is the group whose frequency is the chance of it. `unless`: where both sides have a token of this group,
    it was for better levels to say.
    """

    code: str
    pools: tuple[tuple[int, ...], ...]
    counted: str = ""
    unless: str = ""


def _rule(code: str, *groups: str, counted: str = "", unless: str = "") -> Rule:
    return Rule(code, tuple(SLOTS[group] for group in groups), counted, unless)


_ALL_PHONES = SLOTS["phone"] + SLOTS["phone_shared"]
_PARTS = ("birth_year_month", "birth_month_day", "birth_year_day", "birth_digits")

LEVELS: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "family": (
            _rule("same", "family", counted="family"),
            _rule("sounds", "family_sound", counted="family_sound"),
            _rule("swapped", "names"),
        ),
        "given": (
            _rule("same", "given", counted="given"),
            _rule("sounds", "given_sound", counted="given_sound"),
            _rule("initial", "initial", unless="given"),
            _rule("swapped", "names"),
        ),
        "birth_date": (_rule("same", "birth", counted="birth"), _rule("near", *_PARTS)),
        "address": (
            _rule("same", "home", counted="home"),
            _rule("house", "house", counted="house"),
            _rule("postcode", "postcode", counted="postcode"),
            _rule("town", "town", counted="town"),
        ),
        "phone": (_rule("same", "phone", counted="phone"), Rule("shared", (_ALL_PHONES,), "phone")),
        "email": (_rule("same", "email", counted="email"),),
        "number": (_rule("same", "number"),),
        "national_id": (_rule("same", "national_id"),),
    }
)
"""Levels of tokens by comparison, best first. Below the last stands `other`, where both sides say something."""

OPENED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "family": ("same", "sounds", "typo", "like", "part", "swapped", "other"),
        "given": ("same", "sounds", "initial", "typo", "like", "other"),
        "second_given": ("same", "initial", "other"),
        "birth_date": ("same", "typo", "near", "other"),
        "address": ("same", "flat", "house", "typo", "street", "area", "postcode", "town", "other"),
        "phone": ("same", "shared", "other"),
        "email": ("same", "other"),
        "number": ("same",),
        "national_id": ("same", "other"),
    }
)
"""Codes of the levels of opened texts, which `distances.levels` says."""

COMPARABLE: Mapping[str, tuple[tuple[int, ...], ...]] = MappingProxyType(
    {
        "family": (SLOTS["family"],),
        "given": (SLOTS["initial"],),
        "birth_date": (SLOTS["birth"],),
        "address": (SLOTS["postcode"], SLOTS["town"], SLOTS["house"]),
        "phone": (_ALL_PHONES,),
        "email": (SLOTS["email"],),
        "number": (),
        "national_id": (SLOTS["national_id"],),
    }
)
"""A comparison that agrees in nothing disagrees where both sides have a token of one of these.

Numbers of two systems say nothing of each other.
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """Pairs that reached one level; `flags` says by which slots of the asked. `other` has no rule."""

    about: str
    number: int
    code: str
    rule: Rule | None
    pairs: NDArray[np.int64]
    flags: Flags


def reach(asked: Columns, held: Columns) -> Iterator[Reached]:
    """The best level of each pair in each comparison. A pair is in none where one side says nothing."""
    for about, rules in LEVELS.items():
        left = np.ones(asked.shape[1], np.bool_)
        for number, rule in enumerate(rules):
            flags = _agreeing(rule, asked, held)
            pairs = np.flatnonzero(flags.any(axis=0) & left)
            if len(pairs):
                left[pairs] = False
                yield Reached(about, number, rule.code, rule, pairs, flags[:, pairs])
        pairs = np.flatnonzero(left & _comparable(about, asked, held))
        if len(pairs):
            yield Reached(about, len(rules), "other", None, pairs, np.empty((0, len(pairs)), np.bool_))


def _agreeing(rule: Rule, asked: Columns, held: Columns) -> Flags:
    """Where a slot of the asked is also in the register's row: (slots of all pools, pairs)."""
    flags = []
    for pool in rule.pools:
        for column in pool:
            flag = asked[column] == held[pool[0]]
            for other in pool[1:]:
                flag |= asked[column] == held[other]
            flags.append(flag & (asked[column] != 0))
    reached = np.stack(flags)
    if rule.unless:
        unless = SLOTS[rule.unless]
        reached &= ~(_any(unless, asked) & _any(unless, held))
    return reached


def _comparable(about: str, asked: Columns, held: Columns) -> Flags:
    """Where both sides say something, so that nothing in common is something said against it."""
    both = np.zeros(asked.shape[1], np.bool_)
    for columns in COMPARABLE[about]:
        both |= _any(columns, asked) & _any(columns, held)
    return both


def _any(columns: tuple[int, ...], tokens: Columns) -> Flags:
    """Columns of one group lie beside each other."""
    return np.asarray((tokens[columns[0] : columns[-1] + 1] != 0).any(axis=0))
