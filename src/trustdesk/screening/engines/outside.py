"""Lists that others keep: who stands on one, and whether each is fresh enough to say so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from trustdesk.screening.engines.parts import FALSE, NO_INSTANT, TRUE, Part, no_if_null
from trustdesk.screening.engines.tables import Tables

if TYPE_CHECKING:
    from trustdesk.screening.engines.facts import Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUse:
    """One outside list that may count. `country` empty: everywhere; `load_id` None: it was never loaded.

    `hashed`: it holds digests of addresses and of their domains. `current`: fresh enough at the instant asked about,
    and until when (`ends_at`). The company's own lists (`own`) are always current; no rule asks for them.
    """

    load_id: int | None
    country: str
    hashed: bool
    current: bool
    ends_at: datetime | None
    own: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """By which tokens of a cell it is asked."""
        return ("hashed", "domain") if self.hashed else ("token",)


def hits(tables: Tables, asking: "Asking") -> Iterator[Part]:
    """Who stands on each list that the rules ask for."""
    entries = tables.entries
    for place, use in enumerate(asking.lists):
        if use.load_id is None or ("suppressed" if use.own else "listed") not in asking.needed:
            continue
        listed = entries.filter(entries.load_id == use.load_id)
        for column in use.columns:
            yield Part(listed.select(entry=listed.token, **{f"hit_{place}_{column}": TRUE}), "entry", column)


def listed(table: ir.Table, asking: "Asking") -> ir.BooleanValue:
    """On a list that a rule asks for, of a country that counts."""
    return _on(table, asking, own=False)


def on_an_own_list(table: ir.Table, asking: "Asking") -> ir.BooleanValue:
    """On a list of the company's own, for a country that counts."""
    return _on(table, asking, own=True)


def _on(table: ir.Table, asking: "Asking", *, own: bool) -> ir.BooleanValue:
    return _any(
        _counts(table, use) & _any(no_if_null(table[f"hit_{place}_{column}"]) for column in use.columns)
        for place, use in enumerate(asking.lists)
        if use.load_id is not None and use.own is own
    )


def current(table: ir.Table, asking: "Asking") -> ir.BooleanValue:
    """No list that counts is stale."""
    return ~_any(_counts(table, use) for use in asking.lists if not use.current)


def current_until(table: ir.Table, asking: "Asking") -> ir.TimestampValue:
    """When the first of those that count ceases to be fresh."""
    ends = [
        ibis.ifelse(_counts(table, use), ibis.literal(use.ends_at), NO_INSTANT)
        for use in asking.lists
        if use.ends_at is not None
    ]
    return ibis.least(*ends) if ends else NO_INSTANT


def _any(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, conditions, FALSE)


def _counts(table: ir.Table, use: ListUse) -> ir.BooleanValue:
    """Whether the list is one of a country that counts for the row: the person's, or the number's."""
    if not use.country:
        return TRUE
    return no_if_null(table.person_country == use.country) | no_if_null(table.point_country == use.country)
