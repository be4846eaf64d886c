"""What every capability hands out of a person, in one place: through the privacy registry, masked, nothing left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.accounts.api import operators
from trustdesk.copies.contracts import HeldFile, Kind, Part
from trustdesk.copies.elsewhere import System, free_texts, known_there, masked_system
from trustdesk.copies.masking import Mask, Person
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.register.api import companions, known_names, shown_as_one
from trustdesk.register.contracts import ValueKind
from trustdesk.vault.api import normal_value, phone_country

Row = Mapping[str, object]

# They stand below the register and know no more than one number: each of those who are shown as one is asked for.
_BY_NUMBER = frozenset({"audit"})
# Where somebody of the staff wrote freely, or a number stands that may be another's.
_FREE: Mapping[str, frozenset[str]] = {
    "note": frozenset({"text"}),
    "conversation-note": frozenset({"text"}),
    "conversation-party": frozenset({"text"}),
    "follow-up": frozenset({"text"}),
    "complaint": frozenset({"text"}),
    "complaint-reply": frozenset({"text"}),
    "merge": frozenset({"reason"}),
}
_OF_VALUES = frozenset({"label"})
_NAMES = frozenset({"name", "given_name", "family_name"})
# What the person provided or what their use of the service left (GDPR Art. 20(1); WP 242 rev.01, p. 10).
_PROVIDED = frozenset({"value", "consent", "objection", "conversation", "interaction", "call", "recording"})
_ON_CONSENT_OR_CONTRACT = ("eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The parts of a copy in the registry's order, then one a connected system; and how often was blacked out."""

    parts: list[Part]
    files: list[HeldFile]
    masked: int


def gathered(
    context: AccessContext, customer_id: int, kind: Kind, *, systems: Sequence[System] = (), now: datetime
) -> Gathered:
    """Everything that is told, other people's data blacked out."""
    found = [
        (capability, [row for row in rows if kind is Kind.ACCESS or _portable(row)])
        for capability, rows in _exports(context, customer_id)
    ]
    every = [row for _capability, rows in found for row in rows]
    mask = _mask(context, customer_id, every, [pair for system in systems for pair in known_there(system)], now=now)
    mask.learn([*_texts(every), *(text for system in systems for text in free_texts(system))])
    parts: dict[str, Part] = {}
    for capability, rows in found:
        for row in rows:
            name = str(row["kind"])
            parts.setdefault(name, Part(capability, name, [])).rows.append(_masked(mask, row))
    there = [masked_system(system, mask) for system in systems]
    return Gathered(
        parts=[*parts.values(), *(part for part, _files in there if part.rows)],
        files=[file for _part, files in there for file in files],
        masked=mask.count,
    )


def _exports(context: AccessContext, customer_id: int) -> Iterator[tuple[str, list[Row]]]:
    ids = shown_as_one(context, customer_id)
    for capability, declaration in registries.privacy:
        if declaration.export is not None:
            asked = ids if capability in _BY_NUMBER else ids[:1]
            yield capability, [row for each in asked for row in declaration.export(context, each)]


def _portable(row: Row) -> bool:
    if row["kind"] == "value":
        return row["source_kind"] == "direct" and str(row["legal_basis"]).startswith(_ON_CONSENT_OR_CONTRACT)
    return row["kind"] in _PROVIDED


def _free(row: Row) -> frozenset[str]:
    if row["kind"] == "value":
        return _OF_VALUES | {"text"} if row["attribute_kind"] == ValueKind.TEXT else _OF_VALUES
    return _FREE.get(str(row["kind"]), frozenset())


def _masked(mask: Mask, row: Row) -> Row:
    free = _free(row)
    return {key: mask.value(given) if key in free else given for key, given in row.items()}


def _texts(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for key in _free(row):
            yield from _strings(row.get(key))


def _strings(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for each in given.values():
            yield from _strings(each)


def _mask(
    context: AccessContext, customer_id: int, rows: Sequence[Row], there: Sequence[tuple[str, str]], *, now: datetime
) -> Mask:
    """`there`: values of the person that only connected systems hold, by what they are."""
    company = controller(context.controller_id)
    values = [(ValueKind(str(row["attribute_kind"])), str(row["text"])) for row in rows if _is_open_value(row)]
    own = [text for kind, text in values if kind is not ValueKind.TEXT]
    names = [text for kind, text in values if kind is ValueKind.NAME]
    places = [text for kind, text in values if kind in {ValueKind.ADDRESS, ValueKind.PLACE}]
    phones = [text for kind, text in values if kind is ValueKind.PHONE]
    names += [text for code, text in there if code in _NAMES]
    beside = companions(context, customer_id, points=values, now=now)
    person = Person(
        names=frozenset(_words([*names, company.name])),
        places=frozenset(_words(places)),
        emails=frozenset(
            text.casefold()
            for text in [*(text for kind, text in values if kind is ValueKind.EMAIL), *(text for _code, text in there)]
        ),
        numbers=frozenset(
            _numbers([*own, *_references(rows), *(text for _code, text in there)], country=company.country)
        ),
        others=frozenset(_words([*(hit.name for hit in beside), *(each.name for each in operators())])),
        regions=sorted({company.country, *filter(None, map(phone_country, phones))}),
    )
    return Mask(person, lambda words: known_names(context, words, besides=customer_id))


def _is_open_value(row: Row) -> bool:
    return row["kind"] == "value" and row["text"] is not None


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from text.replace(",", " ").replace(".", " ").split()


def _references(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield from (str(row[key]) for key in ("reference", "number") if row.get(key))


def _numbers(texts: Iterable[str], *, country: str) -> Iterator[str]:
    for text in texts:
        yield "".join(letter for letter in text if letter.isalnum()).upper()
        phone = normal_value("phone", text, country=country) if any(map(str.isdigit, text)) else ""
        if phone:
            yield phone.removeprefix("+")
