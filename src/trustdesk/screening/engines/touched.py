"""Whoever was touched while the list was screened is decided anew, from the live tables and nothing else.

Two temporary tables hold the rows concerned and all persons behind them; with them every part of the expression is as
small as they are. The rows are found from those who were touched, by the list's indexes (migration 3): a list of a
million is not read for a thousand of them. Cells have tokens of one older version at most.
"""

import ibis
from django.db import connection

from trustdesk.clearance.api import SetQuestion
from trustdesk.kernel.context import AccessContext
from trustdesk.screening.engines import postgresql
from trustdesk.screening.engines.tables import READS, Tables
from trustdesk.screening.models import List

_ROWS, _PEOPLE = "screening_touched_row", "screening_touched_person"
_WHOM = (
    """
CREATE TEMPORARY TABLE screening_touched_row ON COMMIT DROP AS
WITH named AS (
  SELECT DISTINCT customer_id AS id FROM screening_change
  WHERE controller_id = %(controller)s AND customer_id IS NOT NULL
), root AS (
  SELECT id FROM named UNION
  SELECT c.merged_into FROM register_customer c JOIN named n ON n.id = c.id
  WHERE c.controller_id = %(controller)s AND c.merged_into IS NOT NULL
), person AS (
  SELECT id FROM root UNION
  SELECT c.id FROM register_customer c JOIN root r ON r.id = c.merged_into WHERE c.controller_id = %(controller)s
), touched AS (
  SELECT token FROM screening_change WHERE controller_id = %(controller)s AND token IS NOT NULL UNION
  SELECT p.token FROM clearance_point p JOIN person ON person.id = p.customer_id WHERE p.controller_id = %(controller)s
)
SELECT r.* FROM screening_row r JOIN touched ON touched.token = r.token
WHERE r.controller_id = %(controller)s AND r.list_id = %(list)s
UNION
SELECT r.* FROM screening_row r JOIN touched ON touched.token = r.older[1]
WHERE r.controller_id = %(controller)s AND r.list_id = %(list)s AND r.older IS NOT NULL
UNION
SELECT r.* FROM screening_row r JOIN (
  SELECT id FROM person UNION
  SELECT p.customer_id FROM clearance_point p JOIN touched ON touched.token = p.token
  WHERE p.controller_id = %(controller)s
) AS one ON one.id = r.customer_id
WHERE r.controller_id = %(controller)s AND r.list_id = %(list)s AND r.kind = 'customer'
""",
    """
CREATE TEMPORARY TABLE screening_touched_person ON COMMIT DROP AS
WITH holder AS (
  SELECT p.customer_id AS id FROM clearance_point p JOIN screening_touched_row r ON r.token = p.token
  WHERE p.controller_id = %(controller)s
  UNION SELECT customer_id FROM screening_touched_row WHERE kind = 'customer' AND customer_id IS NOT NULL
), root AS (
  SELECT DISTINCT coalesce(c.merged_into, c.id) AS id FROM register_customer c JOIN holder h ON h.id = c.id
  WHERE c.controller_id = %(controller)s
)
SELECT id FROM holder UNION SELECT id FROM root UNION
SELECT c.id FROM register_customer c JOIN root r ON r.id = c.merged_into WHERE c.controller_id = %(controller)s
""",
    "ANALYZE screening_touched_row",
    "ANALYZE screening_touched_person",
)
# Verdicts of a minute ago have no statistics: left to the planner, all of the run are read. The array is looked up in
# their index; the join with it then may not be a loop, which would be long for many.
_FORGET = """
DELETE FROM screening_result d USING screening_touched_row r
WHERE d.controller_id = %(controller)s AND d.run_id = %(run)s
  AND d.row_number = ANY(ARRAY(SELECT row_number FROM screening_touched_row))
  AND d.row_number = r.row_number AND d.column_number = r.column_number
"""
_COUNT = "SELECT count(*) FROM screening_touched_row"


def decide(context: AccessContext, run_id: int, question: SetQuestion, asked: List) -> int:
    """Decide the touched rows anew, in the running transaction; how many rows of the list they were."""
    values = {"controller": context.controller_id, "list": asked.id, "run": run_id}
    postgresql.prepare(postgresql.FOR_FEW_ROWS)
    with connection.cursor() as cursor:
        for statement in _WHOM:
            cursor.execute(statement, values if "%" in statement else None)
        cursor.execute(_COUNT)
        (rows,) = cursor.fetchone() or (0,)
        if rows:
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(_FORGET, values)
            cursor.execute("SET LOCAL enable_nestloop = on")
            postgresql.decide(context, run_id, question, asked, _narrow(asked))
    return int(rows)


def _narrow(asked: List) -> postgresql.Narrow:
    rows = ibis.table(READS["rows"].columns, name=_ROWS)
    people = ibis.table({"id": "int64"}, name=_PEOPLE)

    def theirs(table: ibis.Table, column: str = "customer_id") -> ibis.Table:
        return table.filter(table[column].isin(people.id))

    def narrow(tables: Tables) -> Tables:
        points, acts = theirs(tables.points), tables.suppressions
        if not asked.older:  # else a row has more tokens than one
            tokens = ibis.union(rows.filter(rows.token.notnull()).select("token"), points.select("token"))
            acts = acts.filter(acts.token.isin(tokens.token))
        return tables._replace(
            rows=rows,
            points=points,
            customers=theirs(tables.customers, "id"),
            restricted=theirs(tables.restricted),
            events=theirs(tables.events),
            objections=theirs(tables.objections),
            collections=theirs(tables.collections),
            suppressions=acts,
        )

    return postgresql.Narrow("touched", narrow)
