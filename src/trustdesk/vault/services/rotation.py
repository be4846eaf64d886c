"""A new controller key, and every data key wrapped under it, a chunk a transaction; then the old one is destroyed."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.vault.contracts import Progress, RetentionClass
from trustdesk.vault.services import keyring, rows
from trustdesk.vault.services.bounds import data_key_bound, file_key_bound, stream_key_bound

_STATES = "SELECT version, state FROM vault_controller_key WHERE controller_id = %s ORDER BY version FOR UPDATE"
_RETIRE = "UPDATE vault_controller_key SET state = 'retiring' WHERE controller_id = %s AND version = %s"
_CHUNK = """
SELECT customer_id, retention_class, wrapped FROM vault_data_key
WHERE controller_id = %s AND controller_key_version = %s AND destroyed_at IS NULL
LIMIT %s FOR UPDATE
"""
_REWRAP = """
UPDATE vault_data_key AS held SET wrapped = made.wrapped, controller_key_version = %s
FROM unnest(%b::bigint[], %b::text[], %b::bytea[]) AS made (customer_id, retention_class, wrapped)
WHERE held.controller_id = %s AND held.customer_id = made.customer_id
  AND held.retention_class = made.retention_class
"""
_LEFT = """
SELECT (
  SELECT count(*) FROM vault_data_key
  WHERE controller_id = %s AND controller_key_version = %s AND destroyed_at IS NULL
) + (
  SELECT count(*) FROM vault_stream_key
  WHERE controller_id = %s AND controller_key_version = %s AND destroyed_at IS NULL
)
"""
# Recordings of callers who never became known; those under a customer's key go along with it.
_STREAMS = """
SELECT id, wrapped FROM vault_stream_key
WHERE controller_id = %s AND controller_key_version = %s AND customer_id IS NULL AND destroyed_at IS NULL
LIMIT %s FOR UPDATE
"""
_REWRAP_STREAMS = """
UPDATE vault_stream_key AS held SET wrapped = made.wrapped, controller_key_version = %s
FROM unnest(%b::bigint[], %b::bytea[]) AS made (id, wrapped)
WHERE held.controller_id = %s AND held.id = made.id
"""
# Files are few: they are wrapped anew in the transaction that destroys the old key.
_FILES = """
SELECT id, wrapped FROM vault_file_key
WHERE controller_id = %s AND controller_key_version = %s AND destroyed_at IS NULL FOR UPDATE
"""
_REWRAP_FILES = """
UPDATE vault_file_key AS held SET wrapped = made.wrapped, controller_key_version = %s
FROM unnest(%b::bigint[], %b::bytea[]) AS made (id, wrapped)
WHERE held.controller_id = %s AND held.id = made.id
"""
_DESTROY_WRAPPER = """
UPDATE vault_controller_key SET state = 'destroyed', wrapped = NULL, destroyed_at = %s
WHERE controller_id = %s AND version = %s
"""
_LIVING = """
SELECT customer_id, retention_class FROM vault_data_key
WHERE controller_id = %s AND customer_id = ANY(%b) AND destroyed_at IS NULL ORDER BY customer_id, retention_class
"""
_KEYS = """
SELECT customer_id, count(*) FILTER (WHERE destroyed_at IS NULL), count(*) FILTER (WHERE destroyed_at IS NOT NULL)
FROM vault_data_key WHERE controller_id = %s AND customer_id = ANY(%b) GROUP BY customer_id
"""
# Locked one after the other, in one order for all: of two who destroy the same keys, one waits. The customers are named
# beside the pairs: what is only joined is sooner found by reading every key there is.
_DESTROY = """
WITH living AS (
  SELECT held.customer_id, held.retention_class
  FROM unnest(%b::bigint[], %b::text[]) AS asked (customer_id, retention_class)
  JOIN vault_data_key AS held
    ON held.customer_id = asked.customer_id AND held.retention_class = asked.retention_class
  WHERE held.controller_id = %s AND held.customer_id = ANY(%b::bigint[]) AND held.destroyed_at IS NULL
  ORDER BY held.customer_id, held.retention_class FOR UPDATE OF held
)
UPDATE vault_data_key AS gone SET wrapped = NULL, destroyed_at = %s
FROM living
WHERE gone.controller_id = %s AND gone.customer_id = ANY(%b::bigint[]) AND gone.customer_id = living.customer_id
  AND gone.retention_class = living.retention_class AND gone.destroyed_at IS NULL
