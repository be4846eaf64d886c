"""What the company's connected systems hold of a person, asked for a copy: each system is a part of its own.

A system that does not answer is tried again for a day; then the copy is made without it and says so. What the systems
handed out is held in memory while the copy is written, and nowhere else.
"""

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

import orjson

from trustdesk.copies.contracts import HeldFile, Part
from trustdesk.copies.masking import Mask
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import ConnectorView, Person, Receipt, Record, Verb

LARGEST = 100_000_000
"""So many octets of mails and objects are in a copy; what is beyond is named."""
_JSON = "application/json"


@dataclass(slots=True)
class System:
    """What one connected system handed out: a row a record, with the fields of which it is known whose they are."""

    kind: str
    name: str
    rows: list[tuple[Mapping[str, object], Mapping[str, str]]] = field(default_factory=list, repr=False)
    files: list[HeldFile] = field(default_factory=list, repr=False)
    answers: dict[int, bytes] = field(default_factory=dict, repr=False)  # by row: JSON that somebody has yet to mask


@dataclass(slots=True)
class Elsewhere:
    """All of them. `missing` are those that did not answer; `next_at` when the first of these is tried again."""

    systems: list[System] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    next_at: datetime | None = None
    room: int = LARGEST


def asked(context: AccessContext, customer_id: int, *, copy_id: int, whole: bool, now: datetime) -> Elsewhere:
    """Ask every connected system, first those that did not answer the last time. `whole`: without those that do not
    answer it is worth nothing yet, so the first of them ends it.
    """
    found, key = Elsewhere(), f"copy:{to_public(copy_id)}"
    systems = outside.connectors(context)
    if not systems:
        return found
    before = outside.receipts(context, verb=Verb.EXPORT, key=key)
    person = outside.person_of(context, customer_id=customer_id)
    for one in sorted(systems, key=lambda one: _answered(before.get(one.connector_id))):
        taking = _Taking(System(f"system-{to_public(one.connector_id)}", one.name), found)
        try:
            receipt = outside.export(
                context, connector_id=one.connector_id, person=person, take=taking.take, key=key, now=now
            )
        except NotFoundError:
            continue  # taken away meanwhile
        if receipt.complete:
            found.systems.append(taking.system)
            continue
        found.missing.append(one.name)
        found.next_at = min(filter(None, (found.next_at, receipt.next_at)), default=None)
        found.room += taking.used
        if whole:
            break
    found.systems.sort(key=lambda system: system.name)
    return found


def answering(context: AccessContext, customer_id: int, names: Sequence[str], *, copy_id: int, now: datetime) -> bool:
    """Whether the systems of these names answer again, or are the company's no longer. Nothing is handed out."""
    key = f"copy:{to_public(copy_id)}"
    wanted = [one for one in outside.connectors(context) if one.name in names]
    known = outside.receipts(context, verb=Verb.FIND, key=key)
    if any(_waits(known.get(one.connector_id), now) for one in wanted):
        return False
    person = outside.person_of(context, customer_id=customer_id) if wanted else None
    return person is None or all(_answers(context, one, person, key, now) for one in wanted)


def known_there(system: System) -> Iterator[tuple[str, str]]:
    """What the system holds of the person by its own declaration: key or attribute, and text."""
    for row, own in system.rows:
        fields = _fields(row)
        yield from ((code, fields[name]) for name, code in own.items() if code and fields.get(name))


def free_texts(system: System) -> Iterator[str]:
    """Where somebody may have written of others."""
    for number, (row, own) in enumerate(system.rows):
        yield from (text for name, text in _fields(row).items() if name not in own)
        if number in system.answers:
            yield from _strings(_json(system.answers[number]))


def masked_system(system: System, mask: Mask) -> tuple[Part, list[HeldFile]]:
    """The system's part, and its files. Mails and objects stay as they are: they were exchanged with the person alone,
    or are filed under them.
    """
    part, files = Part("outside", system.kind, [], system.name), list(system.files)
    for number, (row, own) in enumerate(system.rows):
        fields = {name: text if name in own else mask.text(text) for name, text in _fields(row).items()}
        told = {**row, "fields": fields}
        if number in system.answers:
            answer = mask.value(_json(system.answers[number]))
            name = f"systems/{system.kind}/{number + 1:05}.json"
            files.append(HeldFile(name, _JSON, orjson.dumps(answer)))
            told["file"] = name
        part.rows.append(told)
    return part, files


def _fields(row: Mapping[str, object]) -> Mapping[str, str]:
    fields = row["fields"]
    return fields if isinstance(fields, Mapping) else {}


def _json(content: bytes) -> object:
    """The answer; what is no JSON is told as a text, so that it is masked too."""
    try:
        said: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        said = content.decode("utf-8", "replace")
    return said


def _strings(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        yield from (text for each in said.values() for text in _strings(each))
    elif isinstance(said, list):
        yield from (text for each in said for text in _strings(each))


def _answers(context: AccessContext, one: ConnectorView, person: Person, key: str, now: datetime) -> bool:
    return outside.find(context, connector_id=one.connector_id, person=person, key=key, now=now).complete


def _answered(receipt: Receipt | None) -> bool:
    return receipt is None or receipt.complete


def _waits(receipt: Receipt | None, now: datetime) -> bool:
    return receipt is not None and receipt.next_at is not None and receipt.next_at > now


@dataclass(slots=True)
class _Taking:
    """Takes one record after the other, while there is room for what they hold."""

    system: System
    found: Elsewhere
    used: int = 0

    def take(self, record: Record) -> None:
        """A row, and its file."""
        row: dict[str, object] = {
            "kind": self.system.kind,
            "system": self.system.name,
            "place": record.place,
            "name": record.name,
            "fields": dict(record.fields),
        }
        if record.content is not None:
            self._put(row, record, record.content)
        elif not record.fields:
            row["too_large"] = True
        self.system.rows.append((row, record.own))

    def _put(self, row: dict[str, object], record: Record, content: bytes) -> None:
        if len(content) > self.found.room:
            row["too_large"] = True
            return
        self.found.room -= len(content)
        self.used += len(content)
        if record.media_type == _JSON:
            self.system.answers[len(self.system.rows)] = content
            return
        media_type = record.media_type or mimetypes.guess_type(record.name)[0] or "application/octet-stream"
        suffix = ".eml" if media_type == "message/rfc822" else _suffix(record.name)
        name = f"systems/{self.system.kind}/{len(self.system.rows) + 1:05}{suffix}"
        self.system.files.append(HeldFile(name, media_type, content))
        row["file"] = name


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 6 else ""
