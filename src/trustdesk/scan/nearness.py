"""What of the matches is a hit: a strong spelling alone, a weak one only beside another thing of the same person."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trustdesk.scan import records
from trustdesk.scan.contracts import NEAR, Kind, Strength, Variant

WHOLE, FAMILY, GIVEN, INITIAL = "name", "family", "given", "initial"
"""What a part of a name is `about`, whichever of a person's names it is from."""
_HALVES = frozenset({FAMILY, GIVEN})
_OVER_LINES = frozenset({Kind.BIRTH_DATE, Kind.ID, Kind.REFERENCE})
"""What few others have: it may stand a line away."""
_LINES_OF_AN_ENVELOPE = 2
_LABEL = re.compile(r"[\w.\-]+\s*[\"']?\s*[:=>]")
TITLES = re.compile(
    r"(?<!\w)(?:dr|drs|prof|univ|mag|ing|dipl|inż|inz|mgr|lic|hab|habil|med|jur|phil|rer|nat|techn|fil|tri|dkfm|bsc|msc|ba|ma"
    r"|phd|mba|ddr|mmag|id|ifj|özv|ozv|herrn?|frau|pan|pani|mr|mrs|ms|rva|herra)(?!\w)\.?[\s-]*",
    re.IGNORECASE,
)
"""Titles of a person, which may stand before, behind and inside a name."""
_STREET = re.compile(r"\b[^\W\d_]+\.?\s+\d|\b(?:ulica|ul|aleja|aleje|al|plac|pl|osiedle|os)\.?\s+\Z", re.IGNORECASE)
"""Streets are named after people: what stands before `tér 5` or behind `aleja` is no given name."""
_APART = re.compile(r"[{}]|</?(?:tr|row|record)\b|\n\s*\n")
"""Between one record and the next, and between paragraphs."""
_WORD = re.compile(r"[^\W\d_]{2,}")


class Match(NamedTuple):
    """Spellings that stand at a place of a text: numbers of variants, one or more for each person."""

    start: int
    end: int
    owners: tuple[int, ...]


class _Text(NamedTuple):
    content: str
    rows: bool


class _Recent(NamedTuple):
    match: Match
    by_person: dict[int, int]


class Nearness:
    """Knows all variants; asked text by text."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        self._variants = variants
        self._weak = [variant.strength is Strength.NEAR for variant in variants]
        # Where the whole name is not enough, because others have it, its two halves are not either.
        self._shared: dict[int, set[int]] = {}
        for variant, weak in zip(variants, self._weak, strict=True):
            if weak and variant.kind is Kind.NAME and variant.about == WHOLE:
                self._shared.setdefault(variant.person, set()).update(variant.names)

    def resolved(self, text: str, matches: Iterable[Match], *, rows: bool = False) -> list[Match]:
        """The hits among matches that come in their order, in order; each owner of one is a hit of a person.

        With `rows` each line is a record.
        """
        weak: list[Match] = []
        strong: list[Match] = []
        reached: dict[tuple[int, Kind], int] = {}
        for match in matches:
            if records.apart(text, match.start, match.end, rows=rows):
                continue
            alone = [number for number in match.owners if not self._weak[number]]
            if len(alone) < len(match.owners):
                weak.append(match)
            if new := tuple(number for number in alone if self._is_new(number, match, reached)):
                strong.append(Match(match.start, match.end, new))
        if len(weak) > 1:
            strong.extend(self._pairs(_Text(text, rows), weak, self._places(strong)))
            strong.sort()
        return strong

    def _is_new(self, number: int, match: Match, reached: dict[tuple[int, Kind], int]) -> bool:
        """False inside a longer spelling of the same thing."""
        variant = self._variants[number]
        thing = (variant.person, variant.kind)
        if match.start < reached.get(thing, -1):
            return False
        reached[thing] = match.end
        return True

    def _places(self, strong: Iterable[Match]) -> dict[int, list[Match]]:
        places: dict[int, list[Match]] = {}
        for match in strong:
            for number in match.owners:
                places.setdefault(self._variants[number].person, []).append(match)
        return places

    def _pairs(self, text: _Text, weak: Iterable[Match], strong: dict[int, list[Match]]) -> Iterator[Match]:
        """Two weak ones are one hit, from the first to the second; where a strong one stands it needs no other."""
        recent: deque[_Recent] = deque()
        reached: dict[int, int] = {}
        for match in weak:
            while recent and match.start - recent[0].match.end > NEAR:
                recent.popleft()
            own = {self._variants[number].person: number for number in match.owners if self._weak[number]}
            for other in recent:
                if other.match.end > match.start:
                    continue
                for person in own.keys() & other.by_person.keys():
                    span = Match(other.match.start, match.end, (other.by_person[person],))
                    if (
                        span.start >= reached.get(person, 0)
                        and self._say_together(other.by_person[person], own[person], text, other.match, match)
                        and not any(one.start < span.end and span.start < one.end for one in strong.get(person, ()))
                    ):
                        reached[person] = span.end
                        yield span
            recent.append(_Recent(match, own))

    def _say_together(self, one: int, other: int, text: _Text, before: Match, behind: Match) -> bool:
        """Whether these are two things of one person, by what stands between them.

        A family and its address are also those of everybody else who lives there. A family name and a given name in a
        list of people may be of two of them: only labels and signs stand between the parts of one name.
        """
        first, second = self._variants[one], self._variants[other]
        kinds = {first.kind, second.kind}
        roles = {one.about for one in (first, second) if one.kind is Kind.NAME}
        same = first.kind is second.kind and (first.about == second.about or first.kind is Kind.ADDRESS)
        if same or (FAMILY in roles and Kind.ADDRESS in kinds):
            return False
        between = text.content[before.end : behind.start]
        lines = between.count("\n")
        if records.apart(text.content, before.end, behind.start, rows=text.rows):
            return False
        if kinds == {Kind.NAME}:
            return self._is_one_name(first, second) and is_inside_a_name(between)
        # A name or an initial stands on an envelope above its street.
        envelope = Kind.ADDRESS in kinds and roles & {WHOLE, INITIAL} and lines <= _LINES_OF_AN_ENVELOPE
        return not lines or bool(kinds & _OVER_LINES) or bool(envelope)

    def _is_one_name(self, first: Variant, second: Variant) -> bool:
        """Whether these are the two halves of one name of the person that few others have."""
        if {first.about, second.about} != _HALVES:
            return False
        own = set(first.names) & set(second.names) - self._shared.get(first.person, set())
        return bool(own) or not (first.names or second.names)


def is_inside_a_name(between: str) -> bool:
    """True where nothing but signs, labels of fields and at most one small word stands between two parts of a name."""
    if _STREET.search(between) or _APART.search(between):
        return False
    left = _WORD.findall(TITLES.sub(" ", _LABEL.sub(" ", between)))
    return len(left) <= 1 and all(word.islower() for word in left)
