"""Handing out which breaches touched a person, and taking many persons out of them: called through the registry."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from typing import LiteralString

from django.db import connection

from trustdesk.governance.models import Breach, Touched
from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one

_COUNT: LiteralString = """
SELECT 'breaches', customer_id, count(*) FROM governance_touched
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
"""
_DELETE: LiteralString = """
WITH gone AS (
  DELETE FROM governance_touched
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) RETURNING customer_id
)
SELECT 'breaches', customer_id, count(*) FROM gone GROUP BY customer_id
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every breach that touched the customer, whoever of those shown as one it was."""
    own = {"controller_id": context.controller_id}
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        whose = dict(Touched.objects.filter(**own, customer_id__in=ids).values_list("breach_id", "customer_id"))
        rows = list(Breach.objects.filter(**own, id__in=list(whose)).order_by("found_at", "id"))
    for row in rows:
        yield {
            "kind": "breach",
            "breach": to_public(row.id),
            "customer": to_public(whose[row.id]),
            "broken": row.kind,
            "cause": row.cause,
            "happened_at": row.happened_at,
            "found_at": row.found_at,
        }


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: whom breaches touched is forgotten."""
    return going(persons, _held(context, persons, _COUNT))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Take the persons out of the breaches that touched them. That there was a breach, and how many people it touched,
    stays: the company has to be able to show it (GDPR Art. 33(5)); it names nobody.
    """
    return gone(context, "governance.minimised", persons, _held(context, persons, _DELETE))


def _held(context: AccessContext, persons: Sequence[Person], statement: LiteralString) -> list[Held]:
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(statement, {"controller": context.controller_id, "records": records(persons)})
        return list(starmap(Held, cursor.fetchall()))
