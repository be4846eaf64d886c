"""A copy as people read it: headings, entries and what stands in them, as text in the person's language.

Page and paper print the same sections, so that neither says what the other leaves out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from trustdesk.copies.contracts import Part
from trustdesk.copies.information import basis
from trustdesk.copies.wordings import said
from trustdesk.copies.words import KINDS, LABELS, Shown

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it begins with, its labelled fields, and its text."""

    head: str
    pairs: Sequence[tuple[str, str]]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of row. `key` names it in addresses within the page."""

    key: str
    title: str
    entries: Sequence[Entry]


def sections(parts: Sequence[Part], *, zone: ZoneInfo, purposes: Mapping[str, str]) -> Iterator[Section]:
    """The parts in the order in which they are read; kinds that nobody has described come last, with all their fields.

    `purposes` name the company's declared purposes by their codes.
    """
    by_kind = {part.kind: part for part in parts if not part.system}
    for kind in [*KINDS, *(name for name in by_kind if name not in KINDS)]:
        part = by_kind.get(kind)
        if part is not None and part.rows:
            shown = KINDS.get(kind) or Shown(kind, (), tuple(part.rows[0]))
            reader = _Reader(kind, shown, zone, purposes)
            yield Section(kind, _(shown.title), [reader.entry(row) for row in part.rows])
    for part in parts:
        if part.system and part.rows:
            title = _("In the system %(name)s") % {"name": part.system}
            yield Section(part.kind, title, [_of_system(row) for row in part.rows])


def _of_system(row: Row) -> Entry:
    """A record of a connected system: its fields are named as they are there."""
    fields = row["fields"] if isinstance(row["fields"], Mapping) else {}
    pairs = [(name, str(text)) for name, text in fields.items() if name != "text"]
    if row.get("file"):
        pairs.append((_("File in this copy"), str(row["file"])))
    if row.get("too_large"):
        pairs.append((_("File in this copy"), _("too large to be put in; ask for it")))
    head = " · ".join(str(row[part]) for part in ("place", "name") if row[part])
    return Entry(head, pairs, str(fields.get("text", "")))


@dataclass(frozen=True, slots=True)
class _Reader:
    kind: str
    shown: Shown
    zone: ZoneInfo
    purposes: Mapping[str, str]

    def entry(self, row: Row) -> Entry:
        if self.kind == "consent":
            return self._consent(row["record"])  # type: ignore[arg-type]  # a record is a mapping
        head = " · ".join(filter(None, (self._said(name, row.get(name)) for name in self.shown.head)))
        pairs = [(_(LABELS.get(name, name)), self._said(name, row.get(name))) for name in self.shown.pairs]
        return Entry(head, [pair for pair in pairs if pair[1]], self._text(row.get(self.shown.text)))

    def _said(self, name: str, given: object) -> str:
        if name == "purpose" and isinstance(given, str) and given in self.purposes:
            return self.purposes[given]
        if name == "legal_basis" and isinstance(given, str):
            return basis(given)
        if name == "text" and given is None:
            return _("no longer readable: its key is destroyed")
        return said(self.kind, name, given, self.zone)

    def _text(self, given: object) -> str:
        if isinstance(given, Mapping):
            return "\n".join(
                f"{said(self.kind, 'minutes', key, self.zone)}: {each}" for key, each in given.items() if each
            )
        if given is None:
            return _("no longer readable: its key is destroyed") if self.shown.text == "text" else ""
        return str(given)

    def _consent(self, record: Mapping[str, Any]) -> Entry:
        process = record["dpv:hasProcess"]
        purpose = process["dpv:hasPurpose"]
        channel = said("consent", "channel", process["td:channel"], self.zone)
        code = str(purpose["dct:identifier"])
        head = " · ".join(filter(None, (self.purposes.get(code, str(purpose["dct:title"])), channel)))
        return Entry(head, [pair for status in record["dpv:hasConsentStatus"] for pair in self._status(status)])

    def _status(self, status: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        state = said("consent", "status", str(status["@type"][0]).rpartition(":")[2], self.zone)
        at = str(status["dpv:isIndicatedAtTime"])
        told = [self._instant(at), said("consent", "method", status["dpv:hasIndicationMethod"], self.zone)]
        words = status.get("td:words")
        yield state, ", ".join(filter(None, told)) + (f": {words}" if words else "")

    def _instant(self, text: str) -> str:
        return said(self.kind, "at", datetime.fromisoformat(text), self.zone)
