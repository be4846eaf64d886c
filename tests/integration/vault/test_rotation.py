"""Rotation resumes wherever it was stopped, and the suppression key is nested, never replaced."""

import hashlib
import hmac
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from tests.integration.vault.conftest import Company, Recording, opened, sealed

from trustdesk.cli.rotate_keys import rotate
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.vault import api as vault
from trustdesk.vault.services import keyring


def versions(context: AccessContext) -> dict[int, str]:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT version, state FROM vault_controller_key")
        return dict(cursor.fetchall())


def under(context: AccessContext, version: int) -> int:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vault_data_key WHERE controller_key_version = %s", [version])
        return int(cursor.fetchone()[0])


def finish(context: AccessContext, chunk: int = 100) -> int:
    calls = 1
    while not vault.rotate_controller_key(context, chunk=chunk, now=clock.now()).finished:
        calls += 1
    return calls


def test_a_rotation_goes_on_by_chunks_and_ends_with_the_old_key_destroyed(
    context: AccessContext,
    journal: Recording,
) -> None:
    boxes = [sealed(context, str(customer), customer_id=customer) for customer in range(1, 6)]
    first = vault.rotate_controller_key(context, chunk=2, now=clock.now())
    assert (first.done, first.left, first.finished) == (2, 3, False)
    assert versions(context) == {1: "retiring", 2: "active"}
    assert opened(context, *boxes) == ["1", "2", "3", "4", "5"]
    assert finish(context, 2) == 3
    assert versions(context) == {1: "destroyed", 2: "active"}
    assert opened(context, *boxes) == ["1", "2", "3", "4", "5"]
    assert len(journal.named("vault.rotation.begun")) == len(journal.named("vault.rotation.ended")) == 1


def test_a_second_rotation_begins_anew(context: AccessContext) -> None:
    box = sealed(context, "x")
    finish(context)
    finish(context)
    assert versions(context) == {1: "destroyed", 2: "destroyed", 3: "active"}
    assert opened(context, box) == ["x"]


def test_destroyed_keys_do_not_hold_a_rotation_up(context: AccessContext) -> None:
    box = sealed(context, "x")
    vault.destroy(context, 1, "service", now=clock.now())
    finish(context)
    assert opened(context, box) == [None]


