"""A large table is read by a cursor on the server, in slices that go on where the last one ended, in flat memory."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.proving import Proving, a_company, a_person
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.proof.contracts import PartKind
from trustdesk.proof.people import known
from trustdesk.proof.services.looking import Looker
from trustdesk.proof.services.others import Finding
from trustdesk.proof.sought import Sought
from trustdesk.scan.api import variants

ROWS = 100_000
_FILL = """
INSERT INTO conversations_disposition (controller_id, queue, code, labels, meaning, place)
SELECT %s, 'large', n, jsonb_build_object('en', CASE n WHEN 61234 THEN %s ELSE repeat('nothing of anybody ', 10) END),
  'done', 1
FROM generate_series(1, %s) AS n
"""
_PAGE = 4096
_MOST = 24 * 1024 * 1024  # bytes; the table has more than 20 of text alone


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


@pytest.fixture
def large(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Proving]:
    with django_db_blocker.unblock():
        proving = a_person(a_company("Large"))
        proving.run(_FILL, proving.company.controller_id, f"wrote to {proving.email}", ROWS)
        yield proving
        proving.run("DELETE FROM conversations_disposition WHERE queue = 'large'")


def test_a_hundred_thousand_rows(large: Proving) -> None:
    [who] = known(large.context, [[large.customer_id]], now=clock.now())
    sought = Sought(variants(who.person), who.country, who.own, who.checked, who.elsewhere)  # type: ignore[arg-type]
    reached, rows, slices, grown, found = None, 0, 0, 0, list[Finding]()
    before = resident()
    while slices == 0 or reached is not None:
        context = large.context
        with scoped(context.scope):  # a slice a transaction: what a kill can take is one
            came = Looker(context, {1: sought}).look(
                PartKind.TABLE, "conversations_disposition", reached, until=time.monotonic() + 0.3
            )
        grown = max(grown, resident() - before)
        reached, rows, slices, found = came.reached, rows + came.rows, slices + 1, found + came.findings
    assert rows == ROWS
    assert slices > 1
    assert [(one.what, one.place["key"]) for one in found] == [
        ("conversations_disposition.labels", [str(large.company.controller_id), "large", "61234"])
    ]
    assert grown < _MOST
