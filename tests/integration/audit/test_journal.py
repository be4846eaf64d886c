"""Openings stay, whatever becomes of the request; deeds live and die with their change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from tests.integration.audit.conftest import NORTH, SOUTH, Log

from trustdesk.audit import api
from trustdesk.audit.services import journal as writing
from trustdesk.audit.services import keys
from trustdesk.isolation.api import raw_pool, scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import RefusedError

CARD = Opening("register.card", [4711], ["name", "phone"], "the customer calls")


class RequestFailedError(Exception):
    """Stands for whatever goes wrong after an opening."""


def failing_request(context: AccessContext) -> None:
    with scoped(context.scope):
        context.journal.deed(context, "register.correct")
        context.journal.opening(context, CARD)
        raise RequestFailedError


def kinds(log: Log) -> list[object]:
    return [row[0] for row in log.execute("SELECT kind FROM audit_entry ORDER BY id")]


def test_an_opening_stays_when_the_request_fails(log: Log) -> None:
    context = log.context()
    with pytest.raises(RequestFailedError):
        failing_request(context)
    assert kinds(log) == ["opening"]


def test_an_opening_stays_when_the_request_rolls_back(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.opening(context, CARD)
        context.journal.deed(context, "register.correct", subjects=[4711])
        transaction.set_rollback(True)
    assert kinds(log) == ["opening"]


def test_an_opening_stands_before_the_first_byte_of_a_stream(log: Log) -> None:
    context = log.context()
    seen = []

    def stream() -> Iterator[bytes]:
        context.journal.opening(context, CARD)
        seen.append(kinds(log))
        yield b"first"
        yield b"second"

    answer = stream()
    assert next(answer) == b"first"
    answer.close()  # type: ignore[attr-defined]
    assert seen == [["opening"]]
    assert kinds(log) == ["opening"]


def test_a_deed_lives_with_its_change(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "register.correct", subjects=[4711], detail={"attribute": 7})
    [entry] = api.entries(context, subject=4711)[1:]
    assert (entry.kind, entry.what, entry.operator_id, entry.detail) == (
        "deed",
        "register.correct",
        77,
        {"attribute": 7},
    )


def test_a_deed_outside_a_transaction_is_refused(log: Log) -> None:
    context = log.context()
    with pytest.raises(RefusedError):
        context.journal.deed(context, "register.correct")


def test_nothing_is_written_for_another_controller(log: Log) -> None:
    north, south = log.context(NORTH), log.context(SOUTH)
    south.journal.opening(south, CARD)
    keys.writing_key(SOUTH, datetime.now(UTC), scope=south.scope)
    forged = replace(south, scope=north.scope)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        forged.journal.opening(forged, CARD)
    assert api.entries(north, subject=4711)[0].what == "audit.entries"
    assert [entry.what for entry in api.entries(south, subject=4711)] == ["audit.entries", "register.card"]


def test_without_a_scope_nothing_is_written_and_nothing_read(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    keys.forget()
    forged = replace(context, scope="forged")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        forged.journal.opening(forged, CARD)
    with raw_pool().connection() as runtime:
        for table in ("audit_entry", "audit_list", "audit_key", "audit_subject", "audit_leaf", "audit_checkpoint"):
            assert runtime.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET at = now()",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "UPDATE audit_leaf SET hash = hash",
        "DELETE FROM audit_leaf",
        "INSERT INTO audit_leaf VALUES (901, 0, 1, decode(repeat('00', 32), 'hex'))",
        "INSERT INTO audit_checkpoint VALUES (901, 1, now(), 'x')",
        "UPDATE audit_key SET wrapped = NULL, destroyed_at = now()",
        "SELECT * FROM audit_position",
        # The runtime role may not choose the transaction an entry is filed under: it could hide behind the sequencer.
        "INSERT INTO audit_entry (controller_id, id, at, kind, body, xid) VALUES (901, 1, now(), 'deed', '', '3')",
    ],
)
def test_the_runtime_role_only_adds(log: Log, statement: str) -> None:
    with raw_pool().connection() as runtime:
        runtime.execute("SELECT set_config('trustdesk.scope', %s, false)", [log.context().scope])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(statement)
        runtime.execute("RESET trustdesk.scope")


def test_the_sequencer_neither_changes_nor_deletes_entries(log: Log) -> None:
    forged = (
        "INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body) VALUES (%s, 1, now(), '%s', '%s', '')"
    )
    with raw_pool("sequencer").connection() as sequencer:
        for statement in (
            "UPDATE audit_entry SET at = now()",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_leaf",
            forged % (901, "opening", "2026-11"),
            forged % (0, "deed", "2026-11"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                sequencer.execute(statement)


def test_nobody_stands_in_clear(log: Log) -> None:
    """Whoever steals the tables learns that something was opened, not by whom, of whom, or what was said."""
    operator, customer = 7_654_321_987, 4_712_345_678
    context = log.context(operator_id=operator)
    context.journal.opening(context, Opening("register.card", [customer], ["name"], "Kovács János calls"))
    context.journal.opening(context, Opening("register.search", range(customer, customer + 2500), ["name"]))
    with scoped(context.scope):
        context.journal.deed(context, "note", subjects=[customer], detail={"note": "kovacs@example.hu"})
    api.installation_deed(operator, "accounts.sign_in", {"email": "kovacs@example.hu"})
    now = datetime.now(UTC)
    api.sequence_once(now)
    api.sign_checkpoints(now)
    tables = [str(row[0]) for row in log.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'audit%%'")]
    clear = ""
    for table in tables:
        columns = log.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'",
            table,
        )
        opened = ", ".join(f"encode({name}, 'escape')" for (name,) in columns) or "''"
        clear += str(log.execute(f"SELECT t::text, {opened} FROM {table} t"))
    assert "checkpoint" in clear
    session_digest = "a-session"
    # Long words without accents: three letters come up by chance in so many sealed bytes, and accents stand as octets.
    for secret in (str(operator), str(customer), "nos calls", "kovacs", "sign_in", "register.", session_digest):
        assert secret not in clear


def test_who_has_looked_finds_entries_before_and_after_they_have_their_number(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    context.journal.opening(context, Opening("register.card", [4712], ["name"]))
    assert [one.what for one in api.entries(context, subject=4711)] == ["audit.entries", "register.card"]
    api.sequence_once(datetime.now(UTC))
    context.journal.opening(context, CARD)
    found = api.entries(context, subject=4711)
    assert [one.what for one in found] == ["audit.entries", "register.card", "audit.entries", "register.card"]
    assert [one.index is None for one in found] == [True, True, False, False]
    assert found[-1].reason == "the customer calls"
    assert found[-1].fields == ("name", "phone")
    page = api.entries(context, subject=4711, before=found[1].id, limit=1)
    assert [one.id for one in page] == [found[2].id]


@pytest.mark.parametrize("numbered", [False, True])
def test_a_long_list_is_cut_into_sealed_pieces_and_found_again(log: Log, numbered: bool) -> None:  # noqa: FBT001
    context = log.context()
    context.journal.opening(context, Opening("intake.import", range(1, 2502), ["name"]))
    if numbered:
        api.sequence_once(datetime.now(UTC))
    assert log.execute("SELECT number, cardinality(subjects) FROM audit_list ORDER BY number") == [
        (0, 1000),
        (1, 1000),
        (2, 501),
    ]
    for subject in (1, 1500, 2501):
        entry = api.entries(context, subject=subject)[-1]
        assert (entry.what, entry.subject_count, entry.subjects) == ("intake.import", 2501, tuple(range(1, 2502)))


def test_a_body_does_not_open_in_another_row(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    context.journal.opening(context, CARD)
    log.execute("UPDATE audit_entry SET body = (SELECT body FROM audit_entry ORDER BY id LIMIT 1)")
    with pytest.raises(Exception, match="does not open"):
        api.entries(context)


def test_reading_needs_the_right(log: Log) -> None:
    context = log.context()
    blind = replace(context, operations=frozenset())
    for reading in (lambda: api.entries(blind), lambda: api.proof(blind, 1), lambda: api.export(blind, out=Path("x"))):
        with pytest.raises(RefusedError):
            reading()


def test_the_month_key_dies_with_the_retention(log: Log) -> None:
    context = log.context()
    now = datetime.now(UTC)
    long_ago = writing.DatabaseJournal(lambda: now - timedelta(days=1200))
    long_ago.opening(context, CARD)
    context.journal.opening(context, CARD)
    api.sequence_once(now)
    assert api.destroy_expired_keys(now, months=36) == 1
    first, *_rest, last = sorted(api.entries(context), key=lambda one: one.at)
    assert (first.opened, first.what, last.opened) == (False, "", True)
    with pytest.raises(RefusedError, match="no key for this month"):
        long_ago.opening(context, CARD)
    assert api.destroy_expired_keys(now, months=36) == 0


def test_a_new_month_key_survives_the_rollback_of_what_first_needed_it(log: Log) -> None:
    context = log.context()
    with pytest.raises(RequestFailedError):
        failing_request(context)
    keys.forget()
    assert api.entries(context)[-1].what == "register.card"


def test_installation_deeds_are_read_by_nobody_with_the_runtime_role(log: Log) -> None:
    api.installation_deed(None, "accounts.sign_in_failed", {"operator": 5})
    with raw_pool().connection() as runtime:
        assert runtime.execute("SELECT count(*) FROM audit_entry").fetchone() == (0,)
    found = api.installation_entries(9)
    assert [(one.what, one.operator_id) for one in found] == [
        ("audit.installation_entries", 9),
        ("accounts.sign_in_failed", None),
    ]


def test_an_installation_deed_joins_the_transaction_it_stands_in(log: Log) -> None:
    with transaction.atomic():
        api.installation_deed(5, "accounts.invite", {})
        transaction.set_rollback(True)
    assert kinds(log) == []


def test_the_journal_tells_nothing_of_itself() -> None:
    assert repr(api.journal()) == "DatabaseJournal()"
