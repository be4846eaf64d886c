"""The facts of every cell of a list, as one expression: what `clearance` reads of one person, set-wise.

Each part comes to one row per person, number or value before it is joined, and only the parts that the rules ask for
are there. Whoever was merged counts as the one they were merged into.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import ibis
import ibis.expr.types as ir

from trustdesk.screening.engines.consents import consents
from trustdesk.screening.engines.origins import COLLECTED, answer, origins
from trustdesk.screening.engines.outside import ListUse, current, current_until, hits, listed, on_an_own_list
from trustdesk.screening.engines.parts import NO_INSTANT, TRUE, Part, beside, no_if_null
from trustdesk.screening.engines.people import cells, extras, known, objected, roots, suppressed
from trustdesk.screening.engines.tables import Tables

KEY = ("row_number", "column_number", "value_id", "customer_id")
"""By which a verdict is kept: the cell, and the value and person found by it (0: nobody)."""

Micros = Callable[[ir.TimestampColumn], ir.IntegerColumn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question to one list, with all that is the same for every row.

    `needed` are the facts that the rules ask for. `level` and `version` are those of the list's tokens, `older` says
    how many older versions its cells carry. `micros` is the engine's word for the microseconds of an instant.
    """

    list_id: int
    channel: str
    kind: str
    purpose_id: int
    purpose_kind: str
    at: datetime
    needed: frozenset[str]
    lists: tuple[ListUse, ...]
    constants: dict[str, object]
    product: str | None
    level: int
    version: int
    older: int
    numbers: bool
    customers: bool
    micros: Micros

    @property
    def own_coming_counts(self) -> bool:
        """A contract made later than a suppression is an act of the person: it may be carried out."""
        return self.purpose_kind in {"contract", "service", "legal_duty"}


def facts(tables: Tables, asking: Asking) -> ir.Table:
    """One row for each cell and each person found by it, with a column for every fact the rules ask for."""
    root_of = roots(tables)
    found = cells(tables, asking, root_of)
    table = beside(found, _parts(tables, asking, root_of))
    return table.select(*KEY, **{name: _fact(name, table, asking) for name in sorted(asking.needed)})


def _parts(tables: Tables, asking: Asking, root_of: ir.Table) -> Iterator[Part]:
    """Those that the rules ask for."""
    needed = asking.needed
    yield from known(tables)
    if needed & {"restricted", "existing_customer"} or asking.own_coming_counts:
        yield extras(tables, asking)
    yield consents(tables, asking, root_of)
    if "objected" in needed:
        yield objected(tables, asking, root_of)
    if "suppressed" in needed:
        yield from suppressed(tables, asking)
    if not needed.isdisjoint(COLLECTED):
        yield from origins(tables, asking, root_of)
    yield from hits(tables, asking)


def _fact(name: str, table: ir.Table, asking: Asking) -> ir.Value:
    if name in asking.constants:
        value = asking.constants[name]
        kind = "boolean" if isinstance(value, bool) or value is None else None
        return ibis.literal(value, kind) if kind else ibis.literal(value)
    return _READ[name](table, asking)


def _audience(table: ir.Table, _asking: Asking) -> ir.Value:
    # A person is addressed as a consumer; the other kinds have one name in the register and in the law.
    return ibis.ifelse(table.customer_kind == "person", "consumer", table.customer_kind)


def _consent(table: ir.Table, _asking: Asking) -> ir.Value:
    """What the history comes to (`clearance`, standing): the newest word counts, a presumption where none stands."""
    said = table.said
    presumed = table.presumed_at.notnull() & (said.isnull() | (_run_out(table) & table.presumed_later))
    return ibis.cases(
        (said.isin(["refused", "withdrawn"]), said),
        (_given(table), "given"),
        (presumed, "presumed"),
        (said.notnull(), "expired"),
        (no_if_null(table.requested), "requested"),
        else_="none",
    )


def _given(table: ir.Table) -> ir.BooleanValue:
    return no_if_null((table.said == "given") & ~table.said_ended)


def _run_out(table: ir.Table) -> ir.BooleanValue:
    return (table.said == "expired") | ((table.said == "given") & table.said_ended)


def _stands(done_at: ir.TimestampValue, *lifted_at: ir.TimestampValue) -> ir.BooleanValue:
    """It was done, and nothing later lifts it."""
    since = ibis.greatest(*lifted_at)
    return no_if_null(done_at.notnull() & (since.isnull() | (done_at >= since)))


def _suppressed(table: ir.Table, asking: Asking) -> ir.Value:
    acts = [table.suppressed_at, *(table[f"suppressed_{place}_at"] for place in range(asking.older))]
    lifts = [table.suppression_lifted_at, *(table[f"suppression_{place}_lifted_at"] for place in range(asking.older))]
    if asking.own_coming_counts:
        lifts.append(table.came_at)
    stands = _stands(ibis.greatest(*acts) if asking.older else acts[0], *lifts, table.own_at)
    if not any(use.own for use in asking.lists):
        return stands
    # The company's own choice, until the person agrees.
    return stands | (on_an_own_list(table, asking) & ~_given(table))


def _similar(table: ir.Table, asking: Asking) -> ir.Value:
    if asking.product is None:
        return ibis.null("boolean")
    # No groups known is not known, as an empty list of them is.
    has = no_if_null(table.product_groups.length() > 0)
    return ibis.ifelse(has, table.product_groups.contains(asking.product), None)


def _restricted(table: ir.Table, _asking: Asking) -> ir.Value:
    return (
        no_if_null(table.person_restricted) | no_if_null(table.member_restricted) | no_if_null(table.value_restricted)
    )


def _answered(fact: str, table: ir.Table, _asking: Asking) -> ir.Value:
    return answer(table, fact)


_READ: dict[str, Callable[[ir.Table, Asking], ir.Value]] = {
    "country": lambda table, _asking: table.person_country,
    "point_country": lambda table, _asking: table.point_country,
    "audience": _audience,
    "restricted": _restricted,
    "erased": lambda table, _asking: (table.customer_id != 0) & table.customer_kind.isnull(),
    "consent": _consent,
    "consent_express": lambda table, _asking: no_if_null(_given(table) & table.said_express),
    "consent_at": lambda table, asking: ibis.ifelse(_given(table), ibis.literal(asking.at), NO_INSTANT),
    "consent_until": lambda table, _asking: ibis.ifelse(_given(table), table.said_until, NO_INSTANT),
    "objected": lambda table, _asking: _stands(table.objected_at, table.objection_lifted_at, table.own_at),
    "suppressed": _suppressed,
    "existing_customer": lambda table, _asking: no_if_null(table.person_bought) | no_if_null(table.member_bought),
    "similar_products": _similar,
    "age_ok": lambda table, _asking: ibis.ifelse(_given(table), table.said_of_age, TRUE),
    **{fact: partial(_answered, fact) for fact in COLLECTED},
    "listed": listed,
    "list_current": current,
    "list_current_until": current_until,
}
