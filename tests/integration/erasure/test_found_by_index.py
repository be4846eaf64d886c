"""Forgetting somebody reads what is theirs, however many others there are: under the policies, which forbid much, and
in the foreign keys, which ask every table once for each row that goes.
"""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection, transaction
from tests import clearing
from tests.erasing import DAY, Rooms, history
from tests.integration.conversations.test_complaints import complain
from tests.integration.erasure.test_plans_come_true import of_a_household

from trustdesk.conversations import api as conversations
from trustdesk.erasure import capabilities
from trustdesk.identity.models import Confirmation, Link
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Person
from trustdesk.register import api as register
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

pytestmark = pytest.mark.slow

MANY = 2_000
MOST = 600  # rows read of any one table: theirs, some of them by several statements
FORGETTING = ("clearance", "conversations", "identity", "recordings", "register")
CROWDED = (
    *(f"register_{each}" for each in ("value", "token", "joint_token", "note", "event", "disclosure", "merge")),
    *(f"clearance_{each}" for each in ("point", "collection", "objection", "consent_event", "suppression")),
    *(f"conversations_{each}" for each in ("conversation", "interaction", "party", "note", "followup", "event")),
    *("conversations_viewer", "conversations_complaint", "recordings_recording", "recordings_listening"),
    *("recordings_copy", "identity_link", "identity_visit", "identity_confirmation", "vault_data_key"),
    "register_customer",
)
APART = 10**15  # no number of ours is so old
_KEYS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = %s AND data_type = 'bigint' AND column_name ~ '^(.*id|token|merged_into)$'
  AND column_name NOT IN ('attribute_id', 'source_id', 'purpose_id')
"""
_CROWD = """
INSERT INTO {table}
SELECT (made.one).* FROM (
  SELECT jsonb_populate_record(first, (
    SELECT jsonb_object_agg(key, (to_jsonb(first) ->> key)::bigint - {apart} + n * 100)
    FROM unnest(%(keys)s::text[]) AS key WHERE to_jsonb(first) ->> key IS NOT NULL
  ) || {unique}) AS one
  FROM {table} AS first, generate_series(1, {many}) AS n
  WHERE first.ctid = (SELECT min(ctid) FROM {table} WHERE controller_id = %(company)s)
) AS made
"""
_UNIQUE = {
    "conversations_conversation": "jsonb_build_object('reference', lpad(n::text, 12, '0'), 'matches', ARRAY[n])",
    "conversations_complaint": "jsonb_build_object('number', n::text)",
    "identity_link": "jsonb_build_object('customers', ARRAY[n])",
}
_READ = "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"


@pytest.fixture
def crowded(held: Rooms, cluster: Cluster) -> Iterator[tuple[Rooms, Sequence[Person]]]:
    """A company with thousands of rows in each table, and two of its people who are looked for."""
    person = register.shown_as_one(held.context, history(held))
    one, _other = of_a_household(held)
    case, _complaint_id = complain(held.house)
    conversations.look(held.house.context(), conversation_id=case.id, writing=False, now=clock.now())
    _asked_to_get_in(held, one)
    clearing.consent(held.house, one)
    given = {"company": held.house.controller_id}
    with cluster.connect(DATABASE) as mighty:
        mighty.execute("SET session_replication_role = replica")
        for table in CROWDED:
            keys = [row[0] for row in mighty.execute(_KEYS, [table]).fetchall()]
            statement = _CROWD.format(table=table, apart=APART, many=MANY, unique=_UNIQUE.get(table, "'{}'::jsonb"))
            assert mighty.execute(statement, {**given, "keys": keys}).rowcount == MANY, table
        mighty.execute(f"ANALYZE {', '.join(CROWDED)}")
        try:
            yield held, [person, (one,)]
        finally:
            for table in CROWDED:
                mighty.execute(f"DELETE FROM {table} WHERE controller_id = %(company)s", given)
            mighty.execute(f"ANALYZE {', '.join(CROWDED)}")


def _asked_to_get_in(held: Rooms, customer_id: int) -> None:
    now = clock.now()
    own = {"controller_id": held.house.controller_id, "asked_at": now, "expires_at": now + DAY, "language": "fi"}
    with scoped(held.context.scope):
        Link.objects.create(
            **own, id=new_id(), browser=b"b", address_key=b"a", digest=b"d", customers=[customer_id], values=[1]
        )
        Confirmation.objects.create(
            **own, id=new_id(), digest=b"d", customer_id=customer_id, event_id=1, message_id=new_id()
        )


def read() -> dict[str, int]:
    """Rows of each table that this transaction has looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return dict(cursor.fetchall())


def test_no_more_is_read_than_is_theirs(crowded: tuple[Rooms, Sequence[Person]]) -> None:
    held, persons = crowded
    context = held.context
    declared = [each for each in capabilities.from_high_to_low() if each.capability in FORGETTING]
    assert sorted(each.capability for each in declared) == list(FORGETTING)
    with scoped(context.scope):
        with connection.cursor() as cursor:
            # Of two thousand rows all are read sooner than a hundred by index. What is asked is whether there is one:
            # so none is dear, and no plan is taken that was kept from when the tables were empty.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL random_page_cost = 0.01")
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        for declaration in declared:
            assert declaration.plan is not None
            assert declaration.erase is not None
            before = read()
            declaration.plan(context, persons)
            planned = read()
            assert all(declaration.erase(context, persons)) or declaration.capability == "recordings"
            for what, now, then in (("plan", planned, before), ("erase", read(), planned)):
                much = {table: rows - then.get(table, 0) for table, rows in now.items()}
                assert {table: rows for table, rows in much.items() if rows > MOST} == {}, (
                    declaration.capability,
                    what,
                )
        transaction.set_rollback(True)
