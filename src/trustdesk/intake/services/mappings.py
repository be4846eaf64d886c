"""Saved mappings. One is never changed: the newest of its name counts, and a run says by which it read."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.intake.contracts import ColumnMapping, SavedMapping
from trustdesk.intake.models import SavedMapping as Row
from trustdesk.intake.selectors import saved_mapping
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id

_NAME_LIMIT = 100


def save_mapping(context: AccessContext, *, mapping: ColumnMapping, now: datetime) -> int:
    """Keep a mapping under its name; its id. Saying the same again changes nothing. Needs `list:import`."""
    context.check_operation("list:import")
    name = mapping.name.strip()
    if not name or len(name) > _NAME_LIMIT:
        raise BadInputError(_("A mapping has a name of at most 100 letters."), place="name")
    with scoped(context.scope):
        newest = Row.objects.filter(controller_id=context.controller_id, name=name).order_by("-saved_at").first()
        if newest is not None and bytes(newest.digest) == mapping.digest:
            return newest.id
        row = Row(
            controller_id=context.controller_id,
            id=new_id(),
            name=name,
            said=mapping.as_json(),
            digest=mapping.digest,
            saved_at=now,
            saved_by=context.operator_id,
        )
        row.save(force_insert=True)
        context.journal.deed(context, "intake.mapping.saved", detail={"mapping": row.id})
        return row.id


def require(context: AccessContext, mapping_id: int) -> SavedMapping:
    return saved_mapping(context, mapping_id)
