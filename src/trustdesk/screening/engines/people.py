"""Who is found by the cells of a list, and what objections and suppressions come to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from trustdesk.screening.engines.parts import TRUE, Part, beside, said_by
from trustdesk.screening.engines.tables import Tables

if TYPE_CHECKING:
    from trustdesk.screening.engines.facts import Asking

_CELL = ("row_number", "column_number")


def roots(tables: Tables) -> ir.Table:
    """Those who were merged, with the one they are shown as."""
    customers = tables.customers
    return customers.filter(customers.merged_into.notnull()).select(member=customers.id, root=customers.merged_into)


def rooted(table: ir.Table, root_of: ir.Table) -> ir.Table:
    """The table with `customer_id` as whom the person is shown."""
    found = beside(table, [Part(root_of, "member", "customer_id")])
    return found.mutate(customer_id=ibis.coalesce(found.root, found.customer_id)).drop("root")


def cells(tables: Tables, asking: "Asking", root_of: ir.Table) -> ir.Table:
    """The cells that the question is about, each with every value of the register that it is or leads to.

    A number that nobody has is a stranger's; a customer number leads to all the customer's points of the kind.
    """
    rows = tables.rows.filter(tables.rows.list_id == asking.list_id)
    points = tables.points.filter(tables.points.kind == asking.kind)
    found = []
    if asking.numbers:
        found.append(_numbers(rows, points, root_of, asking))
    if asking.customers:
        found.append(_customers(rows, points, root_of, asking))
    return found[0] if len(found) == 1 else ibis.union(*found)


def _numbers(rows: ir.Table, points: ir.Table, root_of: ir.Table, asking: "Asking") -> ir.Table:
    """Cells that are numbers or addresses. A token says by itself at which version and level it stands."""
    own = rows.filter((rows.kind == asking.kind) & rows.token.notnull())
    numbers = own.select(*_CELL, "country", "token", "hashed", "domain", *_older(own, asking))
    held = points.select("customer_id", "value_id", held_token=points.token, held_country=points.country)
    both = numbers.left_join(held, [("token", "held_token")]).left_join(root_of, [("customer_id", "member")])
    return both.select(
        *_CELL,
        "token",
        "hashed",
        "domain",
        *(f"older_{place}" for place in range(asking.older)),
        value_id=ibis.coalesce(both.value_id, 0),
        customer_id=ibis.coalesce(both.root, both.customer_id, 0),
        point_country=ibis.coalesce(both.held_country, both.country),
    )


def _customers(rows: ir.Table, points: ir.Table, root_of: ir.Table, asking: "Asking") -> ir.Table:
    """Cells that name customers: all their points of the kind, at the newest version and the list's level."""
    named = rows.filter((rows.kind == "customer") & rows.customer_id.notnull()).select(*_CELL, "customer_id")
    newest = points.filter((points.version == asking.version) & (points.level == asking.level))
    held = newest.select("token", "hashed", "domain", "value_id", "country", holder=newest.customer_id)
    both = named.inner_join(held, [("customer_id", "holder")]).left_join(root_of, [("customer_id", "member")])
    return both.select(
        *_CELL,
        "token",
        "hashed",
        "domain",
        *(ibis.null("binary").name(f"older_{place}") for place in range(asking.older)),
        "value_id",
        customer_id=ibis.coalesce(both.root, both.customer_id),
        point_country=both.country,
    )


def _older(rows: ir.Table, asking: "Asking") -> Iterator[ir.Value]:
    """A number's tokens at older versions of its normaliser: it may be suppressed under one of them."""
    return (rows.older[place].name(f"older_{place}") for place in range(asking.older))


def known(tables: Tables) -> Iterator[Part]:
    """What the register says of the person and of the value."""
    customers = tables.customers
    register = customers.select(
        known_id=customers.id,
        customer_kind=customers.kind,
        person_country=customers.country.nullif(""),
        person_restricted=customers.restricted_at.notnull(),
        person_bought=customers.customer_since.notnull() | customers.last_sale_date.notnull(),
        product_groups=customers.product_groups,
    )
    yield Part(register, "known_id", "customer_id")
    yield Part(tables.restricted.select(locked_id="id", value_restricted=TRUE), "locked_id", "value_id")


def extras(tables: Tables, asking: "Asking") -> Part:
    """What is true of a person because it is true of one who was merged into them, or because they came themselves."""
    customers = tables.customers
    if not asking.own_coming_counts:
        merged = customers.filter(customers.merged_into.notnull())
        found = merged.group_by(person=merged.merged_into).agg(
            member_restricted=merged.restricted_at.notnull().any(),
            member_bought=(merged.customer_since.notnull() | merged.last_sale_date.notnull()).any(),
        )
        return Part(found, "person", "customer_id")
    direct = tables.sources.filter(tables.sources.kind == "direct").select(direct_id="id", direct=TRUE)
    both = beside(customers, [Part(direct, "direct_id", "source_id")])
    found = both.group_by(person=ibis.coalesce(both.merged_into, both.id)).agg(
        member_restricted=both.restricted_at.notnull().any(),
        member_bought=(both.customer_since.notnull() | both.last_sale_date.notnull()).any(),
        came_at=both.collected_at.max(where=both.direct),
    )
    return Part(found, "person", "customer_id")


def _in_scope(table: ir.Table, asking: "Asking") -> ir.Table:
    """Acts that cover the question: a purpose or all of its kind, a channel or all."""
    return table.filter(
        (table.purpose_id.isnull() | (table.purpose_id == asking.purpose_id))
        & table.purpose_kind.isin(["", asking.purpose_kind])
        & table.channel.isin(["", asking.channel])
        & said_by(table, asking.at)
    )


def objected(tables: Tables, asking: "Asking", root_of: ir.Table) -> Part:
    acts = rooted(_in_scope(tables.objections, asking).select("customer_id", "act", "at"), root_of)
    found = acts.group_by(person="customer_id").agg(
        objected_at=acts["at"].max(where=acts.act == "objected"),
        objection_lifted_at=acts["at"].max(where=acts.act == "lifted"),
    )
    return Part(found, "person", "customer_id")


def suppressed(tables: Tables, asking: "Asking") -> Iterator[Part]:
    """The newest suppression of the number and the newest act that lifts one, for each version of its token."""
    acts = _in_scope(tables.suppressions, asking)
    found = acts.group_by("token").agg(
        suppressed_at=acts["at"].max(where=acts.act == "suppressed"),
        suppression_lifted_at=acts["at"].max(where=acts.act == "lifted"),
    )
    yield Part(found, "token", "token")
    for place in range(asking.older):
        one = found.rename(
            **{
                f"suppressed_{place}_at": "suppressed_at",
                f"suppression_{place}_lifted_at": "suppression_lifted_at",
            }
        )
        yield Part(one, "token", f"older_{place}")
