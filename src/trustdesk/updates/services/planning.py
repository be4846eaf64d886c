"""What a change would write of somebody: which value takes the place of which. Nothing is read or written here."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.matching.api import identity
from trustdesk.matching.contracts import Said
from trustdesk.register.contracts import WHEREABOUTS, Attribute, Held, HeldValue, SourceKind, ValueChange, ValueKind
from trustdesk.updates.contracts import Change, ChangeKind, OrderKind, Terms
from trustdesk.vault.api import normal_value

_NUMBERS = re.compile(r"\d+")
WHOLE_NAME, FAMILY_NAME = "name", "family_name"
_NAMES = frozenset({WHOLE_NAME, FAMILY_NAME, "given_name"})
CONTRADICTION = "contradiction"
NAME_FORM = "name-form"
NON_DISCLOSURE = "non-disclosure"


@dataclass(frozen=True, slots=True)
class Plan:
    """`doubt` names why somebody has to look instead; `without` why something that was said is not written."""

    values: Sequence[ValueChange] = field(default=(), repr=False)
    doubt: str = ""
    without: str = ""


def plan(
    change: Change,
    held: Held,
    terms: Terms,
    catalog: Mapping[str, Attribute],
    *,
    orders: Collection[OrderKind] = (),
    withheld: Collection[Said] = (),
) -> Plan:
    """What this change writes of this customer. `orders` stand for them; `withheld` is not written."""
    planner = _Planner(change, held, terms, catalog)
    becomes = [said for said in change.becomes if said not in withheld]
    without = "suppressed" if len(becomes) < len(change.becomes) else ""
    if OrderKind.NON_DISCLOSURE in orders or change.kind is ChangeKind.NON_DISCLOSURE:
        open_to_all = [said for said in becomes if said.kind not in WHEREABOUTS]
        without = NON_DISCLOSURE if len(open_to_all) < len(becomes) else without
        becomes = open_to_all
    for said in becomes:
        planner.becomes(said)
    for said in change.ends:
        planner.ends(said)
    return Plan(planner.values, planner.doubt, without)


class _Planner:
    def __init__(self, change: Change, held: Held, terms: Terms, catalog: Mapping[str, Attribute]) -> None:
        self._change, self._held, self._terms, self._catalog = change, held, terms, catalog
        self._country = change.country or held.country
        self._replaced: set[int] = set()
        self.values: list[ValueChange] = []
        self.doubt = ""

    def becomes(self, said: Said) -> None:
        attribute = self._catalog.get(said.attribute)
        if attribute is not None and attribute.kind is ValueKind.NAME and said.attribute in _NAMES:
            said = self._as_held(said)
        current = self._current(said.attribute)
        same = self._same(said, current)
        old = same or (self._old(said, current) if attribute is not None and attribute.many else _first(current))
        if old is not None and old is not same and self._contradicts(old):
            self.doubt = CONTRADICTION
        self._write(said, old)

    def ends(self, said: Said) -> None:
        """A value that holds no more; one that was never here, or has a successor already, ends nothing."""
        old = self._same(said, self._current(said.attribute))
        if old is not None and old.value_id not in self._replaced:
            self._write(Said(said.attribute, said.kind, "", said.shared), old)

    def _write(self, said: Said, old: HeldValue | None) -> None:
        if old is not None:
            self._replaced.add(old.value_id)
        self.values.append(
            ValueChange(
                customer_id=old.customer_id if old else self._held.shown_as,
                attribute=said.attribute,
                text=said.text,
                replaces=old.value_id if old else None,
                as_of=self._change.as_of,
                outranked_for=self._terms.outranked_for,
                shared_line=said.shared,
            )
        )

    def _current(self, attribute: str) -> list[HeldValue]:
        return [
            value
            for value in self._held.values
            if value.attribute == attribute and value.value_id not in self._replaced
        ]

    def _same(self, said: Said, current: Iterable[HeldValue]) -> HeldValue | None:
        return next((value for value in current if alike(said.kind, said.text, value.text, self._country)), None)

    def _old(self, said: Said, current: Sequence[HeldValue]) -> HeldValue | None:
        """Of several values that stand side by side the one whose place this takes: which the feed names as the old
        one, or gave itself, or, of somebody who moved, the only one.
        """
        named = [one for one in (*self._change.ends, *self._change.person) if one.attribute == said.attribute]
        for one in named:
            if (old := self._same(one, current)) is not None:
                return old
        of_this_source = [value for value in current if value.source_id == self._terms.source_id]
        if len(of_this_source) == 1:
            return of_this_source[0]
        moved = self._change.kind is ChangeKind.MOVE and said.kind == ValueKind.ADDRESS
        return current[0] if moved and len(current) == 1 else None

    def _contradicts(self, old: HeldValue) -> bool:
        """Another feed says something else as of the same instant: neither is the newer one."""
        return (
            old.source_kind is SourceKind.FEED
            and old.source_id != self._terms.source_id
            and held_since(old) == self._change.as_of
        )

    def _as_held(self, said: Said) -> Said:
        """A name in the form in which the register has it: whole where it is kept whole."""
        whole, parts = self._current(WHOLE_NAME), self._current(FAMILY_NAME)
        if (said.attribute == WHOLE_NAME and not parts) or (said.attribute != WHOLE_NAME and not whole):
            return said
        if said.attribute == WHOLE_NAME or parts:
            self.doubt = NAME_FORM  # which words of it are which nobody has said
            return said
        before = next((one.text for one in self._change.person if one.attribute == said.attribute), "")
        text = _exchanged(whole[0].text, before, said.text)
        if not text:
            self.doubt = NAME_FORM
            return said
        return Said(WHOLE_NAME, said.kind, text, said.shared)


def held_since(value: HeldValue) -> datetime:
    """As of when a value was last found true."""
    return value.confirmed_at or value.recorded_at


def alike(kind: str, one: str, other: str, country: str) -> bool:
    """Whether two spellings mean the same thing."""
    if _folded(one) == _folded(other):
        return True
    if kind == ValueKind.ADDRESS:
        return _may_be_alike(one, other) and _address(one, country) == _address(other, country)
    if kind == ValueKind.PHONE:
        return normal_value("phone", one, country=country) == (normal_value("phone", other, country=country) or other)
    if kind == ValueKind.EMAIL:
        return normal_value("email", one, country=country) == (normal_value("email", other, country=country) or other)
    return False


def _may_be_alike(one: str, other: str) -> bool:
    """Most addresses differ in their numbers: reading them is kept for those in which one's numbers are the other's."""
    first, second = set(_NUMBERS.findall(one)), set(_NUMBERS.findall(other))
    return first <= second or second <= first


def _address(text: str, country: str) -> object:
    read = identity([Said("address", ValueKind.ADDRESS.value, text)], country=country).addresses
    return read[0] if read else text


def _exchanged(whole: str, before: str, after: str) -> str:
    """The whole name with one part of it exchanged; empty where that part is not in it, or more than once."""
    words, old = whole.split(), [_folded(word) for word in before.split()]
    folded = [_folded(word) for word in words]
    places = [start for start in range(len(words)) if old and folded[start : start + len(old)] == old]
    if len(places) != 1:
        return ""
    return " ".join([*words[: places[0]], after, *words[places[0] + len(old) :]])


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _first(current: Sequence[HeldValue]) -> HeldValue | None:
    return current[0] if current else None
