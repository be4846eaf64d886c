"""The engine by default: the database itself, under the policies that hold for every other look."""

from collections.abc import Callable
from typing import LiteralString, NamedTuple

from django.db import connection

from trustdesk.clearance.api import SetQuestion
from trustdesk.kernel.context import AccessContext
from trustdesk.screening.engines.facts import KEY
from trustdesk.screening.engines.question import compiled
from trustdesk.screening.engines.tables import Tables, live
from trustdesk.screening.engines.words import postgresql_micros
from trustdesk.screening.models import List


class Narrow(NamedTuple):
    """Which of the tables' rows are meant, and a name for it."""

    place: str
    tables: Callable[[Tables], Tables]


# A plan for a million rows is worth making; hash tables of their size stay in memory. Statistics of a register that was
# filled a minute ago would tell the planner to walk it once a row.
FOR_MANY_ROWS: tuple[LiteralString, ...] = (
    "SET LOCAL plan_cache_mode = force_custom_plan",
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL hash_mem_multiplier = 2",
    "SET LOCAL max_parallel_workers_per_gather = 2",
    "SET LOCAL jit = off",
    "SET LOCAL enable_nestloop = off",
)
FOR_FEW_ROWS: tuple[LiteralString, ...] = (
    "SET LOCAL plan_cache_mode = force_custom_plan",
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL jit = off",
)


def statement(context: AccessContext, question: SetQuestion, asked: List, narrow: Narrow) -> str:
    """The SELECT that gives key and mask, over the rows that `narrow` leaves."""

    def tables() -> Tables:
        return narrow.tables(live(context.controller_id))

    return compiled(narrow.place, tables, question, asked, dialect="postgres", micros=postgresql_micros)


def between(first: int, last: int) -> Narrow:
    """Only these rows of the list, both included."""

    def rows(tables: Tables) -> Tables:
        return tables._replace(rows=tables.rows.filter(tables.rows.row_number.between(first, last)))

    return Narrow(f"{first}-{last}", rows)


def prepare(settings: tuple[LiteralString, ...]) -> None:
    """Tell the planner of this transaction what is coming."""
    with connection.cursor() as cursor:
        for setting in settings:
            cursor.execute(setting)


def decide(context: AccessContext, run_id: int, question: SetQuestion, asked: List, narrow: Narrow) -> int:
    """Decide the rows and keep their masks, in the running transaction that `prepare` was called in; how many.

    They are kept in the order of their key: a million in the order of a hash table would land all over its index.
    """
    columns = ", ".join(KEY)
    keep = (
        f"INSERT INTO screening_result (controller_id, run_id, {columns}, mask)"  # noqa: S608 -- names of this file
        f" SELECT {context.controller_id:d}, {run_id:d}, {columns}, mask"
        f" FROM ({statement(context, question, asked, narrow)}) AS decided"
        " ORDER BY row_number, column_number, value_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(keep)
        return int(cursor.rowcount)
