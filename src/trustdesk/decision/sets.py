"""The Ibis reader of the tree: the same conditions as one expression over a table, for whatever engine compiles it.

One CASE a clause, added up. Ibis and its engines take long to import: only who asks for sets does.
"""

from datetime import datetime
from functools import reduce
from operator import add, and_, or_

import ibis
import ibis.expr.types as ir

from trustdesk.decision.program import Clause, Program
from trustdesk.decision.tree import (
    TRUE,
    And,
    AtLeast,
    Const,
    Fact,
    Is,
    Known,
    Node,
    Not,
    Or,
    Past,
    fold,
    names,
    possible,
)

_NOTHING = 0
_COUNTRIES = {"country", "point_country"}


def mask(program: Program, table: ir.Table) -> ir.IntegerColumn:
    """Clauses of one country stand together under one test of the country: rows of another pass them by at once."""
    at = program.question.at
    together: dict[Node, list[ir.IntegerValue]] = {}
    for clause in program.clauses:
        country, rest = _parted(clause.applies)
        if (value := _clause(clause, rest, table, at)) is not None:
            together.setdefault(country, []).append(value)
    parts = [_where(country, reduce(add, values), table, at) for country, values in together.items()]
    return reduce(add, parts).cast("int64")


def outcome(program: Program, bits: ir.IntegerColumn) -> ir.StringColumn:
    """`Program.outcome` over a column."""
    weights = program.weights
    denied = _set(bits, weights.deny) | _set((bits >> 1) & ~bits, weights.triples)
    doubted = _set(bits, weights.undecided) | _set((bits >> 1) & bits, weights.triples)
    permitted = _set(bits, weights.permit | weights.triples)
    return ibis.cases((denied, "deny"), (doubted, "undecided"), (permitted, "permit"), else_="undecided")


def _set(bits: ir.IntegerColumn, weight: int) -> ir.BooleanColumn:
    return (bits & _bigint(weight)) != _NOTHING


def _parted(applies: Node) -> tuple[Node, Node]:
    """What a scope says of countries, and the rest of it."""
    parts = applies.parts if isinstance(applies, And) else (applies,)
    countries = tuple(part for part in parts if part != TRUE and set(names(part)) <= _COUNTRIES)
    return fold(And(countries), {}), fold(And(tuple(part for part in parts if part not in countries)), {})


def _where(scope: Node, value: ir.IntegerValue, table: ir.Table, at: datetime) -> ir.IntegerValue:
    if scope == TRUE:
        return value
    # An unknown scope is no scope: SQL's CASE goes on to its ELSE, as the Python reader does.
    return ibis.cases((_condition(scope, table, at), value), else_=_bigint(_NOTHING))


def _clause(clause: Clause, scope: Node, table: ir.Table, at: datetime) -> ir.IntegerValue | None:
    """What the clause adds. A bit of a branch that can't be taken is left out, and with it the branch."""
    value = _value(clause, table, at)
    return None if value is None else _where(scope, value, table, at)


def _value(clause: Clause, table: ir.Table, at: datetime) -> ir.IntegerValue | None:
    bits = {True: clause.when_true, False: clause.when_false, None: clause.when_unknown}
    taken = [value for value in (True, False, None) if value in possible(clause.holds)]
    if not any(bits[value] for value in taken):
        return None
    last = _bigint(bits[taken.pop()])  # needs no test: what is left when the others are not it
    if not taken:
        return last
    tests: dict[bool | None, Node] = {True: clause.holds, False: fold(Not(clause.holds), {})}
    return ibis.cases(*((_condition(tests[value], table, at), _bigint(bits[value])) for value in taken), else_=last)


def _bigint(number: int) -> ir.IntegerScalar:
    return ibis.literal(number, "int64")


def _condition(node: Node, table: ir.Table, at: datetime) -> ir.BooleanValue:
    match node:
        case Not(part):
            return ~_condition(part, table, at)
        case And(parts) | Or(parts):
            each = [_condition(part, table, at) for part in parts]
            return reduce(and_ if isinstance(node, And) else or_, each)
        case Const(value):
            return ibis.literal(value, "boolean")
    return _leaf(node, table[node.name], at)


def _leaf(node: Fact | Is | AtLeast | Past | Known, column: ir.Column, at: datetime) -> ir.BooleanValue:
    match node:
        case Is(_, values):
            return column == values[0] if len(values) == 1 else column.isin(values)
        case AtLeast(_, number):
            return column >= number
        case Past():
            return ibis.coalesce(column <= ibis.literal(at), ibis.literal(False))
        case Known():
            return column.notnull()
    return column
