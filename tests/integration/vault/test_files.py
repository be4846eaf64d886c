"""A file under a seal is its company's, leaves an entry when it is opened, and dies with its key."""

import time
import tracemalloc
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from tests.integration.vault.conftest import Company, Recording

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, SealBrokenError
from trustdesk.kernel.ids import new_id
from trustdesk.vault import api as vault
from trustdesk.vault.services import keyring
from trustdesk.vault.services.files import BLOCK

OPENING = Opening("intake.list", (), ("list",))
CONTENT = b"Name;Phone\n" + b"Kov\xc3\xa1cs J\xc3\xa1nos;+36301234567\n" * 6_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.fixture
def file_id(context: AccessContext, path: Path) -> int:
    number = new_id()
    pieces = (CONTENT[start : start + 10_000] for start in range(0, len(CONTENT), 10_000))
    vault.seal_file(context, file_id=number, pieces=pieces, path=path)
    return number


def read(context: AccessContext, file_id: int, path: Path) -> bytes:
    with vault.open_file(context, opening=OPENING, file_id=file_id, path=path).open() as stream:
        return stream.read()


def test_the_disk_holds_nothing_in_clear_and_the_company_reads_it(
    context: AccessContext,
    journal: Recording,
    file_id: int,
    path: Path,
) -> None:
    assert len(CONTENT) > 2 * BLOCK
    stored = path.read_bytes()
    for piece in ("Kovács", "János", "+36301234567", "Name;Phone"):
        assert piece.encode() not in stored
    assert read(context, file_id, path) == CONTENT
    assert journal.named("opening") == [OPENING]


def test_the_entry_comes_before_the_key(
    context: AccessContext,
    file_id: int,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_args: object) -> None:
        raise ConnectionError("the log is away")

    monkeypatch.setattr(type(context.journal), "opening", refuse)
    with pytest.raises(ConnectionError):
        read(context, file_id, path)


def test_a_neighbor_opens_nothing_by_any_name(company: Company, file_id: int, path: Path) -> None:
    neighbor = company()
    with pytest.raises(NotFoundError):
        read(neighbor, file_id, path)
    other = new_id()
    vault.seal_file(neighbor, file_id=other, pieces=[b"theirs"], path=path.with_suffix(".theirs"))
    with pytest.raises(SealBrokenError):
        read(neighbor, other, path)


def test_a_file_is_no_other_file_of_its_company(context: AccessContext, file_id: int, path: Path) -> None:
    other = new_id()
    vault.seal_file(context, file_id=other, pieces=[CONTENT], path=path.with_suffix(".other"))
    with pytest.raises(SealBrokenError):
        read(context, file_id, path.with_suffix(".other"))


def test_a_destroyed_key_opens_no_more_and_never_comes_back(
    context: AccessContext,
    journal: Recording,
    file_id: int,
    path: Path,
) -> None:
    assert vault.destroy_file(context, file_id, now=clock.now()) == 1
    assert vault.destroy_file(context, file_id, now=clock.now()) == 0
    with pytest.raises(NotFoundError):
        read(context, file_id, path)
    assert journal.named("opening") == []
    for statement in (
        f"UPDATE vault_file_key SET wrapped = '\\x00', destroyed_at = NULL WHERE id = {file_id}",
        f"UPDATE vault_file_key SET wrapped = '\\x00' WHERE id = {file_id}",
    ):
        with pytest.raises(IntegrityError), scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(NotFoundError):
        read(context, file_id, path)


def test_a_rotation_carries_the_keys_of_files_along(context: AccessContext, file_id: int, path: Path) -> None:
    reading = vault.open_file(context, opening=OPENING, file_id=file_id, path=path)
    dead = new_id()
    vault.seal_file(context, file_id=dead, pieces=[b"x"], path=path.with_suffix(".dead"))
    vault.destroy_file(context, dead, now=clock.now())
    while not vault.rotate_controller_key(context, chunk=10, now=clock.now()).finished:
        pass
    keyring.forget()
    assert read(context, file_id, path) == CONTENT
    with reading.open() as stream:  # what is being read goes on being read
        assert stream.read() == CONTENT
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT controller_key_version FROM vault_file_key WHERE id = %s", [file_id])
        assert cursor.fetchall() == [(2,)]
    with pytest.raises(NotFoundError):
        read(context, dead, path.with_suffix(".dead"))


def test_a_process_with_an_old_ring_loses_no_file(context: AccessContext, path: Path) -> None:
    old = keyring.ring(context)
    while not vault.rotate_controller_key(context, chunk=10, now=clock.now()).finished:
        pass
    stale = time.monotonic() + 60
    keyring._kept[context.controller_id] = (stale, old)
    number = new_id()
    vault.seal_file(context, file_id=number, pieces=[b"written with a stale ring"], path=path)
    keyring._kept[context.controller_id] = (stale, old)
    assert read(context, number, path) == b"written with a stale ring"


def test_a_file_whose_transaction_is_rolled_back_has_no_key(context: AccessContext, path: Path) -> None:
    number = new_id()

    def job() -> None:
        with scoped(context.scope):
            vault.seal_file(context, file_id=number, pieces=[b"x"], path=path)
            assert read(context, number, path) == b"x"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    with pytest.raises(NotFoundError):
        read(context, number, path)


def test_memory_stays_flat_however_large_the_file(context: AccessContext, path: Path) -> None:
    number, pieces, piece = new_id(), 400, b"x" * 65_000
    tracemalloc.start()
    vault.seal_file(context, file_id=number, pieces=(piece for _ in range(pieces)), path=path)
    size = 0
    with vault.open_file(context, opening=OPENING, file_id=number, path=path).open() as stream:
        while part := stream.read(50_000):
            size += len(part)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == pieces * len(piece)
    assert most < 2_000_000, f"{most:,} bytes for a file of {size:,}"
