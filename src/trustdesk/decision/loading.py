"""Packs from a folder: read, held against the schema, put into their frozen form, or refused with place and reason."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trustdesk.decision import entries
from trustdesk.decision.contracts import BASE, BASE_ZONE, BrokenPackError, Entry, Packs, RulePack
from trustdesk.decision.entries import Context, Item
from trustdesk.decision.messages import FORM, OTHER_FORM, gettext_noop
from trustdesk.decision.publicholidays import keeps_holidays
from trustdesk.decision.source import Path, Source, read

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMA = FilePath(__file__).parent.parent / "rulepacks" / "schema.json"

_STRANGE = ("not", "additionalProperties", "unevaluatedProperties")  # the schema's ways to forbid a word

T = TypeVar("T", bound=Entry)


def load_packs(folder: FilePath) -> Packs:
    """All packs of a folder, under one digest over their bytes."""
    packs: dict[str, RulePack] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise BrokenPackError(gettext_noop("The file can't be read as UTF-8 text."), place=path.name) from None
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
        source = read(text, path.name)
        pack = _pack(source)
        if pack.jurisdiction in packs:
            source.refuse(("jurisdiction",), gettext_noop("Another file has a pack for it already."))
        packs[pack.jurisdiction] = pack
    if BASE not in packs:
        message = gettext_noop("The European base is missing.")
        raise BrokenPackError(message, place=folder.name, mend="eu.yaml")
    _refuse_twins(packs)
    return Packs(by_jurisdiction=packs, digest=digest.hexdigest())


def check_form(source: Source, definition: str = "") -> None:
    """Raise BrokenPackError at the first place, from the top, that does not keep to the schema."""
    errors = _validator(definition).iter_errors(source.value)
    faults = [_deepest(error) for error in errors if not _follows(error)]
    if not faults:
        return
    # An unknown word before what is missing because of it, then from the top of the file.
    first = min(faults, key=lambda error: (error.validator not in _STRANGE, source.at(_place(error))))
    word = "additionalProperties" if first.validator in _STRANGE else str(first.validator)
    source.refuse(_place(first), FORM.get(word, OTHER_FORM), mend=first.message)


def entries_of(
    source: Source, word: str, make: Callable[[Context, Path, Item], T], context: Callable[[Path, Item], Context]
) -> tuple[T, ...]:
    """The entries under a word of the file, in its order; an id stands once."""
    found: dict[str, T] = {}
    for index, item in enumerate(source.value.get(word, ())):
        made = make(context((word, index), item), (word, index), item)
        if made.id in found:
            source.refuse((word, index, "id"), gettext_noop("This id stands twice."))
        found[made.id] = made
    return tuple(found.values())


def _pack(source: Source) -> RulePack:
    check_form(source)
    value = source.value
    zones = tuple(value["time_zones"])
    _check_place(source, zones)
    as_of = entries.day(source, ("as_of",), value["as_of"])
    shared = Context(source, value["jurisdiction"], as_of, zones[0] if zones else BASE_ZONE, value["sources"])

    def part(word: str, make: Callable[[Context, Path, Item], T]) -> tuple[T, ...]:
        return entries_of(source, word, make, lambda _path, _item: shared)

    return RulePack(
        jurisdiction=shared.jurisdiction,
        as_of=as_of,
        time_zones=zones,
        sources=value["sources"],
        regions=tuple(value.get("regions", ())),
        rules=part("rules", entries.rule),
        duties=part("duties", entries.duty),
        windows=part("windows", entries.window),
        attempts=part("attempts", entries.attempts),
        evidence=part("evidence", entries.evidence),
        outside_lists=part("outside_lists", entries.outside_list),
        consent_age=part("consent_age", entries.consent_age),
        absences=part("absences", entries.absence),
        recordings=part("recordings", entries.recording),
        complaints=part("complaints", entries.complaint),
    )


def _check_place(source: Source, zones: tuple[str, ...]) -> None:
    """A country has a time zone and public holidays, or hours could not be decided there."""
    jurisdiction = source.value["jurisdiction"]
    for index, zone in enumerate(zones):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            source.refuse(("time_zones", index), gettext_noop("There is no such time zone."))
    if jurisdiction == BASE:
        return
    if not zones:
        source.refuse(("time_zones",), gettext_noop("A country needs its time zones."))
    if not keeps_holidays(jurisdiction, ""):
        source.refuse(("jurisdiction",), gettext_noop("The public holidays of this country are not known."))
    for index, region in enumerate(source.value.get("regions", ())):
        if not keeps_holidays(jurisdiction, region):
            source.refuse(("regions", index), gettext_noop("The public holidays of this region are not known."))


def _refuse_twins(packs: Mapping[str, RulePack]) -> None:
    """A verdict names rules by their id: one id, one entry, over all files."""
    seen: set[str] = set()
    for pack in packs.values():
        for entry in pack.entries():
            if entry.id in seen:
                raise BrokenPackError(gettext_noop("This id stands twice."), place=entry.id)
            seen.add(entry.id)


@cache
def _validator(definition: str) -> "Draft202012Validator":
    # Only who loads packs waits for it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    if definition:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(schema)


def _deepest(error: "ValidationError") -> "ValidationError":
    """Of alternatives that all failed, the one that came furthest: it is what was meant."""
    while error.context:
        error = max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator != "const"))
    return error


def _follows(error: "ValidationError") -> bool:
    """An entry that does not fit leaves all its words unread, its id too: that is no fault of theirs."""
    return error.validator == "unevaluatedProperties" and "'id'" in error.message


def _place(error: "ValidationError") -> Path:
    """Where it is wrong: the unknown word itself, where one is too many."""
    path = tuple(error.absolute_path)
    if error.validator in _STRANGE and isinstance(error.instance, dict):
        return (*path, *[word for word in error.instance if f"'{word}'" in error.message][:1])
    return path
