"""No row is passed over, none is numbered twice, whatever transactions and clocks do."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from tests.integration.audit.conftest import NORTH, SOUTH, Log, a_context, owner_connection

from trustdesk.audit import api
from trustdesk.audit.merkle import root_from_inclusion, root_of
from trustdesk.audit.services import journal as writing
from trustdesk.audit.verifier import parse_checkpoint
from trustdesk.isolation.api import raw_pool, scoped
from trustdesk.kernel.context import Opening

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CARD = Opening("register.card", [4711], ["name"])


def numbered(log: Log, controller_id: int = NORTH) -> list[tuple[int, int]]:
    return log.execute(
        "SELECT leaf_index, entry_id FROM audit_leaf WHERE controller_id = %s ORDER BY leaf_index",
        controller_id,
    )


def test_a_long_transaction_holds_the_others_back_and_is_never_passed_over(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "register.correct")  # takes the lower transaction id, and goes on running
        context.journal.opening(context, CARD)
        context.journal.opening(context, CARD)
        assert api.sequence_once(NOW) == 0
        assert api.verification_state(context).waiting == 2
    assert api.sequence_once(NOW) == 3
    kinds = log.execute("SELECT e.kind FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry_id ORDER BY l.leaf_index")
    assert kinds == [("deed",), ("opening",), ("opening",)]


def test_rows_of_a_savepoint_are_filed_under_their_transaction(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "outer")
        with transaction.atomic():
            context.journal.deed(context, "inner")
            transaction.set_rollback(True)
        with transaction.atomic():
            context.journal.deed(context, "kept")
        context.journal.opening(context, CARD)
        assert api.sequence_once(NOW) == 0
    assert api.sequence_once(NOW) == 3


def test_a_rolled_back_transaction_holds_nothing_back(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "undone")
        transaction.set_rollback(True)
    context.journal.opening(context, CARD)
    assert api.sequence_once(NOW) == 1
    assert api.sequence_once(NOW) == 0


def test_small_batches_give_the_same_tree(log: Log) -> None:
    for controller in (NORTH, SOUTH, NORTH):
        context = log.context(controller)
        for _ in range(7):
            context.journal.opening(context, CARD)
    assert api.sequence_once(NOW, limit=3) == 21
    assert [index for index, _ in numbered(log)] == list(range(14))
    assert [index for index, _ in numbered(log, SOUTH)] == list(range(7))
    assert api.sign_checkpoints(NOW) == 2
    for controller in (NORTH, SOUTH):
        leaves = log.execute("SELECT hash FROM audit_leaf WHERE controller_id = %s ORDER BY leaf_index", controller)
        [(note,)] = log.execute("SELECT note FROM audit_checkpoint WHERE controller_id = %s", controller)
        assert parse_checkpoint(str(note).encode()).root == root_of([leaf for (leaf,) in leaves])


def test_one_transaction_larger_than_a_batch(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        for _ in range(10):
            context.journal.deed(context, "import")
    assert api.sequence_once(NOW, limit=4) == 10
    assert len(numbered(log)) == 10


def test_sequencers_at_once_while_many_write(log: Log, django_db_blocker: object) -> None:
    """Four writers, three sequencers, deeds of slow transactions among openings: every row gets one number."""
    written: list[int] = []
    stop = threading.Event()

    def write(operator: int) -> None:
        context = a_context(NORTH if operator % 2 else SOUTH, operator)
        for number in range(40):
            if number % 5:
                context.journal.opening(context, CARD)
            else:
                with scoped(context.scope):
                    context.journal.deed(context, "slow")
                    stop.wait(0.01)
            written.append(number)

    def number() -> int:
        done = 0
        while not stop.is_set():
            done += api.sequence_once(NOW, limit=17)
        return done

    with django_db_blocker.unblock(), ThreadPoolExecutor(7) as threads:  # type: ignore[attr-defined]
        numbering = [threads.submit(number) for _ in range(3)]
        for writing_thread in [threads.submit(write, operator) for operator in range(4)]:
            writing_thread.result()
        stop.set()
        done = sum(thread.result() for thread in numbering)
    done += api.sequence_once(NOW)
    assert (done, len(written)) == (160, 160)
    for controller in (NORTH, SOUTH):
        assert [index for index, _ in numbered(log, controller)] == list(range(80))
    assert log.execute("SELECT count(DISTINCT entry_id) FROM audit_leaf") == [(160,)]


def test_a_clock_set_back_neither_reorders_nor_stops_the_log(log: Log) -> None:
    context = log.context()
    for at in (NOW, NOW - timedelta(days=2), NOW + timedelta(days=1)):
        writing.DatabaseJournal(lambda at=at: at).opening(context, CARD)  # type: ignore[misc]
    assert api.sequence_once(NOW) == 3
    assert api.sign_checkpoints(NOW) == 1
    context.journal.opening(context, CARD)
    api.sequence_once(NOW)
    # The minute since the last checkpoint never ends for a clock that went back: it is signed all the same.
    assert api.sign_checkpoints(NOW - timedelta(hours=1), every=timedelta(minutes=1)) == 2
    order = log.execute(
        "SELECT e.at FROM audit_leaf l JOIN audit_entry e USING (controller_id)"
        " WHERE e.id = l.entry_id AND controller_id = %s ORDER BY l.leaf_index",
        NORTH,
    )
    assert [row[0] for row in order[:3]] == [NOW, NOW - timedelta(days=2), NOW + timedelta(days=1)]
    assert api.check(NORTH, NOW) is None


def test_checkpoints_are_not_signed_more_often_than_asked(log: Log) -> None:
    context = log.context()
    minute = timedelta(minutes=1)
    signed = []
    for seconds in (0, 30, 61):
        context.journal.opening(context, CARD)
        api.sequence_once(NOW)
        before = log.execute("SELECT count(*) FROM audit_checkpoint WHERE controller_id = %s", NORTH)
        api.sign_checkpoints(NOW + timedelta(seconds=seconds), every=minute)
        after = log.execute("SELECT count(*) FROM audit_checkpoint WHERE controller_id = %s", NORTH)
        signed.append(after != before)
    assert signed == [True, False, True]


def test_the_installation_vouches_for_the_controllers_checkpoints(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    for _ in range(2):
        api.sequence_once(NOW)
        api.sign_checkpoints(NOW)
    assert api.controllers() == [api.INSTALLATION, NORTH]
    state = api.installation_state()
    assert (state.size, state.signed_size) == (1, 1)
    [committed] = api.installation_entries(1)[1:]
    [(note,)] = log.execute("SELECT note FROM audit_checkpoint WHERE controller_id = %s", NORTH)
    assert committed.detail == {"note": note}
    # Its own checkpoints are no entries of its own: it comes to rest.
    api.sequence_once(NOW)
    assert api.sign_checkpoints(NOW) == 1  # the reading above was a deed
    assert api.sequence_once(NOW) == 0


def test_after_a_restore_into_another_cluster_no_row_is_lost_or_numbered_twice(log: Log) -> None:
    """Transaction numbers begin anew there; those that came with the rows are larger than any new one for a while."""
    context = log.context()
    context.journal.opening(context, CARD)
    api.sequence_once(NOW)
    context.journal.opening(context, CARD)  # in the backup, without its number
    log.execute("UPDATE audit_entry SET xid = '18000000000000000000'")
    log.execute("UPDATE audit_position SET cluster = 1, xid = '18000000000000000000'")
    context.journal.opening(context, CARD)
    assert api.sequence_once(NOW, limit=2) == 2
    context.journal.opening(context, CARD)
    assert api.sequence_once(NOW) == 1
    assert [index for index, _ in numbered(log)] == [0, 1, 2, 3]


def test_every_entry_proves_itself_across_stored_levels(log: Log) -> None:
    context = log.context()
    with raw_pool().connection() as runtime, runtime.transaction():
        written = [
            writing.DatabaseJournal()._write(context, "opening", {"what": "many"}, [number]) for number in range(700)
        ]
        runtime.execute("SELECT set_config('trustdesk.scope', %s, true)", [context.scope])
        for one in written:
            runtime.execute(*writing.statements(one)[0])
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    assert log.execute("SELECT level, node_index FROM audit_node ORDER BY 1, 2") == [(8, 0), (8, 1)]
    for index, entry_id in numbered(log)[::97] + numbered(log)[-1:]:
        proof = api.proof(context, entry_id)
        checkpoint = parse_checkpoint(proof.checkpoint.encode())
        assert (proof.index, checkpoint.size) == (index, 700)
        assert root_from_inclusion(proof.index, proof.size, proof.leaf, proof.path) == checkpoint.root


def test_a_proof_needs_a_checkpoint(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    with pytest.raises(Exception, match="No checkpoint covers"):
        api.proof(context, 1)


def test_the_sequencer_sees_the_log_only(log: Log) -> None:
    with raw_pool("sequencer").connection() as sequencer:
        tables = sequencer.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = 'public'"
            " AND relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege(pg_class.oid, 'SELECT')",
        ).fetchall()
    assert tables
    assert all(name.startswith("audit_") for (name,) in tables)


def test_two_sequencers_wait_for_each_other(log: Log) -> None:
    context = log.context()
    context.journal.opening(context, CARD)
    with owner_connection() as other, other.transaction():
        other.execute("SELECT 1 FROM audit_position FOR UPDATE")
        with psycopg.connect(settings.TRUSTDESK_CONNINFO["sequencer"], autocommit=True) as impatient:
            impatient.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                impatient.execute("SELECT 1 FROM audit_position FOR UPDATE")
