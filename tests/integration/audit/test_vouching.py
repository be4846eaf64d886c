"""A document that was issued stands in the log by its digest, and a stranger can see that it does."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError
from tests.integration.audit.conftest import NORTH, SOUTH, Log

from trustdesk.audit import api
from trustdesk.audit.merkle import root_from_inclusion
from trustdesk.audit.verifier import leaf_hash, parse_checkpoint
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import NotFoundError, RefusedError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a certificate").digest()


def vouched(log: Log) -> int:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "before")
        entry_id = api.vouch(context, DIGEST)
        context.journal.deed(context, "after")
    return entry_id


def test_its_line_stands_under_the_checkpoint(log: Log) -> None:
    entry_id = vouched(log)
    with pytest.raises(NotFoundError):
        api.vouched(log.context(), entry_id)
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    found = api.vouched(log.context(), entry_id)
    line = json.loads(found.line)
    assert (line["kind"], line["controller"]) == ("certificate", NORTH)
    assert base64.b64decode(line["body"]) == DIGEST
    checkpoint = parse_checkpoint(found.proof.checkpoint.encode())
    leaf = leaf_hash(found.line)
    assert root_from_inclusion(found.proof.index, found.proof.size, leaf, found.proof.path) == checkpoint.root
    assert checkpoint.origin == api.log_name(log.context())


def test_the_reader_of_the_log_sees_it(log: Log) -> None:
    vouched(log)
    [one] = [entry for entry in api.entries(log.context()) if entry.kind == "certificate"]
    assert (one.what, one.detail) == ("certificate", {"sha256": DIGEST.hex()})


def test_the_neighbor_has_no_such_entry(log: Log) -> None:
    entry_id = vouched(log)
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    with pytest.raises(NotFoundError):
        api.vouched(log.context(SOUTH), entry_id)


def test_a_sealed_entry_is_not_shown_to_strangers(log: Log) -> None:
    context = log.context()
    with scoped(context.scope):
        context.journal.deed(context, "something")
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    [(entry_id,)] = log.execute("SELECT id FROM audit_entry WHERE kind = 'deed'")
    with pytest.raises(NotFoundError):
        api.vouched(context, entry_id)


@pytest.mark.parametrize("digest", [b"", b"Kovacs Janos", DIGEST + b"x"])
def test_nothing_but_a_digest_stands_in_clear(log: Log, digest: bytes) -> None:
    context = log.context()
    with pytest.raises((DatabaseError, psycopg.Error)), scoped(context.scope):
        api.vouch(context, digest)


def test_outside_a_transaction_it_is_refused(log: Log) -> None:
    with pytest.raises(RefusedError):
        api.vouch(log.context(), DIGEST)
