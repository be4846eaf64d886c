"""Sealing, many values at a time: data keys are made in memory and written in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.seal.api import BoxKey, new_key
from trustdesk.vault.contracts import Place, RetentionClass
from trustdesk.vault.services import keyring, rows
from trustdesk.vault.services.bounds import checked_class, data_key_bound, value_bound

# OFFSET 0 keeps one look-up a customer: fresh from an import, without statistics, the planner would read every key of
# the controller to find fifty.
DATA_KEYS = """
SELECT held.customer_id, held.retention_class, held.controller_key_version, held.wrapped
FROM unnest(%b::bigint[]) AS wanted (customer_id), LATERAL (
  SELECT * FROM vault_data_key AS held
  WHERE held.controller_id = %s AND held.customer_id = wanted.customer_id OFFSET 0
) AS held
"""
# The wrapping key is held until the commit, so that a rotation that ends meanwhile can't destroy it under us.
_ADD = """
WITH wrapper AS (
  SELECT version FROM vault_controller_key
  WHERE controller_id = %s AND version = %s AND destroyed_at IS NULL FOR KEY SHARE
)
INSERT INTO vault_data_key (controller_id, customer_id, retention_class, controller_key_version, wrapped, created_at)
SELECT %s, made.customer_id, made.retention_class, wrapper.version, made.wrapped, now()
FROM wrapper, unnest(%b::bigint[], %b::text[], %b::bytea[]) AS made (customer_id, retention_class, wrapped)
ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class _Made:
    customer_id: int
    retention_class: RetentionClass
    key: bytes


class Seals:
    """What `vault.api.Sealer` does, once it is entered."""

    __slots__ = ("_context", "_keys", "_known", "_made")

    def __init__(self, context: AccessContext) -> None:
        self._context = context
        self._known: set[int] = set()
        self._keys: dict[tuple[int, RetentionClass], BoxKey | None] = {}  # None: destroyed
        self._made: list[_Made] = []

    def prepare(self, customer_ids: Iterable[int]) -> None:
        wanted = list(set(customer_ids) - self._known)
        if not wanted:
            return
        self._known.update(wanted)
        controller_id = self._context.controller_id
        with rows.within(self._context):
            found = rows.fetch(DATA_KEYS, wanted, controller_id)
        self._keys.update(unwrapped(self._context, found))

    def seal(self, customer_id: int, retention_class: RetentionClass, place: Place, plaintext: str) -> bytes:
        bound = value_bound(self._context.controller_id, customer_id, retention_class, place)
        return self._key(customer_id, retention_class).seal(plaintext.encode("utf-8", "surrogatepass"), bound=bound)

    def wrap(self, customer_id: int, retention_class: RetentionClass, inner: bytes, *, bound: bytes) -> bytes:
        """A key under the customer's, so that whoever destroys that one destroys it too."""
        return self._key(customer_id, retention_class).wrap(inner, bound=bound)

    def flush(self) -> None:
        if not self._made:
            return
        with rows.within(self._context):
            if self._write(keyring.ring(self._context)):
                return
            # A ring kept from before a rotation names a wrapper that is destroyed: then look anew, once.
            keyring.forget(self._context.controller_id)
            if self._write(keyring.running(self._context)):
                return
        raise _changed_meanwhile()

    def _key(self, customer_id: int, retention_class: RetentionClass) -> BoxKey:
        if customer_id not in self._known:
            self.prepare((customer_id,))
        name = (customer_id, retention_class)
        if name not in self._keys:
            key = new_key()
            self._made.append(_Made(customer_id, checked_class(retention_class), key))
            self._keys[name] = BoxKey(key)
        box = self._keys[name]
        if box is None:
            raise RefusedError(
                _("The key of this customer's data was destroyed: nothing can be written under it again."),
                place=f"vault {retention_class}",
                mend=_("A new act of the person makes a new customer."),
            )
        return box

    def _write(self, ring: keyring.Ring) -> bool:
        context, made = self._context, self._made
        wrapper = ring.data[ring.active]
        boxes = []
        for one in made:
            bound = data_key_bound(context.controller_id, one.customer_id, one.retention_class)
            boxes.append(wrapper.wrap(one.key, bound=bound))
        customers, classes = [one.customer_id for one in made], [one.retention_class for one in made]
        parameters = (context.controller_id, ring.active, context.controller_id)
        written = rows.run(_ADD, *parameters, customers, classes, boxes)
        if 0 < written < len(made):
            raise _changed_meanwhile()
        if written:
            made.clear()
        return bool(written)


def unwrapped(
    context: AccessContext, found: Iterable[tuple[int, RetentionClass, int, bytes | None]]
) -> dict[tuple[int, RetentionClass], BoxKey | None]:
    """The data keys of rows of `DATA_KEYS`, by customer and class; None where destroyed."""
    rows_found = list(found)
    ring = keyring.ring(context)
    needed = {version for _customer, _class, version, wrapped in rows_found if wrapped is not None}
    if not needed <= ring.data.keys():
        keyring.forget(context.controller_id)
        ring = keyring.running(context)
    keys: dict[tuple[int, RetentionClass], BoxKey | None] = {}
    for customer_id, retention_class, version, wrapped in rows_found:
        key = None
        if wrapped is not None:
            bound = data_key_bound(context.controller_id, customer_id, retention_class)
            key = BoxKey(ring.data[version].unwrap(wrapped, bound=bound))
        keys[customer_id, retention_class] = key
    return keys


def _changed_meanwhile() -> ConflictError:
    return ConflictError(
        _("Somebody else changed this customer meanwhile."), place="vault", mend=_("Nothing was written. Try again.")
    )
