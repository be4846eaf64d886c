"""Signed checkpoints: what the log's key vouches for, in the form of c2sp.org/tlog-checkpoint."""

import base64
import hashlib
from datetime import datetime, timedelta

import psycopg
from django.conf import settings

from trustdesk.audit.contracts import INSTALLATION
from trustdesk.audit.services.sequencer import split_hashes
from trustdesk.audit.verifier import Frontier, Key
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.ids import new_id
from trustdesk.seal.api import SigningKey

_DUE = """
SELECT t.controller_id FROM audit_tree t
LEFT JOIN LATERAL (
  SELECT size, signed_at FROM audit_checkpoint c WHERE c.controller_id = t.controller_id ORDER BY size DESC LIMIT 1
) last ON true
WHERE last.size IS NULL
  OR (last.size < t.size AND NOT (last.signed_at <= %(now)s AND %(now)s < last.signed_at + %(every)s))
ORDER BY t.controller_id
"""
_TREE = "SELECT size, peaks FROM audit_tree WHERE controller_id = %s FOR UPDATE"
_SIGN = (
    "INSERT INTO audit_checkpoint (controller_id, size, signed_at, note) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_COMMIT = (
    "INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body) VALUES (0, %s, %s, 'checkpoint', '', %s)"
)


def signing_key() -> SigningKey:
    return SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))


def origin(key: SigningKey, controller_id: int) -> str:
    """The log's name: the installation by its key, and the controller. Unique without anybody handing out names."""
    installation = hashlib.sha256(key.verify_key.raw).hexdigest()[:16]
    return f"trustdesk/{installation}/{controller_id}"


def public_key(key: SigningKey, controller_id: int) -> Key:
    return Key(origin(key, controller_id), key.verify_key.raw)


def note(key: SigningKey, name: str, size: int, root: bytes) -> str:
    """The checkpoint as a signed note."""
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = base64.b64encode(key.key_id(name) + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {name} {signature}\n"


def sign(now: datetime, *, every: timedelta = timedelta(0)) -> int:
    """Sign each tree that grew since its last checkpoint, at most once in `every`; how many were signed.

    A clock that was set back delays nothing: then the tree is signed at once.
    """
    key = signing_key()
    with raw_pool("sequencer").connection() as connection:
        due = connection.execute(_DUE, {"now": now, "every": every}).fetchall()
        return sum(_sign(connection, key, controller_id, now) for (controller_id,) in due)


def _sign(connection: psycopg.Connection, key: SigningKey, controller_id: int, now: datetime) -> int:
    with connection.transaction():
        row = connection.execute(_TREE, [controller_id]).fetchone()
        if row is None:
            return 0
        frontier = Frontier(row[0], split_hashes(row[1]))
        signed = note(key, origin(key, controller_id), frontier.size, frontier.root())
        new = connection.execute(_SIGN, [controller_id, frontier.size, now, signed]).rowcount
        if new and controller_id != INSTALLATION:
            # The installation's tree vouches for the controllers' trees: one witness can watch over all of them.
            connection.execute(_COMMIT, [new_id(), now, signed.encode()])
        return new
