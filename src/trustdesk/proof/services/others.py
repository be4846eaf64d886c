"""What is written about others and sealed: opened where tokens of the person's words lead, or led before the erasure.

What a household or a namesake has in common with the person is theirs, and not shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from trustdesk.conversations import api as conversations
from trustdesk.kernel.context import AccessContext
from trustdesk.proof.sought import Sought
from trustdesk.register import api as register
from trustdesk.register.contracts import FreeText
from trustdesk.scan.api import Automaton, find
from trustdesk.scan.contracts import Hit, Kind, Strength, Variant
from trustdesk.vault.api import TokenKind

AT_ONCE = 200
"""Customers, or conversations, that are opened in one entry of the log."""
NOTES, CONVERSATIONS = "register.free_texts", "conversations.free_texts"
_SHARED: dict[Kind, TokenKind] = {
    Kind.NAME: "name",
    Kind.PHONE: "phone",
    Kind.EMAIL: "email",
    Kind.ADDRESS: "address",
}
_THINGS = 2
"""So many things of a person that alone say little have to be spoken of in somebody's notes to open them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found. `place` finds it again, `owner` is the customer whose row it stands in."""

    search_id: int
    what: str
    place: dict[str, object] = field(repr=False)
    context: str = field(repr=False)
    owner: str = ""


class Texts(Protocol):
    """One kind of sealed texts about others. `led` is where to look, in order: numbers that a part remembers."""

    @property
    def name(self) -> str: ...

    @property
    def led(self) -> Sequence[int]: ...

    def found(self, numbers: Sequence[int]) -> Iterator[Finding]: ...

    def stands_still(self, place: dict[str, object]) -> bool: ...


def names() -> tuple[str, ...]:
    """What the parts of a round are called."""
    return NOTES, CONVERSATIONS


def every(context: AccessContext, sought: Mapping[int, Sought], automaton: Automaton) -> Sequence[Texts]:
    """All kinds, for these persons."""
    eyes = _Eyes(context, sought, automaton)
    return _Notes(eyes), _Conversations(eyes)


class _Eyes:
    """Who is looked for, and whom it leads to."""

    def __init__(self, context: AccessContext, sought: Mapping[int, Sought], automaton: Automaton) -> None:
        self.context = context
        self.sought = sought
        self._automaton = automaton

    @cached_property
    def mentioning(self) -> frozenset[int]:
        """Customers in whose notes somebody is spoken of: all words of one spelling that is enough alone, or of two
        things that together are.
        """
        by_country: dict[str, list[int]] = defaultdict(list)
        for search_id, one in self.sought.items():
            by_country[one.country].append(search_id)
        found: set[int] = set()
        for country, own in by_country.items():
            texts = (variant.text for search_id in own for variant in self.sought[search_id].variants)
            held = register.mentioning(self.context, texts=texts, country=country)
            for search_id in own:
                found |= _spoken_of(self.sought[search_id].variants, held)
        return frozenset(found)

    def shown(self, texts: Iterable[tuple[dict[str, object], FreeText]]) -> Iterator[Finding]:
        """The first hit of each person in each text, without what the customer whose text it is has in common."""
        hits = [
            (place, text, hit) for place, text in texts for hit in _first_of_kinds(find(self._automaton, text.text))
        ]
        asked: dict[tuple[int, Kind], set[int]] = defaultdict(set)
        for _place, text, hit in hits:
            asked[hit.person, self._kind(hit)].add(text.customer_id)
        shared = {key: self._sharing(*key, among) for key, among in asked.items()}
        done: set[tuple[int, str, int]] = set()
        for place, text, hit in hits:
            key = (hit.person, text.table, text.row_id)
            if key not in done and text.customer_id not in shared[hit.person, self._kind(hit)]:
                done.add(key)
                yield Finding(hit.person, text.table, place, hit.context, str(text.customer_id))

    def _kind(self, hit: Hit) -> Kind:
        return self._automaton.variants[hit.variant].kind

    def _sharing(self, search_id: int, kind: Kind, among: set[int]) -> frozenset[int]:
        token, one = _SHARED.get(kind), self.sought[search_id]
        if token is None:
            return frozenset()
        values = one.own.get(token, ())
        return register.sharing(self.context, kind=token, values=values, country=one.country, among=among)


class _Notes:
    """Notes and remarks of customers, by customer."""

    name = NOTES

    def __init__(self, eyes: _Eyes) -> None:
        self._eyes = eyes

    @property
    def led(self) -> Sequence[int]:
        return sorted(self._eyes.mentioning)

    def found(self, numbers: Sequence[int]) -> Iterator[Finding]:
        texts = register.free_texts(self._eyes.context, numbers, what="proof.others") if numbers else ()
        yield from self._eyes.shown((_placed("customer", text.customer_id, text), text) for text in texts)

    def stands_still(self, place: dict[str, object]) -> bool:
        owner = place.get("customer")
        return isinstance(owner, int) and any(one.place == place for one in self.found([owner]))


class _Conversations:
    """What is written in others' conversations, by conversation: those in which a number of the person took part, and
    those with customers whose notes speak of the person, or spoke of them before they were cut.
    """

    name = CONVERSATIONS

    def __init__(self, eyes: _Eyes) -> None:
        self._eyes = eyes

    @cached_property
    def led(self) -> Sequence[int]:
        heard = {one for sought in self._eyes.sought.values() for one in sought.heard}
        spoken = {one for sought in self._eyes.sought.values() for one in sought.mentioned}
        own = conversations.conversations_of(self._eyes.context, spoken | self._eyes.mentioning)
        return sorted(heard.union(own))

    def found(self, numbers: Sequence[int]) -> Iterator[Finding]:
        held = conversations.free_texts(self._eyes.context, numbers, what="proof.others") if numbers else {}
        yield from self._eyes.shown(
            (_placed("conversation", number, text), text) for number, texts in held.items() for text in texts
        )

    def stands_still(self, place: dict[str, object]) -> bool:
        number = place.get("conversation")
        return isinstance(number, int) and any(one.place == place for one in self.found([number]))


def _placed(whose: str, number: int, text: FreeText) -> dict[str, object]:
    return {whose: number, "table": text.table, "row": text.row_id}


def _spoken_of(variants: Sequence[Variant], held: Mapping[str, Iterable[int]]) -> set[int]:
    found: set[int] = set()
    weak: dict[int, set[tuple[Kind, str]]] = defaultdict(set)
    for variant in variants:
        for customer_id in held.get(variant.text, ()):
            if variant.strength is Strength.ALONE:
                found.add(customer_id)
            else:
                weak[customer_id].add((variant.kind, variant.about))
    return found | {customer_id for customer_id, things in weak.items() if len(things) >= _THINGS}


def _first_of_kinds(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of each person and spelling the first: whatever follows is in the same text."""
    seen: set[tuple[int, int]] = set()
    for hit in hits:
        if (hit.person, hit.variant) not in seen:
            seen.add((hit.person, hit.variant))
            yield hit
