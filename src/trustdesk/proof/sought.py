"""What a search looks for, as it is sealed: at first the person, from the begin of the scan on their spellings.

The spellings are made when the scan begins: until then nothing asks for them, and there are hundreds a person.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.outside.contracts import Person as Elsewhere
from trustdesk.proof.models import Search
from trustdesk.proof.people import Known
from trustdesk.scan.api import Automaton, find, variants
from trustdesk.scan.contracts import Kind, Name, Person, Strength, Variant
from trustdesk.vault.api import Place, SealedBox, Sealer, open_many

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, opened."""

    variants: tuple[Variant, ...] = field(repr=False)
    country: str
    own: dict[str, list[str]] = field(repr=False)
    checked: list[str] = field(repr=False)
    elsewhere: Elsewhere = field(repr=False)  # as connected systems are asked
    heard: list[int] = field(default_factory=list)
    mentioned: list[int] = field(default_factory=list)

    def names(self, text: str) -> bool:
        """Whether any spelling stands in a text that somebody wrote for others: also one that alone says little."""
        return bool(find(Automaton.of(one._replace(strength=Strength.ALONE) for one in self.variants), text))


def sought_place(search_id: int) -> Place:
    return Place("proof_search", "sought", row=search_id)


def part_place(search_id: int) -> Place:
    return Place("proof_part", "reached", row=search_id)


def found_place(found_id: int) -> Place:
    return Place("proof_found", "sealed", row=found_id)


def written(known: Known) -> str:
    """As it is sealed while nothing is looked for yet."""
    content = asdict(known) | {"elsewhere": None}
    content["person"]["birth_dates"] = [day.isoformat() for day in known.person.birth_dates]
    one = known.elsewhere
    content["elsewhere"] = {"customer_id": one.customer_id, "known": dict(one.known), "former": dict(one.former)}
    return json.dumps(content)


def spelled(text: str) -> tuple[str, int]:
    """The same with the spellings in the person's place, and how many they are."""
    content = json.loads(text)
    made = variants(_person(content.pop("person")))
    content["variants"] = [[one.kind.value, one.text, one.strength.value, one.about, one.names] for one in made]
    return json.dumps(content), len(made)


def _person(said: Mapping[str, Any]) -> Person:
    texts = {key: tuple(values) for key, values in said.items() if key != "country"}
    texts |= {key: tuple(Name(**one) for one in said[key]) for key in ("names", "shared")}
    texts["birth_dates"] = tuple(date.fromisoformat(day) for day in said["birth_dates"])
    return Person(country=said["country"], **texts)


def texts_of(context: AccessContext, searches: Sequence[Search]) -> dict[int, str]:
    """What each search looks for, as it is sealed, all in one opening; without those whose key is destroyed."""
    opening = Opening("proof.sought", [search.id for search in searches], ["proof"])
    boxes = [SealedBox(one.id, SERVICE, sought_place(one.id), bytes(one.sought or b"")) for one in searches]
    texts = open_many(context, opening=opening, boxes=boxes) if boxes else []
    return {search.id: text for search, text in zip(searches, texts, strict=True) if text is not None}


def opened_many(context: AccessContext, searches: Sequence[Search]) -> dict[int, Sought]:
    """What is looked for by each search, all in one opening; without those whose key is destroyed."""
    return {search_id: _sought(text) for search_id, text in texts_of(context, searches).items()}


def opened(context: AccessContext, search: Search) -> Sought:
    """What is looked for by one. SealBrokenError where the key is destroyed: then nobody can look any more."""
    found = opened_many(context, [search])
    if search.id not in found:
        raise destroyed()
    return found[search.id]


def _sought(text: str) -> Sought:
    content = json.loads(text)
    said = (
        Variant(Kind(kind), text, Strength(strength), 0, about, tuple(names))
        for kind, text, strength, about, names in content.get("variants", ())
    )
    return Sought(
        tuple(said),
        content["country"],
        content["own"],
        content["checked"],
        Elsewhere(**content["elsewhere"]),
        content["heard"],
        content["mentioned"],
    )


def open_text(
    context: AccessContext, search_id: int, place: Place, box: bytes | memoryview | None, *, what: str
) -> str:
    """One text under the search's own key."""
    opening = Opening(what, [search_id], ["proof"])
    boxes = [SealedBox(search_id, SERVICE, place, bytes(box or b""))]
    [text] = open_many(context, opening=opening, boxes=boxes)
    if text is None:
        raise destroyed()
    return text


def seal_texts(context: AccessContext, texts: Iterable[tuple[int, Place, str]]) -> list[bytes]:
    """Texts, each under the key of the search that is named with it."""
    held = list(texts)
    with Sealer(context) as sealer:
        sealer.prepare([search_id for search_id, _place, _text in held])
        return [sealer.seal(search_id, SERVICE, place, text) for search_id, place, text in held]


def destroyed() -> SealBrokenError:
    """What is raised where nobody can look any more."""
    return SealBrokenError("The key of this search is destroyed: its certificate is issued.", place="proof")
