"""Profiles: by what tokens records are found for matching. Written with the values they come from, gone with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Known
from trustdesk.matching.api import EDITION, identity, profile
from trustdesk.matching.contracts import Said
from trustdesk.updates import wire
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
        record.customer_id: profile(identity((Said(*text) for text in record.texts), country=record.country), digest)
        .astype(STORED)
        .tobytes()
        for record in records
    }
    if packed:
        with joined(context.scope):
            wire.run(_WRITE, context.controller_id, EDITION, list(packed), list(packed.values()))


def forget(context: AccessContext, customer_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Delete the profiles of records and note that they went; whose there was one."""
    rows = wire.fetch(_GO, context.controller_id, list(customer_ids), context.controller_id, now)
    return [row[0] for row in rows]


def forget_departed(context: AccessContext, *, now: datetime) -> int:
    """Delete the notes of who went more than a day ago; how many."""
    with joined(context.scope):
        return wire.run(_OLD, context.controller_id, now - NOTED_FOR)
