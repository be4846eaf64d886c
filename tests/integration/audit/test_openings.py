"""An opening goes in one statement: what it promises holds whatever the session is set to, and nothing of it stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from django.conf import settings as django_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.integration.audit.conftest import NORTH, Log

from trustdesk.audit import api
from trustdesk.audit.services import journal as writing
from trustdesk.audit.services import openings
from trustdesk.audit.services.openings import WRITE, commit_opening, values
from trustdesk.isolation.api import raw_pool
from trustdesk.isolation.hot import changed, run
from trustdesk.kernel.context import Opening
from trustdesk.server.cluster import Cluster

CARD = Opening("register.card", [4711], ["name"])
BIGINT = st.integers(-(2**63), 2**63 - 1)
# An instant is read back in the session's zone, by which it may stand some hours before year 1 or after year 9999: the
# database knows such days, Python and so the driver do not. The widest offset is a day, two leave room.
_ROOM = timedelta(days=2)
INSTANT = st.datetimes(
    min_value=datetime.min + _ROOM,  # noqa: DTZ901 - a wall clock's bound, the zone is drawn beside it
    max_value=datetime.max - _ROOM,  # noqa: DTZ901
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
)


@settings(max_examples=60, deadline=None)
@given(at=INSTANT, subjects=st.lists(BIGINT, max_size=8))
@example(at=datetime(1, 1, 3, tzinfo=timezone(timedelta(hours=5, minutes=45))), subjects=[])
@example(at=datetime(9999, 12, 29, 23, 59, 59, 999_999, tzinfo=UTC), subjects=[])
def test_the_binary_form_is_the_databases_own(cluster: Cluster, at: datetime, subjects: list[int]) -> None:
    with psycopg.connect(django_settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as connection:
        sent = (openings.instant(at), openings.numbers(subjects))
        assert run(connection, "SELECT $1::timestamptz, $2::int8[]", sent) == [(at, subjects)]


@pytest.mark.parametrize("subjects", [[], [1], list(range(1000))])
def test_an_entry_is_read_as_it_was_written(log: Log, subjects: Sequence[int]) -> None:
    context = log.context()
    context.journal.opening(context, Opening("register.search", subjects, ["name"], "asked"))
    entry = api.entries(context)[1]
    assert (entry.what, entry.subjects, entry.reason) == ("register.search", tuple(subjects), "asked")
    assert datetime.now(UTC) - entry.at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "during"),
    [
        ("off", "on"),
        ("local", "on"),
        ("remote_write", "on"),
        ("on", "on"),
        ("remote_apply", "remote_apply"),  # stricter than what is promised
    ],
)
def test_the_commit_waits_for_the_disk_whatever_the_session_says(log: Log, before: str, during: str) -> None:
    context = log.context()
    written = writing.DatabaseJournal()._write(context, "opening", {}, [1])
    with raw_pool().connection() as runtime, runtime.transaction(force_rollback=True):
        runtime.execute(f"SET LOCAL synchronous_commit = {before}")
        assert changed(runtime, WRITE, values(context.scope, written)) == 1
        assert runtime.execute("SHOW synchronous_commit").fetchone() == (during,)


def test_neither_scope_nor_setting_outlives_the_statement(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    pool = raw_pool()
    held = pool.take()  # the one used last
    try:
        row = held.execute(
            "SELECT current_setting('trustdesk.scope'), current_setting('synchronous_commit')",
        ).fetchone()
        assert row == ("", "off")
        assert held.execute("SELECT count(*) FROM audit_entry").fetchone() == (0,)
    finally:
        pool.give(held)


def test_an_opening_that_is_refused_is_raised_and_the_next_one_is_written(log: Log) -> None:
    context = log.context()
    written = writing.DatabaseJournal()._write(context, "opening", {}, [1])
    commit_opening(context.scope, written)
    with pytest.raises(psycopg.errors.UniqueViolation):
        commit_opening(context.scope, written)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        commit_opening("", writing.DatabaseJournal()._write(context, "opening", {}, [1]))
    context.journal.opening(context, CARD)
    assert log.execute("SELECT count(*) FROM audit_entry") == [(2,)]


SHAPED = "INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, list_digest) VALUES "
NEVER = [
    "(901, 1, now(), 'reading', '2026-11', '', NULL)",
    "(901, 1, now(), '', '2026-11', '', NULL)",
    "(901, 1, now(), E'deed\",\"id\":\"', '2026-11', '', NULL)",
    "(901, 1, now(), 'opening', '', '', NULL)",
    "(901, 1, now(), 'opening', '2026-1', '', NULL)",
    "(901, 1, now(), 'opening', E'2026-11\\n', '', NULL)",
    "(901, 1, now(), 'opening', E'{}\\n2026-11', '', NULL)",
    "(901, 1, now(), 'deed', '2026-11', '', 'short')",
    "(901, 1, now(), 'checkpoint', '', '', NULL)",
    "(0, 1, now(), 'deed', '', '', NULL)",
    "(0, 1, now(), 'opening', '2026-11', '', NULL)",
    "(-1, 1, now(), 'opening', '2026-11', '', NULL)",
]


@pytest.mark.parametrize("row", NEVER)
def test_an_entry_has_its_form_or_is_refused(log: Log, row: str) -> None:
    with raw_pool().connection() as runtime, runtime.transaction(force_rollback=True):
        runtime.execute("SELECT set_config('trustdesk.scope', %s, true)", [log.context(NORTH).scope])
        runtime.execute(SHAPED + "(901, 2, now(), 'deed', '2026-11', '', sha256(''))")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            runtime.execute(SHAPED + row)


@pytest.mark.parametrize(
    "row",
    [
        "(0, 1, now(), 'checkpoint', '2026-11', '')",
        "(901, 1, now(), 'checkpoint', '', '')",
        "(0, 1, now(), 'opening', '', '')",
    ],
)
def test_a_checkpoint_has_its_form_or_is_refused(log: Log, row: str) -> None:
    shaped = SHAPED.replace(", list_digest", "")
    with raw_pool("sequencer").connection() as sequencer, sequencer.transaction(force_rollback=True):
        sequencer.execute(shaped + "(0, 2, now(), 'checkpoint', '', '')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            sequencer.execute(shaped + row)


def test_the_owner_adds_nothing_either(log: Log) -> None:
    log.execute("ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        log.execute(SHAPED + "(901, 2, now(), 'deed', '2026-11', '', NULL)")