def test_a_chunk_that_fails_is_as_if_it_had_not_begun(context: AccessContext) -> None:
    boxes = [sealed(context, str(customer), customer_id=customer) for customer in range(1, 4)]
    vault.rotate_controller_key(context, chunk=1, now=clock.now())

    def job() -> None:
        with scoped(context.scope):
            vault.rotate_controller_key(context, chunk=1, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    keyring.forget()
    assert under(context, 1) == 2
    finish(context)
    assert opened(context, *boxes) == ["1", "2", "3"]


KILLED = """
import os, sys, time
import django
django.setup()
from datetime import UTC, datetime, timedelta
from trustdesk.isolation.api import sign_scope
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.services import rotation
from trustdesk.vault.api import rotate_controller_key

class Silent:
    def opening(self, *args, **kwargs): pass
    def deed(self, *args, **kwargs): pass

controller, mandate = int(sys.argv[1]), int(sys.argv[2])
expires = clock.now() + timedelta(minutes=5)
scope = sign_scope(controller_id=controller, operator_id=0, mandate_id=mandate, session_id="", expires_at=expires)
context = AccessContext(operator_id=0, session_id="", controller_id=controller, mandate_id=mandate, purpose="",
    categories=frozenset(), operations=frozenset(), expires_at=expires, scope=scope, journal=Silent())
rotate_controller_key(context, chunk=7, now=clock.now())
run = rotation.rows.run
def stop_after_writing(statement, *parameters):
    touched = run(statement, *parameters)
    if statement is rotation._REWRAP:
        print("in the middle", flush=True)
        time.sleep(60)
    return touched
rotation.rows.run = stop_after_writing
rotate_controller_key(context, chunk=7, now=clock.now())
"""


def test_a_rotation_killed_in_the_middle_resumes(context: AccessContext) -> None:
    boxes = [sealed(context, str(customer), customer_id=customer) for customer in range(1, 31)]
    command = [sys.executable, "-c", KILLED, str(context.controller_id), str(context.mandate_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    keyring.forget()
    deadline = time.monotonic() + 60
    while under(context, 2) != 7 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (under(context, 2), under(context, 1)) == (7, 23)
    assert opened(context, *boxes) == [str(box.customer_id) for box in boxes]
    finish(context)
    keyring.forget()
    assert versions(context) == {1: "destroyed", 2: "active"}
    assert opened(context, *boxes) == [str(box.customer_id) for box in boxes]


def test_the_command_goes_on_where_it_was_stopped(context: AccessContext, capsys: pytest.CaptureFixture[str]) -> None:
    boxes = [sealed(context, str(customer), customer_id=customer) for customer in range(1, 6)]
    vault.rotate_controller_key(context, chunk=3, now=clock.now())
    rotate(context.controller_id, "Company", chunk=1)
    assert capsys.readouterr().out.splitlines() == [
        "Company: 1 keys, 1 to go",
        "Company: 2 keys, 0 to go",
        "Company: 2 keys wrapped under the new company key, the old one is destroyed",
    ]
    assert versions(context) == {1: "destroyed", 2: "active"}
    assert opened(context, *boxes) == ["1", "2", "3", "4", "5"]


def test_a_process_that_still_holds_the_old_ring_loses_nothing(context: AccessContext) -> None:
    old = keyring.ring(context)
    finish(context)
    keyring._kept[context.controller_id] = (time.monotonic() + 60, old)
    box = sealed(context, "written with a stale ring")
    assert under(context, 2) == 1
    keyring._kept[context.controller_id] = (time.monotonic() + 60, old)
    assert opened(context, box) == ["written with a stale ring"]


def test_a_rotation_that_is_rolled_back_leaves_no_key_behind(context: AccessContext) -> None:
    before = sealed(context, "before", customer_id=1)

    def job() -> None:
        with scoped(context.scope):
            vault.rotate_controller_key(context, chunk=100, now=clock.now())
            inside = sealed(context, "inside", customer_id=2)
            assert opened(context, before, inside) == ["before", "inside"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    finish(context)
    after = sealed(context, "after", customer_id=3)
    keyring.forget()
    assert opened(context, before, after) == ["before", "after"]


def test_a_nesting_that_is_rolled_back_leaves_no_key_behind(context: AccessContext) -> None:
    def job() -> None:
        with scoped(context.scope):
            assert vault.nest_suppression_key(context, now=clock.now()) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    assert vault.Suppressor(context).level == 1


def test_no_key_is_written_under_a_destroyed_wrapper(context: AccessContext) -> None:
    finish(context)
    statement = (
        "INSERT INTO vault_data_key"
        " (controller_id, customer_id, retention_class, controller_key_version, wrapped, created_at)"
        f" VALUES ({context.controller_id}, 1, 'service', 1, '\\x00', now())"
    )
    with pytest.raises(IntegrityError, match="living"), scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_chunk_holds_at_least_one_key(context: AccessContext) -> None:
    with pytest.raises(ValueError, match="at least one"):
        vault.rotate_controller_key(context, chunk=0, now=clock.now())


def test_suppression_tokens_are_nested(context: AccessContext) -> None:
    before = vault.Suppressor(context)
    stored = before.token("phone", "06 30 123 4567", country="HU")
    assert stored is not None
    assert (stored.version, stored.level, len(stored.token)) == (1, 1, 32)
    assert vault.nest_suppression_key(context, now=clock.now()) == 2
    after = vault.Suppressor(context)
    assert after.level == 2
    assert stored in after.look_up("phone", "+36301234567", country="FI")
    carried = after.renest(stored)
    assert carried == after.token("phone", "+36 30 123 45 67", country="DE")
    assert carried.token == hmac.new(keyring.ring(context).suppression[1], stored.token, hashlib.sha256).digest()
    assert after.renest(carried) == carried
    assert carried in after.look_up("phone", "06-30/123-4567", country="HU")


def test_a_process_with_an_old_ring_still_finds_what_was_nested_elsewhere(context: AccessContext) -> None:
    old = keyring.ring(context)
    stored = vault.Suppressor(context).token("email", "a@example.hu", country="HU")
    assert stored is not None
    vault.nest_suppression_key(context, now=clock.now())
    carried = vault.Suppressor(context).renest(stored)
    keyring._kept[context.controller_id] = (time.monotonic() + 60, old)
    assert carried in vault.Suppressor(context).look_up("email", "A@example.hu", country="HU")


def test_suppression_tokens_are_of_their_controller_and_kind(company: Company) -> None:
    one, other = vault.Suppressor(company()), vault.Suppressor(company())
    tokens = {
        suppressor.token(kind, "a.b@example.hu", country="HU")
        for suppressor in (one, other)
        for kind in ("email", "name", "text")
    }
    assert len(tokens) == 6


def test_what_can_not_be_read_has_no_suppression_token(context: AccessContext) -> None:
    suppressor = vault.Suppressor(context)
    assert suppressor.token("phone", "no number", country="HU") is None
    assert suppressor.look_up("email", "no address", country="HU") == []
    with pytest.raises(ValueError, match="level"):
        suppressor.renest(replace(vault.SuppressionToken(1, 1, b""), level=3))
