"""The columns that verdicts are made of, by table: what an engine reads, and all that a snapshot ever holds.

Identifiers, keyed tokens, codes and instants. Nothing here can be read back into a number, an address or a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

_INSTANT = "timestamp('UTC', 6)"
CONTROLLER = "controller_id"


@dataclass(frozen=True, slots=True)
class Read:
    """One table as the engines see it. `where`: only these of a company's rows, in SQL."""

    table: str
    columns: Mapping[str, str]
    where: str = ""


READS: Mapping[str, Read] = {
    "rows": Read(
        "screening_row",
        {
            "list_id": "int64",
            "row_number": "int64",
            "column_number": "int16",
            "kind": "string",
            "country": "string",
            "token": "binary",
            "older": "array<binary>",
            "hashed": "binary",
            "domain": "binary",
            "customer_id": "int64",
        },
    ),
    "points": Read(
        "clearance_point",
        {
            "customer_id": "int64",
            "value_id": "int64",
            "version": "int16",
            "level": "int16",
            "kind": "string",
            "country": "string",
            "token": "binary",
            "hashed": "binary",
            "domain": "binary",
        },
    ),
    "customers": Read(
        "register_customer",
        {
            "id": "int64",
            "kind": "string",
            "country": "string",
            "merged_into": "int64",
            "restricted_at": _INSTANT,
            "customer_since": "date",
            "last_sale_date": "date",
            "product_groups": "array<string>",
            "source_id": "int64",
            "collected_at": _INSTANT,
        },
    ),
    "sources": Read("register_source", {"id": "int64", "kind": "string"}),
    "restricted": Read("register_value", {"customer_id": "int64", "id": "int64"}, where="restricted_at IS NOT NULL"),
    "events": Read(
        "clearance_consent_event",
        {
            "customer_id": "int64",
            "purpose_id": "int64",
            "channel": "string",
            "state": "string",
            "strictness": "int16",
            "at": _INSTANT,
            "until": _INSTANT,
            "express": "boolean",
            "of_age": "boolean",
            "by": "string",
            "method": "string",
            "recorded_at": _INSTANT,
        },
    ),
    "objections": Read(
        "clearance_objection",
        {
            "customer_id": "int64",
            "act": "string",
            "purpose_id": "int64",
            "purpose_kind": "string",
            "channel": "string",
            "at": _INSTANT,
            "recorded_at": _INSTANT,
        },
    ),
    "suppressions": Read(
        "clearance_suppression",
        {
            "token": "binary",
            "act": "string",
            "purpose_id": "int64",
            "purpose_kind": "string",
            "channel": "string",
            "at": _INSTANT,
            "recorded_at": _INSTANT,
        },
    ),
    "entries": Read("clearance_outside_entry", {"load_id": "int64", "token": "binary"}),
    "collections": Read(
        "clearance_collection",
        {
            "customer_id": "int64",
            "id": "int64",
            "value_id": "int64",
            "from_sale": "boolean",
            "told": "boolean",
            "refused": "boolean",
            "asked": "boolean",
            "asked_until": _INSTANT,
            "at": _INSTANT,
        },
    ),
}


class Tables(NamedTuple):
    """The tables of one company, wherever they are."""

    rows: ir.Table
    points: ir.Table
    customers: ir.Table
    sources: ir.Table
    restricted: ir.Table
    events: ir.Table
    objections: ir.Table
    suppressions: ir.Table
    entries: ir.Table
    collections: ir.Table


def live(controller_id: int) -> Tables:
    """PostgreSQL's own tables. The policies alone decide what is seen; the controller is named for the indexes."""
    made = {}
    for name, read in READS.items():
        more = {"restricted_at": _INSTANT} if name == "restricted" else {}
        table = ibis.table({CONTROLLER: "int32", **read.columns, **more}, name=read.table)
        found = table.filter(table[CONTROLLER] == controller_id)
        if name == "restricted":
            found = found.filter(found.restricted_at.notnull())
        made[name] = found.select(*read.columns)
    return Tables(**made)


def copied() -> Tables:
    """The tables of a snapshot, by their names here. One company is all there is in it."""
    return Tables(**{name: ibis.table(read.columns, name=name) for name, read in READS.items()})
