"""How numbers and addresses came to the company: what a soft opt-in rests on. The newest entry that says something."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from trustdesk.screening.engines.parts import Part
from trustdesk.screening.engines.people import rooted
from trustdesk.screening.engines.tables import Tables

if TYPE_CHECKING:
    from trustdesk.screening.engines.facts import Asking

COLLECTED: Mapping[str, str] = {
    "point_from_sale": "from_sale",
    "told_at_collection": "told",
    "refused_at_collection": "refused",
    "asked_for_contact": "asked",
}
"""Facts that ask how a point was obtained, and the columns they are read from."""


def origins(tables: Tables, asking: "Asking", root_of: ir.Table) -> Iterator[Part]:
    """What is on record of the value, and of the person as a whole."""
    entries = tables.collections
    entries = entries.filter(entries["at"] <= ibis.literal(asking.at))
    lasts = entries.asked_until.isnull() | (entries.asked_until > ibis.literal(asking.at))
    wanted = sorted(column for fact, column in COLLECTED.items() if fact in asking.needed)
    entries = entries.mutate(asked=entries.asked & lasts).select("customer_id", "value_id", "at", *wanted)
    of_value = entries.filter(entries.value_id.notnull())
    yield Part(_newest(of_value, "value_id", "value", wanted, asking), "origin", "value_id")
    of_person = rooted(entries.filter(entries.value_id.isnull()), root_of)
    yield Part(_newest(of_person, "customer_id", "person", wanted, asking), "origin", "customer_id")


def _newest(entries: ir.Table, key: str, prefix: str, wanted: list[str], asking: "Asking") -> ir.Table:
    """Instant and answer as one number: the greatest is the newest answer."""
    at = asking.micros(entries["at"])
    return entries.group_by(origin=key).agg(
        **{
            f"{prefix}_{name}": ((at << 1) + ibis.ifelse(entries[name], 1, 0)).max(where=entries[name].notnull())
            for name in wanted
        }
    )


def answer(table: ir.Table, fact: str) -> ir.BooleanValue:
    """Yes, no, or not known."""
    column = COLLECTED[fact]
    return (ibis.greatest(table[f"value_{column}"], table[f"person_{column}"]) & 1) == 1
