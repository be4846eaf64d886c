"""A controller's unwrapped keys, kept by the process for a minute: unwrapping may mean asking a KMS.

The root key is in this process anyway, so keeping them gives away nothing. What a key may open is decided elsewhere:
without a living scope the database hands out neither data keys nor boxes.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.seal.api import BoxKey, TokenKey, mac, new_key
from trustdesk.vault.services import rows
from trustdesk.vault.services.bounds import controller_key_bound
from trustdesk.vault.services.root import provider

_KEPT_SECONDS = 60.0
_Row = tuple[str, int, str, bytes, str]  # purpose, version or level, state, box, name of the root key
_lock = threading.Lock()
_kept: dict[int, tuple[float, "Ring"]] = {}

_READ = """
SELECT 'data', version, state, wrapped, root_key_id FROM vault_controller_key
  WHERE controller_id = %s AND destroyed_at IS NULL
UNION ALL
SELECT purpose, level, 'active', wrapped, root_key_id FROM vault_token_key WHERE controller_id = %s
ORDER BY 1, 2
"""
_ADD_DATA_KEY = """
INSERT INTO vault_controller_key (controller_id, version, state, wrapped, root_key_id, created_at)
VALUES (%s, %s, 'active', %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ADD_TOKENS_KEY = """
INSERT INTO vault_token_key (controller_id, purpose, level, wrapped, root_key_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one controller. `active` is the version that wraps new data keys."""

    data: dict[int, BoxKey]
    active: int
    search: TokenKey
    suppression: list[bytes]

    def __repr__(self) -> str:
        return "Ring(…)"


def ring(context: AccessContext) -> Ring:
    """The controller's keys. Raises ConflictError where they are not all there.

    Kept are keys that are committed: a key that a rollback takes away must not be used a minute longer.
    """
    now = time.monotonic()
    kept = _kept.get(context.controller_id)
    if kept and now < kept[0]:
        return kept[1]
    loaded = _ring(context.controller_id, _committed(context))
    if loaded is not None:
        with _lock:
            _kept[context.controller_id] = (now + _KEPT_SECONDS, loaded)
        return loaded
    return running(context)


def running(context: AccessContext) -> Ring:
    """The controller's keys as the running transaction sees them."""
    with rows.within(context):
        loaded = _ring(context.controller_id, _read(context.controller_id))
    if loaded is None:
        raise no_keys()
    return loaded


def no_keys() -> ConflictError:
    return ConflictError(
        _("The keys of this company are not here."),
        place="vault",
        mend=_("Restore the keys from their backup: data were restored without them."),
    )


def forget(controller_id: int | None = None) -> None:
    """Drop what this process keeps: keys were made, nested, rotated, or restored."""
    with _lock:
        if controller_id is None:
            _kept.clear()
        else:
            _kept.pop(controller_id, None)


def provision(context: AccessContext, *, now: datetime) -> None:
    with rows.within(context):
        held = {purpose for purpose, *_rest in _read(context.controller_id)}
        if "data" not in held:
            add_data_key(context.controller_id, 1, now)
        for purpose in {"search", "suppression"} - held:
            add_token_key(context.controller_id, purpose, 1, now)
        context.journal.deed(context, "vault.provisioned")
    forget(context.controller_id)


def add_data_key(controller_id: int, version: int, now: datetime) -> int:
    """The number of keys made: 0 where somebody else made it meanwhile."""
    wrapped = provider().wrap(new_key(), bound=controller_key_bound(controller_id, "data", version))
    return rows.run(_ADD_DATA_KEY, controller_id, version, wrapped, provider().key_id, now)


def add_token_key(controller_id: int, purpose: str, level: int, now: datetime) -> int:
    """The number of keys made: 0 where somebody else made it meanwhile."""
    wrapped = provider().wrap(new_key(), bound=controller_key_bound(controller_id, purpose, level))
    return rows.run(_ADD_TOKENS_KEY, controller_id, purpose, level, wrapped, provider().key_id, now)


def nested(keys: list[bytes], token: bytes) -> bytes:
    """HMAC(kn, … HMAC(k2, HMAC(k1, x)))."""
    for key in keys:
        token = mac(key, token)
    return token


def _committed(context: AccessContext) -> list[_Row]:
    """As `_read`, on a connection apart."""
    with raw_pool().connection() as connection, connection.transaction():
        connection.execute("SELECT set_config('trustdesk.scope', %s, true)", [context.scope])
        return connection.execute(_READ, [context.controller_id] * 2, binary=True).fetchall()


def _read(controller_id: int) -> list[_Row]:
    """Every key that is not destroyed, levels in their order."""
    return rows.fetch(_READ, controller_id, controller_id)


def _ring(controller_id: int, found: list[_Row]) -> Ring | None:
    """The ring, None where a key is missing."""
    keys: dict[str, dict[int, bytes]] = {"data": {}, "search": {}, "suppression": {}}
    active = 0
    for purpose, version, state, wrapped, root_key_id in found:
        if root_key_id != provider().key_id:
            raise ConflictError(
                _("The root key is another one than the keys of this company were made under."),
                place=root_key_id,
                mend=_("Restore the keys folder from its backup. Nothing is lost while the right root key exists."),
            )
        bound = controller_key_bound(controller_id, purpose, version)
        keys[purpose][version] = provider().unwrap(wrapped, bound=bound)
        if purpose == "data" and state == "active":
            active = version
    if not active or not keys["search"] or not keys["suppression"]:
        return None
    return Ring(
        data={version: BoxKey(key) for version, key in keys["data"].items()},
        active=active,
        search=TokenKey(keys["search"][1]),
        suppression=list(keys["suppression"].values()),
    )
