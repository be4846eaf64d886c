"""The only way to plaintext: the journal's entry first, committed, and then the key."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal.api import BoxKey
from trustdesk.vault.contracts import RetentionClass, SealedBox
from trustdesk.vault.services import rows
from trustdesk.vault.services.bounds import value_bound
from trustdesk.vault.services.sealing import DATA_KEYS, unwrapped


def open_many(context: AccessContext, *, opening: Opening, boxes: Sequence[SealedBox]) -> list[str | None]:
    customers = {box.customer_id for box in boxes}
    if not customers <= set(opening.subjects):
        raise ValueError("an opening names every customer whose values it opens")
    context.journal.opening(context, opening)
    keys = _keys(context, boxes)
    return [_opened(context, keys, box) for box in boxes]


def _keys(context: AccessContext, boxes: Sequence[SealedBox]) -> dict[tuple[int, RetentionClass], BoxKey | None]:
    # Several boxes of a customer bring one key: it is unwrapped once.
    brought = {
        (box.customer_id, box.retention_class, box.key_version, box.key_box)
        for box in boxes
        if box.key_version is not None
    }
    found = list(brought)
    missing = {box.customer_id for box in boxes if box.key_version is None}
    if missing:
        with rows.within(context):
            found += rows.fetch(DATA_KEYS, list(missing), context.controller_id)
    return unwrapped(context, found)


def _opened(
    context: AccessContext, keys: dict[tuple[int, RetentionClass], BoxKey | None], box: SealedBox
) -> str | None:
    name = (box.customer_id, box.retention_class)
    if name not in keys:
        raise SealBrokenError(
            _("The key of a sealed value is not here."),
            place="vault",
            mend=_("The mandate has ended meanwhile, or data were restored without their keys."),
        )
    key = keys[name]
    if key is None:
        return None
    bound = value_bound(context.controller_id, box.customer_id, box.retention_class, box.place)
    try:
        return key.open(box.box, bound=bound).decode("utf-8", "surrogatepass")
    except SealBrokenError:
        raise SealBrokenError(
            _("A sealed value does not open here: it was moved or altered."),
            place=f"{box.place.table}.{box.place.column}",
            mend=_("Keep everything as it is, verify the log, and look at the last restore."),
        ) from None
