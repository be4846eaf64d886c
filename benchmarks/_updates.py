"""A company whose register and feeds are invented ones: its customers by a list, its changes by JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, say
from benchmarks._lists import PROCESSES
from benchmarks._register import KINDS, Row

if TYPE_CHECKING:
    from trustdesk.intake.contracts import Progress as Told
    from trustdesk.kernel.context import AccessContext
    from trustdesk.matching.contracts import Said
    from trustdesk.updates.contracts import Change, Terms, Verdict

FILE = 100_000  # rows of a list
BATCH = 1_000  # changes that are taken at once
_LIST = ("number", "given", "family", "born", "address", "email", "phone", "second", "home", "country")
_MAPPING = {
    "columns": {
        "number": "customer_number",
        "given": "given_name",
        "family": "family_name",
        "born": "birth_date",
        "address": "address",
        "email": "email",
        "phone": {"to": "phone", "label": "mobile"},
        "second": {"to": "phone", "label": "other"},
        "home": {"to": "phone", "label": "home", "shared_line": True},
        "country": ":country",
    },
    "undeclared": "refuse",
}
_PLACES = {
    "customer_number": "number",
    "given_name": "given",
    "family_name": "family",
    "birth_date": "born",
    "address": "address",
    "email": "email",
}
READING: Mapping[str, object] = {
    "columns": {
        "no": "position",
        "what": "kind",
        "when": "as_of",
        "country": "country",
        "key": "key",
        **{f"was_{attribute}": f"person:{attribute}" for attribute in KINDS},
        **{f"is_{attribute}": f"becomes:{attribute}" for attribute in KINDS},
    },
}


def fill(company: Company, rows: Iterable[Row], many: int, folder: Path) -> None:
    """All customers, as a company takes its lists in, and the statistics that the night would make."""
    from trustdesk.intake.api import import_file, mapping_from_json, save_mapping  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    mapping = mapping_from_json("register", _MAPPING)
    mapping_id = save_mapping(company.context(), mapping=mapping, now=clock.now())
    path, stream, done, added = folder / "register.csv", iter(rows), 0, 0
    shown = Progress("importing", many)
    while part := list(islice(stream, FILE)):
        write_list(path, part)

        def watch(told: "Told", before: int = done) -> None:
            shown.at(before + told.counts.rows)

        told = import_file(
            company.context(),
            path=path,
            mapping_id=mapping_id,
            source_id=company.source_id,
            now=clock.now(),
            processes=PROCESSES,
            listener=watch,
        )
        done, added = done + len(part), added + told.counts.added
    path.unlink(missing_ok=True)
    # A father and his son of one name and one line are one customer to a list: so it is with lists.
    assert added >= 0.99 * many, f"only {added} of {many} were added"
    say(f"  {added:,} customers; vacuum and analyze")
    owner_runs("VACUUM ANALYZE")


def write_list(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _LIST)
        writer.writeheader()
        for row in rows:
            writer.writerow(_listed(row))


def _listed(row: Row) -> dict[str, str]:
    found = {"country": row.country}
    for value in row.values:
        if value.attribute != "phone":
            found[_PLACES[value.attribute]] = value.text
        elif value.shared:
            found["home"] = value.text
        else:
            found["second" if "phone" in found else "phone"] = value.text
    return found


def lines(changes: "Iterable[Change]") -> bytes:
    """A feed as it is delivered."""
    return b"".join(json.dumps(_told(change), ensure_ascii=False).encode() + b"\n" for change in changes)


def _told(change: "Change") -> dict[str, str]:
    def texts(before: str, said: "Sequence[Said]") -> dict[str, str]:
        return {f"{before}_{each.attribute}": each.text for each in said}

    head = {"no": change.position, "what": str(change.kind), "when": change.as_of.isoformat()}
    whose = {"country": change.country, "key": change.key}
    return {**head, **whose, **texts("was", change.person), **texts("is", change.becomes)}


class _Stat(NamedTuple):
    st_size: int
    st_mtime_ns: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery in memory, as the readers take a file."""

    content: bytes

    @property
    def suffix(self) -> str:
        return ""

    def open(self, _mode: Literal["rb"] = "rb", /) -> BufferedReader:
        return BufferedReader(BytesIO(self.content))  # type: ignore[arg-type]  # it has all that is asked of it

    def stat(self) -> _Stat:
        return _Stat(len(self.content), 0)


def read(content: bytes, now: datetime) -> "Iterator[Change]":
    """The changes of a delivery; nothing in it may be unreadable."""
    from trustdesk.feeds.readers.formats import read as read_format  # noqa: PLC0415
    from trustdesk.feeds.readers.values import Setting  # noqa: PLC0415
    from trustdesk.updates.contracts import Change  # noqa: PLC0415

    setting = Setting(country="FI", now=now, kinds=KINDS)
    for record in read_format("jsonl", Delivered(content), READING, setting):
        assert isinstance(record, Change), record
        yield record


class Taker:
    """Takes deliveries as the house does: parsed, found, opened, logged and written, a thousand in a transaction."""

    def __init__(self, company: Company) -> None:
        from trustdesk.kernel import clock  # noqa: PLC0415
        from trustdesk.kernel.ids import new_id  # noqa: PLC0415
        from trustdesk.register.api import create_source  # noqa: PLC0415
        from trustdesk.register.contracts import NewSource, SourceKind  # noqa: PLC0415

        source = NewSource(kind=SourceKind.FEED, name="feed", legal_basis="eu-gdpr:A6-1-b")
        self.source_id = create_source(company.context(), source=source, now=clock.now())
        self._company, self._feed_id = company, new_id()

    def take(self, content: bytes) -> "list[Verdict]":
        from trustdesk.kernel import clock  # noqa: PLC0415
        from trustdesk.kernel.ids import new_id  # noqa: PLC0415
        from trustdesk.updates.api import take  # noqa: PLC0415

        changes, terms, found = read(content, clock.now()), self._terms(new_id()), []
        while batch := list(islice(changes, BATCH)):
            now = clock.now()
            found += take(house_of(self._company, now), batch, terms=terms, now=now)
        return found

    def _terms(self, delivery_id: int) -> "Terms":
        from trustdesk.updates.contracts import Terms  # noqa: PLC0415

        return Terms(feed_id=self._feed_id, delivery_id=delivery_id, source_id=self.source_id)


def house_of(company: Company, now: datetime) -> "AccessContext":
    """The company's own staff, who takes changes."""
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    return system_context(company.controller_id, purpose="records", now=now, on_behalf_of=0)
