"""The database believes a signed, living scope and nothing else."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from trustdesk.isolation.api import in_scope, joined, reading, scoped, sign_operator_scope
from trustdesk.kernel.errors import RefusedError


def _signed() -> str:
    return sign_operator_scope(operator_id=7, session_id="s", expires_at=datetime.now(UTC) + timedelta(minutes=5))


def _operator(scope: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('trustdesk.scope', %s, true)", [scope])
        cursor.execute("SELECT trustdesk_scope_operator()")
        value: int | None = cursor.fetchone()[0]
    return value


@pytest.mark.django_db
def test_a_signed_scope_is_believed() -> None:
    assert _operator(_signed()) == 7


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["", "x", "1.7.0.s.9999999999.00", f"1.7.1.{'0' * 32}.9999999999.{'0' * 64}"])
def test_a_forged_scope_is_nothing(scope: str) -> None:
    assert _operator(scope) is None


@pytest.mark.django_db
def test_an_altered_scope_is_nothing() -> None:
    scope = _signed()
    assert _operator(scope.replace(".7.", ".8.", 1)) is None


@pytest.mark.django_db
def test_an_expired_scope_is_nothing() -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    assert _operator(sign_operator_scope(operator_id=7, session_id="s", expires_at=past)) is None


@pytest.mark.django_db
def test_a_joined_block_is_the_running_one_and_a_stranger_gets_none() -> None:
    scope = _signed()
    with joined(scope), CaptureQueriesContext(connection) as asked:
        with joined(scope):
            assert in_scope(scope)
        with pytest.raises(RefusedError), joined(scope + "x"):
            pass
    assert not asked.captured_queries
    assert not in_scope(scope)


@pytest.mark.django_db
def test_a_fault_in_a_joined_block_undoes_the_whole() -> None:
    scope = _signed()
    with scoped(scope), transaction.atomic(), connection.cursor() as cursor:
        with suppress(DatabaseError), joined(scope):
            cursor.execute("SELECT 1 / 0")
        with pytest.raises(DatabaseError, match="aborted"):
            cursor.execute("SELECT 1")
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_nothing_is_written_in_a_block_that_reads() -> None:
    scope = _signed()
    for inside in (scoped, reading, joined):
        with (
            pytest.raises(DatabaseError, match="read-only transaction"),
            reading(scope),
            inside(scope),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM procrastinate_events")


@pytest.mark.django_db
def test_blocks_within_one_that_reads_are_that_one() -> None:
    scope = _signed()
    with reading(scope), CaptureQueriesContext(connection) as asked:
        with scoped(scope), reading(scope), scoped(scope):
            assert in_scope(scope)
        with pytest.raises(RefusedError), scoped(scope + "x"):
            pass
        assert in_scope(scope)
    assert not asked.captured_queries
    with scoped(scope), CaptureQueriesContext(connection) as asked, scoped(scope):
        pass
    assert asked.captured_queries, "what can be written is taken back alone: a savepoint"


@pytest.mark.django_db
def test_the_key_of_the_scope_is_out_of_reach() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT * FROM isolation_scope_key")


@pytest.mark.django_db
def test_a_scope_does_not_outlive_its_block() -> None:
    scope = _signed()
    with scoped(scope):
        assert _seen() == 7
    assert _seen() is None


@pytest.mark.django_db
def test_an_error_stays_itself_and_takes_the_scope_back() -> None:
    scope = _signed()
    with pytest.raises(DatabaseError, match="division by zero"), scoped(scope), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert _seen() is None


def _seen() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT trustdesk_scope_operator()")
        value: int | None = cursor.fetchone()[0]
    return value
