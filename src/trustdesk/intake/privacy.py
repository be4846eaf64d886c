"""What intake holds of a customer: one keyed digest, so that a row is not taken twice."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration
from trustdesk.register.api import shown_as_one

_OF_THE_LIST = "says how a list was read or what became of it; no content of a list"
_TENANT = "which company owns the row"
_STAFF = "the operator's id: staff, declared by accounts"
_TABLES = {
    "mapping": "id name said digest saved_at retired_at",
    "run": "id file_sha256 file_size file_modified_ns uploaded file_kind mapping_id mapping_digest source_id dry_run"
    " purpose mandate_id state reason place started_at updated_at finished_at",
    "chunk": "run_id number fraction rows added already_imported duplicate_in_file duplicate_in_register suppressed"
    " rejected stale age_unknown committed_at",
    "reject": "run_id row_number column_name reason detail",
    "row": "run_id",
}
_NOT_PERSONAL = (
    {f"intake_{table}.{column}": _OF_THE_LIST for table, columns in _TABLES.items() for column in columns.split()}
    | {f"intake_{table}.controller_id": _TENANT for table in _TABLES}
    | dict.fromkeys(("intake_mapping.saved_by", "intake_mapping.retired_by", "intake_run.operator_id"), _STAFF)
)
_COUNT = """
SELECT 'imported-rows', customer_id, count(*) FROM intake_row
WHERE controller_id = %s AND customer_id = ANY(%s) GROUP BY customer_id
"""
_DELETE = """
WITH gone AS (
  DELETE FROM intake_row WHERE controller_id = %s AND customer_id = ANY(%s) RETURNING customer_id
)
SELECT 'imported-rows', customer_id, count(*) FROM gone GROUP BY customer_id
"""


def export(context: AccessContext, customer_id: int) -> Iterable[Mapping[str, object]]:
    """From which imports the customer came (GDPR Art. 15(1)(g)); the digest itself tells nobody anything."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.run_id, s.name, n.started_at FROM intake_row r"
            " JOIN intake_run n ON n.controller_id = r.controller_id AND n.id = r.run_id"
            " JOIN register_source s ON s.controller_id = n.controller_id AND s.id = n.source_id"
            " WHERE r.controller_id = %s AND r.customer_id = ANY(%s) ORDER BY n.started_at",
            [context.controller_id, shown_as_one(context, customer_id)],
        )
        rows = cursor.fetchall()
    return [{"kind": "import", "import": to_public(run), "source": source, "at": at} for run, source, at in rows]


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: the digests of rows go."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNT, [context.controller_id, records(persons)])
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget which rows the persons came from; for each the number of digests deleted. Nothing else changes or deletes
    a row alone, so that whoever comes first need not be waited for in an order.
    """
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_DELETE, [context.controller_id, records(persons)])
        return gone(context, "intake.erased", persons, list(starmap(Held, cursor.fetchall())))


_FIELDS = tuple(
    PersonalField("intake_row", column, "dpv:PseudonymisedData", "dpv:DataQualityManagement", "service", sealed=False)
    for column in ("row_token", "customer_id")
)

DECLARATION = PrivacyDeclaration(
    capability="intake",
    fields=_FIELDS,
    not_personal=_NOT_PERSONAL,
    export=export,
    erase=erase,
    plan=plan,
)
