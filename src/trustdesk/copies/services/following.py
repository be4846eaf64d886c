"""What connected systems did not hand out in time follows: another copy, whole, as soon as they answer again."""

from datetime import datetime

from trustdesk.copies.contracts import Kind
from trustdesk.copies.elsewhere import answering
from trustdesk.copies.models import Copy
from trustdesk.copies.services.ordering import make
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext


def follow(context: AccessContext, *, now: datetime) -> int:
    """Order the copies that are still to come, over one company; how many. A copy that expired is followed too: the
    person has not got what was missing in it.
    """
    with scoped(context.scope):
        rows = list(Copy.objects.filter(controller_id=context.controller_id, to_follow=True).order_by("id"))
    return sum(_followed(context, row, now=now) for row in rows)


def _followed(context: AccessContext, row: Copy, *, now: datetime) -> bool:
    if not answering(context, row.customer_id, row.missing, copy_id=row.id, now=now):
        return False
    with scoped(context.scope):
        rows = Copy.objects.select_for_update().filter(controller_id=context.controller_id, id=row.id, to_follow=True)
        if not rows.exists():
            return False  # ended or erased meanwhile
        rows.update(to_follow=False)
        make(
            context,
            customer_id=row.customer_id,
            kind=Kind(row.kind),
            language=row.language,
            to_send=row.to_send,
            now=now,
        )
    return True
