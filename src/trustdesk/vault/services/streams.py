"""Keys of recordings: one a file, given out once while it is made, wrapped under one other key at any time.

Until the customer is known that is the controller's key; then it is the customer's own of a retention class. Filing
anew overwrites the wrapping in one statement: a crash leaves the old one or the new one, never both and never none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString, NamedTuple

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.seal.api import BoxKey, new_key
from trustdesk.vault.contracts import RetentionClass
from trustdesk.vault.services import keyring, rows
from trustdesk.vault.services.bounds import stream_key_bound
from trustdesk.vault.services.sealing import DATA_KEYS, Seals, unwrapped

Subject = tuple[int, RetentionClass]

# The wrapping key is held until the commit, as for data keys.
_ADD = """
WITH wrapper AS (
  SELECT version FROM vault_controller_key
  WHERE controller_id = %s AND version = %s AND destroyed_at IS NULL FOR KEY SHARE
)
INSERT INTO vault_stream_key (controller_id, id, retention_class, controller_key_version, wrapped, created_at)
SELECT %s, %s, '', wrapper.version, %b, now() FROM wrapper
"""
_ADD_FILED = """
INSERT INTO vault_stream_key (controller_id, id, customer_id, retention_class, wrapped, created_at)
VALUES (%s, %s, %s, %s, %b, now())
"""
_KEYS = """
SELECT id, customer_id, retention_class, controller_key_version, wrapped FROM vault_stream_key
WHERE controller_id = %s AND id = ANY(%b::bigint[]) AND destroyed_at IS NULL
"""
_KEY_TO_FILE = """
SELECT customer_id, retention_class, controller_key_version, wrapped FROM vault_stream_key
WHERE controller_id = %s AND id = %s AND destroyed_at IS NULL FOR UPDATE
"""
_FILE = """
UPDATE vault_stream_key SET customer_id = %s, retention_class = %s, controller_key_version = NULL, wrapped = %b
WHERE controller_id = %s AND id = %s
"""
_UNFILE = """
WITH wrapper AS (
  SELECT version FROM vault_controller_key
  WHERE controller_id = %s AND version = %s AND destroyed_at IS NULL FOR KEY SHARE
), made AS (SELECT %s::int AS controller_id, %s::bigint AS id, %b::bytea AS wrapped)
UPDATE vault_stream_key AS held
SET customer_id = NULL, retention_class = '', controller_key_version = wrapper.version, wrapped = made.wrapped
FROM wrapper, made WHERE held.controller_id = made.controller_id AND held.id = made.id
"""
_DESTROY = """
UPDATE vault_stream_key SET wrapped = NULL, destroyed_at = %s
WHERE controller_id = %s AND id = %s AND destroyed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class StreamKey:
    """A recording's key, for reading: it opens the boxes of its file and does not show itself."""

    file_id: int
    _key: BoxKey = field(repr=False)

    def open(self, box: bytes, *, bound: bytes) -> bytes:
        """The chunk in the box. SealBrokenError where box or `bound` is another one."""
        return self._key.open(box, bound=bound)


class _Held(NamedTuple):
    customer_id: int | None
    retention_class: str
    version: int | None
    wrapped: bytes


def create(context: AccessContext, *, file_id: int, subject: Subject | None) -> bytes:
    key = new_key()
    with rows.within(context):
        if subject is None:
            _under_controller(_ADD, context, file_id, key)
        else:
            rows.run(_ADD_FILED, context.controller_id, file_id, *subject, _filed(context, file_id, subject, key))
    return key


def refile(context: AccessContext, *, file_id: int, subject: Subject) -> bool:
    with rows.within(context):
        held = _held(context, file_id)
        if (held.customer_id, held.retention_class) == subject:
            return False
        wrapped = _filed(context, file_id, subject, _living(context, file_id, held))
        rows.run(_FILE, *subject, wrapped, context.controller_id, file_id)
    return True


def unfile(context: AccessContext, *, file_id: int) -> bool:
    with rows.within(context):
        held = _held(context, file_id)
        if held.customer_id is None:
            return False
        _under_controller(_UNFILE, context, file_id, _living(context, file_id, held))
    return True


def open_keys(context: AccessContext, *, opening: Opening, file_ids: Sequence[int]) -> dict[int, StreamKey]:
    context.journal.opening(context, opening)
    opened = {}
    with rows.within(context):
        found = rows.fetch(_KEYS, context.controller_id, list(file_ids))
        for file_id, *held in found:
            key = _unwrapped(context, file_id, _Held(*held))
            if key is not None:
                opened[file_id] = StreamKey(file_id, BoxKey(key))
    return opened


def destroy(context: AccessContext, file_id: int, *, now: datetime) -> int:
    with rows.within(context):
        return rows.run(_DESTROY, now, context.controller_id, file_id)


def _held(context: AccessContext, file_id: int) -> _Held:
    """As it is wrapped, the row locked."""
    found = rows.fetch(_KEY_TO_FILE, context.controller_id, file_id)
    if not found:
        raise _gone()
    return _Held(*found[0])


def _living(context: AccessContext, file_id: int, held: _Held) -> bytes:
    key = _unwrapped(context, file_id, held)
    if key is None:
        raise _gone()
    return key


def _unwrapped(context: AccessContext, file_id: int, held: _Held) -> bytes | None:
    """The key; None where the customer's own, which it is wrapped under, is destroyed."""
    bound = stream_key_bound(context.controller_id, file_id, held.customer_id, held.retention_class)
    if held.customer_id is None:
        ring = keyring.ring(context)
        if held.version not in ring.data:
            keyring.forget(context.controller_id)
            ring = keyring.running(context)
        return ring.data[held.version or 0].unwrap(held.wrapped, bound=bound)
    found = rows.fetch(DATA_KEYS, [held.customer_id], context.controller_id)
    wrapper = unwrapped(context, found).get((held.customer_id, held.retention_class))
    return None if wrapper is None else wrapper.unwrap(held.wrapped, bound=bound)


def _filed(context: AccessContext, file_id: int, subject: Subject, key: bytes) -> bytes:
    seals = Seals(context)
    wrapped = seals.wrap(*subject, key, bound=stream_key_bound(context.controller_id, file_id, *subject))
    seals.flush()
    return wrapped


def _under_controller(statement: LiteralString, context: AccessContext, file_id: int, key: bytes) -> None:
    # A ring kept from before a rotation names a wrapper that is destroyed: then look anew, once.
    for ring in (keyring.ring, keyring.running):
        held = ring(context)
        wrapped = held.data[held.active].wrap(key, bound=stream_key_bound(context.controller_id, file_id, None, ""))
        if rows.run(statement, context.controller_id, held.active, context.controller_id, file_id, wrapped):
            return
        keyring.forget(context.controller_id)
    raise ConflictError(_("The keys changed meanwhile."), place="vault", mend=_("Nothing was written. Try again."))


def _gone() -> NotFoundError:
    return NotFoundError(_("There is no such recording; it may have been deleted."), place="recording")
