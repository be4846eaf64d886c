"""Parts that are laid beside the cells of a list: each comes to one row per key, and all are joined in one chain."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

FALSE = ibis.literal(False)
TRUE = ibis.literal(True)
NO_INSTANT = ibis.null("timestamp('UTC', 6)")


class Part(NamedTuple):
    """`on` is the part's key, `key` the column of the cells it is alike to. Other columns have names of their own."""

    table: ir.Table
    on: str
    key: str


def beside(cells: ir.Table, parts: Iterable[Part]) -> ir.Table:
    """The cells with every column of the parts; NULL where a part has no row for them."""
    left = cells.select(*cells.columns)  # one relation, so that Ibis joins by its columns
    chain, added = left, []
    for number, part in enumerate(parts):
        on = f"on_{number}"
        chain = chain.left_join(part.table.rename(**{on: part.on}), [(part.key, on)])
        added += [column for column in part.table.columns if column != part.on]
    return chain.select(*left.columns, *added)


def no_if_null(value: ir.BooleanValue) -> ir.BooleanValue:
    """False where it is not known."""
    return ibis.coalesce(value, FALSE)


def said_by(table: ir.Table, at: datetime) -> ir.BooleanValue:
    """What was said until the instant; and what was recorded since, by a clock that may be ahead of ours."""
    return (table["at"] <= ibis.literal(at)) | (table["at"] <= table.recorded_at)
