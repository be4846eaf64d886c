"""A recording's key has one wrapping at a time, dies with whatever destroys it, and is never without an entry."""

import time
from typing import LiteralString

import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.integration.vault.conftest import Company, Recording
from tests.integration.vault.conftest import sealed as seal_value

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, RefusedError, SealBrokenError
from trustdesk.kernel.ids import new_id
from trustdesk.seal.api import BoxKey
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE
from trustdesk.vault import api as vault
from trustdesk.vault.services import keyring, rows, streams

BOUND = b"recording|1"
ANNA, BERT = 11, 12


def opened(context: AccessContext, file_id: int, box: bytes) -> bytes:
    keys = vault.open_stream_keys(context, opening=Opening("test", [1], ["audio"]), file_ids=[file_id])
    if file_id not in keys:
        raise NotFoundError("no key")
    return keys[file_id].open(box, bound=BOUND)


def made(context: AccessContext, subject: tuple[int, str] | None = None) -> tuple[int, bytes]:
    """A recording's number and what was sealed with its key."""
    file_id = new_id()
    key = vault.create_stream_key(context, file_id=file_id, subject=subject)
    return file_id, BoxKey(key).seal(b"hello", bound=BOUND)


def wrappings(context: AccessContext, file_id: int) -> list[tuple[int | None, str, int | None, bool]]:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, retention_class, controller_key_version, wrapped IS NOT NULL"
            " FROM vault_stream_key WHERE id = %s",
            [file_id],
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize("subject", [None, (ANNA, "service"), (ANNA, "statutory:hu-call")])
def test_what_was_sealed_opens_after_an_entry(
    context: AccessContext, journal: Recording, subject: tuple[int, str] | None
) -> None:
    file_id, box = made(context, subject)
    assert opened(context, file_id, box) == b"hello"
    assert len(journal.named("opening")) == 1


