"""What screening holds of a customer: rows of lists that were found to be theirs, and verdicts on them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration
from trustdesk.register.api import shown_as_one
from trustdesk.screening.services.verdicts import rules_of

_OF_THE_LIST = "says what was asked of a list and what it came to; no content of a list"
_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_TABLES = {
    "filter": "id name criteria digest saved_at",
    "list": "id digest layout filter_id uploaded file_size file_modified_ns level state rows cells unreadable"
    " numbers customers older created_at erase_at",
    "row": "list_id row_number column_number kind fault",
    "run": "id list_id asked_purpose channel about engine purpose mandate_id state phase reason place decided_to"
    " fraction decided setup_version packs_digest policy_version reasons counts summary started_at updated_at"
    " decided_at finished_at",
    "result": "run_id row_number column_number",
    "watch": "run_id since",
    "change": "id",
}
_NOT_PERSONAL = (
    {f"screening_{table}.{column}": _OF_THE_LIST for table, columns in _TABLES.items() for column in columns.split()}
    | {f"screening_{table}.controller_id": _TENANT for table in _TABLES}
    | {f"screening_{column}": _STAFF for column in ("filter.saved_by", "list.created_by", "run.operator_id")}
)

_EXPORT = """
SELECT r.run_id, n.asked_purpose, n.channel, n.decided_at, r.mask, n.reasons
FROM screening_result r JOIN screening_run n ON n.controller_id = r.controller_id AND n.id = r.run_id
WHERE r.controller_id = %s AND r.customer_id = ANY(%s) AND n.state = 'finished' ORDER BY n.started_at
"""
# A row is a person's who had its number when the list was read, or of whom a verdict on it is: of several, of each.
_THEIRS = """
WITH one AS MATERIALIZED (SELECT * FROM unnest(%(records)s::bigint[], %(persons)s::bigint[]) AS one (record, person)),
theirs AS MATERIALIZED (
  SELECT w.list_id, w.row_number, w.column_number, one.person FROM screening_row w
  JOIN one ON one.record = w.customer_id
  WHERE w.controller_id = %(controller)s AND w.customer_id = ANY(%(records)s)
  UNION
  SELECT w.list_id, w.row_number, w.column_number, one.person FROM screening_result r
  JOIN one ON one.record = r.customer_id
  JOIN screening_run n ON n.controller_id = r.controller_id AND n.id = r.run_id
  JOIN screening_row w ON w.controller_id = r.controller_id AND w.list_id = n.list_id
    AND w.row_number = r.row_number AND w.column_number = r.column_number
  WHERE r.controller_id = %(controller)s AND r.customer_id = ANY(%(records)s) AND r.customer_id <> 0
)
"""
_COUNTS = (
    _THEIRS
    + """
SELECT 'list-rows', person, count(*) FROM theirs GROUP BY person
UNION ALL
SELECT 'verdicts', customer_id, count(*) FROM screening_result
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) AND customer_id <> 0 GROUP BY customer_id
UNION ALL
SELECT 'changes', customer_id, count(*) FROM screening_change
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
"""
)
_DELETIONS = (
    _THEIRS  # rows of lists first: they are found by the verdicts  # noqa: S608 -- two texts of this file
    + """
, held AS MATERIALIZED (
  SELECT w.list_id, w.row_number, w.column_number FROM screening_row w
  JOIN (SELECT DISTINCT list_id, row_number, column_number FROM theirs) AS cell
    USING (list_id, row_number, column_number)
  WHERE w.controller_id = %(controller)s ORDER BY w.list_id, w.row_number, w.column_number FOR UPDATE OF w
), gone AS (
  DELETE FROM screening_row w USING held
  WHERE w.controller_id = %(controller)s AND w.list_id = held.list_id AND w.row_number = held.row_number
    AND w.column_number = held.column_number
  RETURNING w.list_id, w.row_number, w.column_number
)
SELECT 'list-rows', person, count(*) FROM gone JOIN theirs USING (list_id, row_number, column_number) GROUP BY person
""",
    """
WITH held AS MATERIALIZED (
  SELECT run_id, row_number, column_number, value_id FROM screening_result
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) AND customer_id <> 0
  ORDER BY run_id, row_number, column_number, value_id FOR UPDATE
), gone AS (
  DELETE FROM screening_result r USING held
  WHERE r.controller_id = %(controller)s AND r.run_id = held.run_id AND r.row_number = held.row_number
    AND r.column_number = held.column_number AND r.value_id = held.value_id
  RETURNING r.customer_id
)
SELECT 'verdicts', customer_id, count(*) FROM gone GROUP BY customer_id
""",
    """
WITH gone AS (
  DELETE FROM screening_change WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s)
  RETURNING customer_id
)
SELECT 'changes', customer_id, count(*) FROM gone GROUP BY customer_id
""",
)


def export(context: AccessContext, customer_id: int) -> Iterable[Mapping[str, object]]:
    """In which screenings the customer was, for what, and with which reasons (GDPR Art. 15(1)(a))."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_EXPORT, [context.controller_id, shown_as_one(context, customer_id)])
        return [
            {
                "kind": "screening",
                "screening": to_public(run),
                "purpose": purpose,
                "channel": channel,
                "at": at,
                "rules": rules_of(json.loads(reasons), [mask])[1],
            }
            for run, purpose, channel, at, mask, reasons in cursor.fetchall()
        ]


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: rows of lists, verdicts and marks of a change go."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, _named(context, persons))
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget the persons' rows and verdicts; for each how many rows of tables went, one of several persons counted for
    each. Counts in signed summaries stay.
    """
    named = _named(context, persons)
    held: list[Held] = []
    with joined(context.scope), connection.cursor() as cursor:
        for statement in _DELETIONS:
            cursor.execute(statement, named)
            held += starmap(Held, cursor.fetchall())
        return gone(context, "screening.erased", persons, held)


def _named(context: AccessContext, persons: Sequence[Person]) -> dict[str, Any]:
    shown = {record: person[0] for person in persons for record in person}
    return {"controller": context.controller_id, "records": list(shown), "persons": list(shown.values())}


_FIELDS = tuple(
    PersonalField(f"screening_{table}", column, "dpv:PseudonymisedData", "dpv:LegalCompliance", "service", sealed=False)
    for table, columns in {
        "row": ("country", "token", "older", "hashed", "domain", "customer_id"),
        "result": ("value_id", "customer_id", "mask"),
        "change": ("customer_id", "token"),
    }.items()
    for column in columns
)

DECLARATION = PrivacyDeclaration(
    capability="screening",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=export,
    erase=erase,
    plan=plan,
)
