"""What screening holds of a customer: rows of lists that were found to be theirs, and verdicts on them."""

import json
from collections.abc import Iterable, Mapping

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import PersonalField, Planned, PrivacyDeclaration, each_alone, each_planned
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
_THEIR_ROWS = """
FROM screening_row w WHERE w.controller_id = %(controller)s AND (w.customer_id = %(customer)s OR EXISTS (
  SELECT FROM screening_result r JOIN screening_run n ON n.controller_id = r.controller_id AND n.id = r.run_id
  WHERE r.controller_id = w.controller_id AND r.customer_id = %(customer)s AND n.list_id = w.list_id
    AND r.row_number = w.row_number AND r.column_number = w.column_number))
"""
_THEIRS = " WHERE controller_id = %(controller)s AND customer_id = %(customer)s"
_HELD = {
    "list-rows": _THEIR_ROWS,
    "verdicts": "FROM screening_result" + _THEIRS,
    "changes": "FROM screening_change" + _THEIRS,
}
_COUNT, _DELETE = "SELECT count(*) ", "DELETE "


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


def plan(context: AccessContext, customer_id: int) -> Iterable[Planned]:
    """What `erase` would do: rows of lists, verdicts and marks of a change go."""
    named = {"controller": context.controller_id, "customer": customer_id}
    with joined(context.scope), connection.cursor() as cursor:
        for what, rows in _HELD.items():
            cursor.execute(_COUNT + rows, named)
            yield Planned(what, cursor.fetchone()[0])


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer's rows and verdicts; how many rows of tables went. Counts in signed summaries stay."""
    named = {"controller": context.controller_id, "customer": customer_id}
    gone = 0
    with joined(context.scope), connection.cursor() as cursor:
        for rows in _HELD.values():  # rows of lists first: they are found by the verdicts
            cursor.execute(_DELETE + rows, named)
            gone += int(cursor.rowcount)
    return gone


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
    erase=each_alone(erase),
    plan=each_planned(plan),
)
