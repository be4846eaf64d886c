"""Profiles: by what tokens records are found for matching. Written with the values they come from, gone with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Known
from trustdesk.matching.api import EDITION, identity, profile
from trustdesk.matching.contracts import Said
from trustdesk.register.api import known_as
from trustdesk.register.contracts import Held
from trustdesk.updates import wire
from trustdesk.updates.contracts import Built
from trustdesk.vault.api import Tokeniser

STORED = "<i8"  # how the numbers of a profile lie in a row

# In the index's order: two who write some of the same wait for each other, and never in a circle.
_WRITE = """
INSERT INTO updates_profile AS held (controller_id, customer_id, tokens, edition, stamp)
SELECT %s, customer_id, tokens, %s, pg_current_xact_id()::text::bigint
FROM unnest(%b::bigint[], %b::bytea[]) AS fresh (customer_id, tokens) ORDER BY customer_id
ON CONFLICT (controller_id, customer_id) DO UPDATE
SET tokens = excluded.tokens, edition = excluded.edition, stamp = excluded.stamp
WHERE held.edition <> excluded.edition OR held.tokens <> excluded.tokens
"""
_LACKING = """
SELECT c.id FROM register_customer c
LEFT JOIN updates_profile p ON p.controller_id = c.controller_id AND p.customer_id = c.id AND p.edition = %s
WHERE c.controller_id = %s AND c.id > %s AND p.customer_id IS NULL ORDER BY c.id LIMIT %s
"""
_GO = """
WITH gone AS (
  DELETE FROM updates_profile WHERE controller_id = %s AND customer_id = ANY(%s::bigint[]) RETURNING customer_id
), noted AS (
  INSERT INTO updates_departed (controller_id, customer_id, stamp, at)
  SELECT %s, customer_id, pg_current_xact_id()::text::bigint, %s FROM gone ORDER BY customer_id
  ON CONFLICT (controller_id, customer_id) DO UPDATE SET stamp = excluded.stamp, at = excluded.at
)
SELECT customer_id FROM gone
"""
_OLD = "DELETE FROM updates_departed WHERE controller_id = %s AND at < %s"
NOTED_FOR = timedelta(days=1)
"""For so long it is known that a profile went. An index in memory that was not refreshed for as long is loaded anew."""


class ProfileWatch:
    """Registered in `kernel.registries.identities`."""

    name = "updates.profiles"

    def known(self, context: AccessContext, records: Sequence[Known]) -> None:
        """Make their profiles, in the transaction in which their tokens are made."""
        write(context, records)


def write(context: AccessContext, records: Iterable[Known]) -> None:
    """The profiles of these records, one statement. A profile that says the same as before is left as it is."""
    digest = Tokeniser(context).digest
    packed = {
        record.customer_id: profile(
            identity((Said(*text) for text in record.texts), country=record.country), digest
        )
        .astype(STORED)
        .tobytes()
        for record in records
    }
    if packed:
        with joined(context.scope):
            wire.run(_WRITE, context.controller_id, EDITION, list(packed), list(packed.values()))


def build_profiles(context: AccessContext, *, after: int, limit: int) -> Built:
    """See `updates.api.build_profiles`."""
    context.check_operation("feed:work")
    with scoped(context.scope):
        lacking = [row[0] for row in wire.fetch(_LACKING, EDITION, context.controller_id, after, limit)]
        if lacking:
            write(context, _known(lacking, known_as(context, lacking)))
    return Built(len(lacking), lacking[-1] if len(lacking) == limit else None)


def _known(customer_ids: Sequence[int], held: Mapping[int, Held]) -> Iterable[Known]:
    """Each record by its own values: those of others who are shown as one with it have profiles of their own."""
    for customer_id in customer_ids:
        person = held.get(customer_id)
        values = person.values if person else ()
        texts = [
            (value.attribute, value.kind, value.text, value.shared_line)
            for value in values
            if value.customer_id == customer_id
        ]
        yield Known(customer_id, person.country if person else "", texts)


def forget(context: AccessContext, customer_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Delete the profiles of records and note that they went; whose there was one."""
    wire.run(_OLD, context.controller_id, now - NOTED_FOR)
    rows = wire.fetch(_GO, context.controller_id, list(customer_ids), context.controller_id, now)
    return [row[0] for row in rows]
