"""Two customers shown as one, and apart again."""

from trustdesk.api.schemas.common import Given, GivenId, Id, Instant, Receipt, Shown, Word
from trustdesk.register.contracts import MergeRecord


class MergeForm(Given):
    """`customer_id` is shown as one with the customer of the address from then on. `reason` names nobody."""

    customer_id: GivenId
    reason: Word


class MergeReceipt(Receipt):
    """`customer_id` is the customer both are shown as; `merge_id` undoes it."""

    customer_id: Id
    merge_id: Id


class MergeUndone(Receipt):
    merge_id: Id


class MergeShown(Shown):
    """`customer_id` is shown as one with `into_id`; apart again where `undone_at` is set."""

    merge_id: Id
    into_id: Id
    customer_id: Id
    reason: str
    merged_at: Instant
    merged_by: Id
    undone_at: Instant | None
    undone_by: Id | None

    @classmethod
    def of(cls, record: MergeRecord) -> "MergeShown":
        return cls(
            merge_id=record.merge_id,
            into_id=record.into_id,
            customer_id=record.customer_id,
            reason=record.reason,
            merged_at=record.merged_at,
            merged_by=record.merged_by,
            undone_at=record.undone_at,
            undone_by=record.undone_by,
        )
