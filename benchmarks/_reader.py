"""The Python reader on a whole list: facts put together person by person, as one reads the law, and then the rules.

Slow and plain on purpose. It reads a snapshot's files, so it sees what the engines see, and shares no line with them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trustdesk.clearance.api import CountedList, SetQuestion
from trustdesk.decision.api import mask

Key = tuple[int, int, int, int]
Row = dict[str, Any]
_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
_SAID = {"given", "refused", "withdrawn", "expired"}
_AUDIENCES = {"person": "consumer"}
_COLLECTED = {
    "point_from_sale": "from_sale",
    "told_at_collection": "told",
    "refused_at_collection": "refused",
    "asked_for_contact": "asked",
}
_ASKED_OF_CUSTOMERS = [
    "id",
    "kind",
    "country",
    "merged_into",
    "restricted_at",
    "customer_since",
    "last_sale_date",
    "product_groups",
]


@dataclass(slots=True)
class Person:
    """All that is on record of somebody, those merged into them included."""

    root: Row | None = None
    members: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    objections: list[Row] = field(default_factory=list)
    collections: list[Row] = field(default_factory=list)


class Reader:
    """One question to one snapshot."""

    def __init__(self, folder: Path, question: SetQuestion) -> None:
        self._folder, self._question = folder, question
        self._at = question.program.question.at
        self._product = question.program.question.about.get("product")

    def masks(self) -> Iterator[tuple[Key, int]]:
        """The key of each verdict, and its mask."""
        rows = self._rows()
        holders = self._holders(rows)
        self._people(holders)
        self._suppressed = self._acts("suppressions", "token")
        self._restricted = set(self._table("restricted")["id"].to_pylist())
        self._hits = self._entries()
        wanted = set(self._question.program.facts)
        for row in rows:
            for point in holders.get(row["token"], [None]):
                key, facts = self._facts(row, point)
                known = {name: value for name, value in facts.items() if name in wanted}
                yield key, mask(self._question.program, known)

    def _table(self, name: str, where: pc.Expression | None = None) -> pa.Table:
        return pq.read_table(self._folder / f"{name}.parquet", filters=where)

    def _rows(self) -> list[Row]:
        kind = pc.field("kind") == self._question.kind.value
        found = self._table("rows", kind & pc.field("token").is_valid())
        return list(found.select(["row_number", "column_number", "country", "token", "hashed", "domain"]).to_pylist())

    def _holders(self, rows: list[Row]) -> dict[bytes, list[Row]]:
        points = self._table("points", pc.field("kind") == self._question.kind.value)
        asked = pa.array([row["token"] for row in rows], pa.binary())
        points = points.filter(pc.is_in(points["token"], value_set=asked))
        found: dict[bytes, list[Row]] = defaultdict(list)
        for point in points.select(["customer_id", "value_id", "country", "token"]).to_pylist():
            found[point["token"]].append(point)
        return found

    def _people(self, holders: Mapping[bytes, list[Row]]) -> None:
        customers = self._table("customers")
        merged = customers.filter(pc.is_valid(customers["merged_into"]))
        self._root: dict[int, int] = dict(zip(merged["id"].to_pylist(), merged["merged_into"].to_pylist(), strict=True))
        self._person: dict[int, Person] = {}
        for points in holders.values():
            for point in points:
                self._person.setdefault(self._root_of(point), Person())
        self._wanted = pa.array(self._person, pa.int64())
        theirs = customers.filter(self._theirs(pc.coalesce(customers["merged_into"], customers["id"])))
        for customer in _each(theirs.select(_ASKED_OF_CUSTOMERS)):
            person = self._person[customer["merged_into"] or customer["id"]]
            person.members.append(customer)
            if customer["merged_into"] is None:
                person.root = customer
        # Those who were merged count as whom they were merged into: their acts are wanted too.
        members = [root in self._person for root in self._root.values()]
        merged_ids = pa.array(self._root, pa.int64()).filter(pa.array(members, pa.bool_()))
        self._wanted = pa.concat_arrays([self._wanted, merged_ids])
        question = self._question
        own = pc.field("channel") == question.program.question.channel.value
        ends = (pc.field("channel") == "") & pc.field("state").isin(["refused", "withdrawn", "expired"])
        about = (pc.field("purpose_id") == question.purpose.purpose_id) & (own | ends)
        self._give("events", about)
        self._give("objections", self._in_scope())
        self._give("collections", None)

    def _in_scope(self) -> pc.Expression:
        purpose = self._question.purpose
        return (
            (pc.field("purpose_id").is_null() | (pc.field("purpose_id") == purpose.purpose_id))
            & pc.field("purpose_kind").isin(["", purpose.kind.value])
            & pc.field("channel").isin(["", self._question.program.question.channel.value])
        )

    def _give(self, name: str, where: pc.Expression | None) -> None:
        found = self._table(name, where)
        for row in _each(found.filter(self._theirs(found["customer_id"]))):
            person = self._person[self._root_of(row)]
            if row["at"] <= max(self._at, row.get("recorded_at") or self._at):
                getattr(person, name).append(row)

    def _root_of(self, row: Row) -> int:
        customer_id: int = row["customer_id"]
        return self._root.get(customer_id, customer_id)

    def _theirs(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Which rows are about somebody who is wanted."""
        return pc.is_in(ids, value_set=self._wanted)

    def _acts(self, name: str, key: str) -> dict[bytes, list[Row]]:
        found: dict[bytes, list[Row]] = defaultdict(list)
        for row in self._table(name, self._in_scope()).to_pylist():
            if row["at"] <= max(self._at, row["recorded_at"]):
                found[row[key]].append(row)
        return found

    def _entries(self) -> dict[int, set[bytes]]:
        found: dict[int, set[bytes]] = defaultdict(set)
        for row in self._table("entries").to_pylist():
            found[row["load_id"]].add(row["token"])
        return found

    def _facts(self, row: Row, point: Row | None) -> tuple[Key, dict[str, Any]]:
        customer_id = self._root_of(point) if point else 0
        person = self._person[customer_id] if point else Person()
        value_id = point["value_id"] if point else 0
        root = person.root or {}
        country = (point["country"] if point else None) or row["country"]
        acted = max((event["at"] for event in person.events if _own_act(event)), default=_BEFORE_ALL)
        consent, word = self._standing(person)
        given = consent == "given"
        facts: dict[str, Any] = {
            "country": root.get("country") or None,
            "point_country": country,
            "audience": _AUDIENCES.get(root["kind"], root["kind"]) if root else None,
            "restricted": any(one["restricted_at"] for one in person.members) or value_id in self._restricted,
            "erased": bool(customer_id) and not root,
            "consent": consent,
            "consent_express": bool(given and word and word["express"]),
            "consent_at": word["at"] if given and word else None,
            "consent_until": word["until"] if given and word else None,
            "age_ok": word["of_age"] if given and word else True,
            "objected": _stands(person.objections, "objected", acted),
            "suppressed": _stands(self._suppressed.get(row["token"], []), "suppressed", acted),
            "existing_customer": any(one["customer_since"] or one["last_sale_date"] for one in person.members),
            "similar_products": self._similar(root),
            "lia_done": self._question.purpose.assessed(self._at),
        }
        facts |= {name: self._collected(person, value_id, column) for name, column in _COLLECTED.items()}
        lists, on_an_own = self._lists(row, {root.get("country") or None, country} - {None})
        facts |= lists
        facts["suppressed"] |= on_an_own and not given
        return (row["row_number"], row["column_number"], value_id, customer_id), facts

    def _standing(self, person: Person) -> tuple[str, Row | None]:
        said = [event for event in person.events if event["state"] in _SAID]
        word = max(said, key=lambda event: (event["at"], event["strictness"]), default=None)
        if word and word["state"] in {"refused", "withdrawn"}:
            return word["state"], word
        if word and word["state"] == "given" and not self._ended(word):
            return "given", word
        presumed = [event["at"] for event in person.events if event["state"] == "presumed" and not self._ended(event)]
        end = None if word is None else word["until"] if word["state"] == "given" else word["at"]
        if presumed and (end is None or max(presumed) > end):
            return "presumed", word
        if word:
            return "expired", word
        return "requested" if any(event["state"] == "requested" for event in person.events) else "none", None

    def _ended(self, event: Row) -> bool:
        return event["until"] is not None and event["until"] <= self._at

    def _similar(self, root: Row) -> bool | None:
        groups = root.get("product_groups")
        return self._product in groups if self._product is not None and groups else None

    def _collected(self, person: Person, value_id: int, column: str) -> bool | None:
        newest: Row | None = None
        for entry in person.collections:
            if entry["value_id"] not in {None, value_id} or entry[column] is None:
                continue
            if newest is None or (entry["at"], entry["id"]) > (newest["at"], newest["id"]):
                newest = entry
        if newest is None:
            return None
        over = newest["asked_until"] is not None and newest["asked_until"] <= self._at
        return bool(newest[column]) and not (column == "asked" and over)

    def _lists(self, row: Row, countries: set[Any]) -> tuple[dict[str, Any], bool]:
        """What rules ask of lists; and whether the row is on a list of the company's own."""
        counting = [one for one in self._question.lists if not one.country or one.country in countries]
        ends = [one.ends_at for one in counting if one.ends_at is not None]
        on = [one for one in counting if one.load_id is not None and self._tokens(row, one) & self._hits[one.load_id]]
        facts = {
            "listed": any(not one.own for one in on),
            "list_current": all(one.current for one in counting),
            "list_current_until": min(ends, default=None),
        }
        return facts, any(one.own for one in on)

    def _tokens(self, row: Row, one: CountedList) -> set[bytes]:
        return {row["hashed"], row["domain"]} - {None} if one.hashed else {row["token"]}


def _each(table: pa.Table) -> Iterator[Row]:
    """Row by row, a part of them at a time as Python's objects."""
    for batch in table.to_batches(max_chunksize=100_000):
        yield from batch.to_pylist()


def _own_act(event: Row) -> bool:
    return event["state"] == "given" and event["by"] in {"person", "guardian"} and event["method"] != "import"


def _stands(acts: list[Row], act: str, acted: datetime) -> bool:
    """Whether it was done, and nothing later lifts it."""
    done = [one["at"] for one in acts if one["act"] == act]
    lifted = max((one["at"] for one in acts if one["act"] == "lifted"), default=_BEFORE_ALL)
    return bool(done) and max(done) >= max(lifted, acted)
