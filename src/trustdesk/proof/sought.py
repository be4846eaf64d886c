"""What a search looks for, as it is sealed: spellings, the data of the person's check, and what households share."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.outside.contracts import Person
from trustdesk.proof.models import Search
from trustdesk.proof.people import Known
from trustdesk.scan.api import Automaton, find
from trustdesk.scan.contracts import Kind, Strength, Variant
from trustdesk.vault.api import Place, SealedBox, Sealer, open_many

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, opened."""

    variants: tuple[Variant, ...] = field(repr=False)
    country: str
    own: dict[str, list[str]] = field(repr=False)
    checked: list[str] = field(repr=False)
    outside: list[Person] = field(default_factory=list, repr=False)  # as connected systems are asked

    def names(self, text: str) -> bool:
        """Whether any spelling stands in a text that somebody wrote for others: also one that alone says little."""
        return bool(find(Automaton.of(one._replace(strength=Strength.ALONE) for one in self.variants), text))


def sought_place(search_id: int) -> Place:
    return Place("proof_search", "sought", row=search_id)


def part_place(search_id: int) -> Place:
    return Place("proof_part", "reached", row=search_id)


def found_place(found_id: int) -> Place:
    return Place("proof_found", "sealed", row=found_id)


def written(known: Known, variants: tuple[Variant, ...], outside: Sequence[Person]) -> str:
    """As it is sealed."""
    content = {
        "variants": [[one.kind.value, one.text, one.strength.value, one.about, one.names] for one in variants],
        "country": known.country,
        "own": known.own,
        "checked": known.checked,
        "outside": [
            {"customer_id": one.customer_id, "known": dict(one.known), "former": dict(one.former)} for one in outside
        ],
    }
    return json.dumps(content)


def opened(context: AccessContext, search: Search) -> Sought:
    """What is looked for, in one opening. SealBrokenError where the key is destroyed: then nobody can look any more."""
    content = json.loads(open_text(context, search, sought_place(search.id), search.sought, what="proof.sought"))
    variants = tuple(
        Variant(Kind(kind), text, Strength(strength), 0, about, tuple(names))
        for kind, text, strength, about, names in content["variants"]
    )
    outside = [Person(**said) for said in content["outside"]]
    return Sought(variants, content["country"], content["own"], content["checked"], outside)


def open_text(
    context: AccessContext, search: Search, place: Place, box: bytes | memoryview | None, *, what: str
) -> str:
    """One text under the search's own key."""
    opening = Opening(what, [search.id], ["proof"])
    boxes = [SealedBox(search.id, SERVICE, place, bytes(box or b""))]
    [text] = open_many(context, opening=opening, boxes=boxes)
    if text is None:
        raise SealBrokenError("The key of this search is destroyed: its certificate is issued.", place="proof")
    return text


def seal_text(context: AccessContext, search: Search, place: Place, text: str) -> bytes:
    """A text under the search's own key."""
    with Sealer(context) as sealer:
        return sealer.seal(search.id, SERVICE, place, text)
