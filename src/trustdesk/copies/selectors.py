"""Reading which copies there are. Nothing here opens one."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.copies.contracts import CopyView, Kind, State
from trustdesk.copies.models import Copy
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register.api import shown_as_one


def copy(context: AccessContext, copy_id: int) -> CopyView:
    """One copy and how far it is. Needs `copy:make`. NotFoundError where there is none."""
    context.check_operation("copy:make")
    with scoped(context.scope):
        return view(found(context, copy_id))


def newest(context: AccessContext, *, limit: int = 50) -> Sequence[CopyView]:
    """The company's copies, the newest first. Needs `copy:make`."""
    context.check_operation("copy:make")
    with scoped(context.scope):
        rows = Copy.objects.filter(controller_id=context.controller_id).order_by("-ordered_at", "-id")
        return [view(row) for row in rows[:limit]]


def of_customer(context: AccessContext, customer_id: int) -> Sequence[CopyView]:
    """A customer's copies, the newest first, of all who are shown as one. Needs `customer:open`, as a visit has it;
    opens nothing.
    """
    context.check_operation("customer:open")
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        rows = Copy.objects.filter(controller_id=context.controller_id, customer_id__in=ids)
        return [view(row) for row in rows.order_by("-ordered_at", "-id")]


def found(context: AccessContext, copy_id: int, *, held: bool = False) -> Copy:
    """The row, locked where it is `held`. Inside the scope. NotFoundError where there is none."""
    rows = Copy.objects.select_for_update() if held else Copy.objects
    row = rows.filter(controller_id=context.controller_id, id=copy_id).first()
    if row is None:
        raise NotFoundError(_("There is no such copy."), place="copy", mend=_("Make a new one."))
    return row


def view(row: Copy) -> CopyView:
    return CopyView(
        copy_id=row.id,
        customer_id=row.customer_id,
        kind=Kind(row.kind),
        language=row.language,
        state=State(row.state),
        progress=row.progress,
        reason=row.reason,
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        size=row.size,
        sha256=row.sha256,
        masked=row.masked,
        sent_at=row.sent_at,
        missing=tuple(row.missing),
        downloads=row.downloads,
        downloaded_at=row.downloaded_at,
    )