def test_no_key_without_an_entry(context: AccessContext, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id, box = made(context)

    def refuse(*_args: object) -> None:
        raise ConnectionError("the log is away")

    monkeypatch.setattr(type(context.journal), "opening", refuse)
    with pytest.raises(ConnectionError):
        opened(context, file_id, box)


def test_a_neighbor_gets_no_key(context: AccessContext, company: Company) -> None:
    file_id, box = made(context)
    with pytest.raises(NotFoundError):
        opened(company(), file_id, box)
    with pytest.raises(NotFoundError):
        vault.refile_stream_key(company(), file_id=file_id, customer_id=ANNA, retention_class="service")


def test_two_customers_have_two_keys_and_one_dies_alone(context: AccessContext) -> None:
    (anna, hers), (bert, his) = made(context, (ANNA, "service")), made(context, (BERT, "service"))
    keys = vault.open_stream_keys(context, opening=Opening("test", [1], []), file_ids=[anna, bert])
    with pytest.raises(SealBrokenError):
        keys[anna].open(his, bound=BOUND)
    assert vault.destroy(context, ANNA, "service", now=clock.now()) == 1
    with pytest.raises(NotFoundError):
        opened(context, anna, hers)
    assert opened(context, bert, his) == b"hello"


def test_a_class_dies_alone(context: AccessContext) -> None:
    served, box = made(context, (ANNA, "service"))
    kept, statutory = made(context, (ANNA, "statutory:hu-call"))
    vault.destroy(context, ANNA, "service", now=clock.now())
    with pytest.raises(NotFoundError):
        opened(context, served, box)
    assert opened(context, kept, statutory) == b"hello"


def test_filing_overwrites_the_wrapping(context: AccessContext) -> None:
    file_id, box = made(context)
    assert wrappings(context, file_id) == [(None, "", 1, True)]
    assert vault.refile_stream_key(context, file_id=file_id, customer_id=ANNA, retention_class="service")
    assert not vault.refile_stream_key(context, file_id=file_id, customer_id=ANNA, retention_class="service")
    assert wrappings(context, file_id) == [(ANNA, "service", None, True)]
    assert opened(context, file_id, box) == b"hello"
    # Somebody else after all: the first customer's key has nothing to do with it any more.
    vault.refile_stream_key(context, file_id=file_id, customer_id=BERT, retention_class="service")
    vault.destroy(context, ANNA, "service", now=clock.now())
    assert opened(context, file_id, box) == b"hello"
    vault.destroy(context, BERT, "service", now=clock.now())
    with pytest.raises(NotFoundError):
        opened(context, file_id, box)


def test_taking_off_overwrites_the_wrapping(context: AccessContext) -> None:
    """A wrong customer's keys have nothing to do with it any more, and a rotation carries it like any other."""
    file_id, box = made(context, (ANNA, "service"))
    assert vault.unfile_stream_key(context, file_id=file_id)
    assert not vault.unfile_stream_key(context, file_id=file_id)
    assert wrappings(context, file_id) == [(None, "", 1, True)]
    vault.destroy(context, ANNA, "service", now=clock.now())
    assert opened(context, file_id, box) == b"hello"
    while not vault.rotate_controller_key(context, chunk=10, now=clock.now()).finished:
        pass
    keyring.forget()
    assert opened(context, file_id, box) == b"hello"
    vault.refile_stream_key(context, file_id=file_id, customer_id=BERT, retention_class="service")
    vault.destroy(context, BERT, "service", now=clock.now())
    with pytest.raises(NotFoundError):
        vault.unfile_stream_key(context, file_id=file_id)


def test_a_neighbor_takes_no_key_off(context: AccessContext, company: Company) -> None:
    file_id, _box = made(context, (ANNA, "service"))
    with pytest.raises(NotFoundError):
        vault.unfile_stream_key(company(), file_id=file_id)
    assert wrappings(context, file_id) == [(ANNA, "service", None, True)]


def test_filing_that_is_killed_leaves_one_wrapping(
    context: AccessContext, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id, box = made(context)
    written = []
    run = rows.run

    def killed(statement: LiteralString, *parameters: object) -> int:
        done = run(statement, *parameters)
        if statement == streams._FILE:
            written.append(statement)
            # The session dies as with its process: after the statement, before the commit.
            held = connection.connection
            assert held is not None
            with cluster.connect(DATABASE) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [held.info.backend_pid])
        return done

    monkeypatch.setattr(rows, "run", killed)
    with pytest.raises(DatabaseError):
        vault.refile_stream_key(context, file_id=file_id, customer_id=ANNA, retention_class="service")
    connection.close()
    monkeypatch.undo()
    assert written
    assert wrappings(context, file_id) == [(None, "", 1, True)]
    assert opened(context, file_id, box) == b"hello"
    vault.refile_stream_key(context, file_id=file_id, customer_id=ANNA, retention_class="service")
    assert opened(context, file_id, box) == b"hello"


def test_nothing_is_filed_under_what_was_forgotten(context: AccessContext) -> None:
    seal_value(context, "a name", customer_id=ANNA)
    file_id, box = made(context)
    vault.destroy(context, ANNA, "service", now=clock.now())
    with pytest.raises(RefusedError):
        vault.refile_stream_key(context, file_id=file_id, customer_id=ANNA, retention_class="service")
    assert opened(context, file_id, box) == b"hello"
    with pytest.raises(RefusedError):
        vault.create_stream_key(context, file_id=new_id(), subject=(ANNA, "service"))


@pytest.mark.parametrize("subject", [None, (ANNA, "service")])
def test_a_destroyed_key_stays_destroyed(context: AccessContext, subject: tuple[int, str] | None) -> None:
    file_id, box = made(context, subject)
    assert vault.destroy_stream_key(context, file_id, now=clock.now()) == 1
    assert vault.destroy_stream_key(context, file_id, now=clock.now()) == 0
    with pytest.raises(NotFoundError):
        opened(context, file_id, box)
    with pytest.raises(NotFoundError):
        vault.refile_stream_key(context, file_id=file_id, customer_id=BERT, retention_class="service")
    for statement in (
        f"UPDATE vault_stream_key SET wrapped = '\\x00', destroyed_at = NULL WHERE id = {file_id}",
        f"UPDATE vault_stream_key SET wrapped = '\\x00' WHERE id = {file_id}",
    ):
        with pytest.raises(IntegrityError), scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_key_is_put_under_one_that_is_not_there(context: AccessContext) -> None:
    file_id, _box = made(context)
    for statement in (
        f"UPDATE vault_stream_key SET controller_key_version = 7 WHERE id = {file_id}",
        "UPDATE vault_stream_key SET customer_id = 9, retention_class = 'proof', controller_key_version = NULL",
        "UPDATE vault_stream_key SET customer_id = 9, retention_class = 'service', controller_key_version = NULL",
        f"UPDATE vault_stream_key SET customer_id = 999, retention_class = 'service' WHERE id = {file_id}",
    ):
        with pytest.raises(IntegrityError), scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_rotation_carries_them_along(context: AccessContext) -> None:
    unknown = [made(context) for _each in range(5)]
    known, box = made(context, (ANNA, "service"))
    dead, _box = made(context)
    vault.destroy_stream_key(context, dead, now=clock.now())
    steps = 0
    while not (progress := vault.rotate_controller_key(context, chunk=2, now=clock.now())).finished:
        steps += 1
        assert progress.done
    assert steps == 4, "one data key, then five recordings, two at a time"
    keyring.forget()
    for file_id, said in unknown:
        assert wrappings(context, file_id) == [(None, "", 2, True)]
        assert opened(context, file_id, said) == b"hello"
    assert opened(context, known, box) == b"hello"


def test_a_process_with_an_old_ring_goes_on(context: AccessContext) -> None:
    old = keyring.ring(context)
    while not vault.rotate_controller_key(context, chunk=10, now=clock.now()).finished:
        pass
    keyring._kept[context.controller_id] = (time.monotonic() + 60, old)
    file_id, box = made(context)
    keyring._kept[context.controller_id] = (time.monotonic() + 60, old)
    assert opened(context, file_id, box) == b"hello"


def test_they_are_backed_up_with_the_keys() -> None:
    assert "vault_stream_key" in {table.table for table in vault.KEY_TABLES}