RETURNING gone.customer_id, gone.retention_class
"""


def rotate(context: AccessContext, *, chunk: int, now: datetime) -> Progress:
    if chunk < 1:
        raise ValueError("a chunk holds at least one key")
    with rows.within(context):
        # Locking the controller's keys puts two rotations in line, and waits for writers of new data keys.
        states = {state: version for version, state in rows.fetch(_STATES, context.controller_id)}
        if "active" not in states:
            raise keyring.no_keys()
        if "retiring" not in states:
            states = _begin(context, states["active"], now)
        progress = _go_on(context, old=states["retiring"], new=states["active"], chunk=chunk, now=now)
    keyring.forget(context.controller_id)
    return progress


def destroy_many(context: AccessContext, pairs: Sequence[tuple[int, RetentionClass]], *, now: datetime) -> int:
    if not pairs:
        return 0
    customers, classes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with rows.within(context):
        controller = context.controller_id
        destroyed = rows.fetch(_DESTROY, customers, classes, controller, customers, now, controller, customers)
        if destroyed:
            context.journal.deed(
                context,
                "vault.key.destroyed",
                subjects=sorted({row[0] for row in destroyed}),
                detail={"keys": len(destroyed), "classes": sorted({row[1] for row in destroyed})},
            )
    return len(destroyed)


def living_classes(context: AccessContext, customer_ids: Sequence[int]) -> list[tuple[int, RetentionClass]]:
    with rows.within(context):
        return rows.fetch(_LIVING, context.controller_id, list(customer_ids))


def count_keys(context: AccessContext, people: Sequence[Sequence[int]]) -> list[dict[str, int]]:
    asked = [each for person in people for each in person]
    with rows.within(context):
        found = {row[0]: row[1:] for row in rows.fetch(_KEYS, context.controller_id, asked)}
    counted = []
    for person in people:
        of_person = [found[each] for each in person if each in found]
        counted.append({"living": sum(each[0] for each in of_person), "destroyed": sum(each[1] for each in of_person)})
    return counted


def nest_suppression_key(context: AccessContext, *, now: datetime) -> int:
    with rows.within(context):
        level = len(keyring.running(context).suppression) + 1
        if not keyring.add_token_key(context.controller_id, "suppression", level, now):
            raise ConflictError(
                _("Somebody else nested the key meanwhile."), place="vault", mend=_("Look before you repeat it.")
            )
        context.journal.deed(context, "vault.suppression.nested", detail={"level": level})
    keyring.forget(context.controller_id)
    return level


def _begin(context: AccessContext, active: int, now: datetime) -> dict[str, int]:
    rows.run(_RETIRE, context.controller_id, active)
    keyring.add_data_key(context.controller_id, active + 1, now)
    context.journal.deed(context, "vault.rotation.begun", detail={"version": active + 1})
    return {"active": active + 1, "retiring": active}


def _go_on(context: AccessContext, *, old: int, new: int, chunk: int, now: datetime) -> Progress:
    controller_id = context.controller_id
    ring = keyring.running(context)
    done = _rewrap(ring, controller_id, old=old, new=new, chunk=chunk)
    done = done or _rewrap_streams(ring, controller_id, old=old, new=new, chunk=chunk)
    left = rows.fetch(_LEFT, controller_id, old, controller_id, old)[0][0]
    if done or left:
        return Progress(done=done, left=left, finished=False)
    _rewrap_files(ring, controller_id, old=old, new=new)
    rows.run(_DESTROY_WRAPPER, now, controller_id, old)
    context.journal.deed(context, "vault.rotation.ended", detail={"version": old})
    return Progress(done=0, left=0, finished=True)


def _rewrap(ring: keyring.Ring, controller_id: int, *, old: int, new: int, chunk: int) -> int:
    held = rows.fetch(_CHUNK, controller_id, old, chunk)
    boxes = []
    for customer_id, retention_class, wrapped in held:
        bound = data_key_bound(controller_id, customer_id, retention_class)
        boxes.append(ring.data[new].wrap(ring.data[old].unwrap(wrapped, bound=bound), bound=bound))
    if held:
        rows.run(_REWRAP, new, [row[0] for row in held], [row[1] for row in held], boxes, controller_id)
    return len(held)


def _rewrap_streams(ring: keyring.Ring, controller_id: int, *, old: int, new: int, chunk: int) -> int:
    held = rows.fetch(_STREAMS, controller_id, old, chunk)
    boxes = []
    for file_id, wrapped in held:
        bound = stream_key_bound(controller_id, file_id, None, "")
        boxes.append(ring.data[new].wrap(ring.data[old].unwrap(wrapped, bound=bound), bound=bound))
    if held:
        rows.run(_REWRAP_STREAMS, new, [row[0] for row in held], boxes, controller_id)
    return len(held)


def _rewrap_files(ring: keyring.Ring, controller_id: int, *, old: int, new: int) -> None:
    held = rows.fetch(_FILES, controller_id, old)
    boxes = []
    for file_id, wrapped in held:
        bound = file_key_bound(controller_id, file_id)
        boxes.append(ring.data[new].wrap(ring.data[old].unwrap(wrapped, bound=bound), bound=bound))
    if held:
        rows.run(_REWRAP_FILES, new, [row[0] for row in held], boxes, controller_id)
