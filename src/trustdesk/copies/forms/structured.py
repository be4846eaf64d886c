"""The copy as JSON and as CSV: every field, as it is stored (GDPR Art. 12(3), 20(1)). The schema lies beside it."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import orjson

from trustdesk.batch.api import SafeCsvWriter
from trustdesk.copies.contracts import Document, Part
from trustdesk.kernel.clock import rfc3339

FORMAT = "trustdesk-copy"
VERSION = 1
SCHEMA = Path(__file__).parents[1] / "copy.schema.json"
_PIECE = 1 << 20


def json_pieces(document: Document) -> Iterator[bytes]:
    """One object; its parts one after another, so that a long history is never in memory as text too."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "kind": document.kind.value,
        "language": document.language,
        "controller": {"id": document.controller_id, "name": document.company},
        "customers": list(document.customers),
        "made_at": rfc3339(document.made_at),
        "blacked_out": document.masked,
        "systems": {part.kind: part.system for part in document.parts if part.system},
        "missing": list(document.missing),
        "information": [{"title": topic.title, "paragraphs": list(topic.paragraphs)} for topic in document.topics],
    }
    yield orjson.dumps(head)[:-1] + b',"data":{'
    for number, part in enumerate(document.parts):
        yield (b"," if number else b"") + orjson.dumps(part.kind) + b":["
        yield from _joined(part)
        yield b"]"
    yield b"}}"


def csv_pieces(part: Part) -> Iterator[bytes]:
    """A table: a column a field, texts as they are, times as RFC 3339, what has parts as JSON."""
    columns = list(dict.fromkeys(key for row in part.rows for key in row if key != "kind"))
    held = io.StringIO(newline="")
    writer = SafeCsvWriter(held, columns)
    for row in part.rows:
        writer.write([_cell(row.get(column)) for column in columns])
        if held.tell() > _PIECE:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def _joined(part: Part) -> Iterator[bytes]:
    for number, row in enumerate(part.rows):
        said = {key: _plain(given) for key, given in row.items() if key != "kind"}
        yield (b"," if number else b"") + orjson.dumps(said)


def _plain(given: object) -> object:
    """As the schema has it: instants in UTC, days as days, codes as texts."""
    if isinstance(given, datetime):
        return rfc3339(given)
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, str):
        return str(given)
    if isinstance(given, Mapping):
        return {str(key): _plain(each) for key, each in given.items()}
    if isinstance(given, Sequence):
        return [_plain(each) for each in given]
    return given


def _cell(given: object) -> object:
    plain = _plain(given)
    return orjson.dumps(plain).decode() if isinstance(plain, dict | list) else plain
