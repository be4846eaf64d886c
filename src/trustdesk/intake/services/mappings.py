"""Saved mappings. One is never changed: the newest of its name counts, and a run says by which it read."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.intake.contracts import ColumnMapping
from trustdesk.intake.models import SavedMapping as Row
from trustdesk.intake.selectors import mappings
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id

_NAME_LIMIT = 100


def save_mapping(context: AccessContext, *, mapping: ColumnMapping, now: datetime) -> int:
    """Keep a mapping under its name, in the place of an older one of it; its id. Saying the same again changes nothing.

    Needs `list:import`.
    """
    context.check_operation("list:import")
    name = mapping.name.strip()
    if not name or len(name) > _NAME_LIMIT:
        raise BadInputError(_("A mapping has a name of at most 100 letters."), place="name")
    with scoped(context.scope):
        newest = Row.objects.filter(controller_id=context.controller_id, name=name).order_by("-saved_at").first()
        if newest is not None and newest.retired_at is None and bytes(newest.digest) == mapping.digest:
            return newest.id
        row = Row(
            controller_id=context.controller_id,
            id=new_id(),
            name=name,
            said=json.dumps(mapping.as_json(), ensure_ascii=False),
            digest=mapping.digest,
            saved_at=now,
            saved_by=context.operator_id,
        )
        row.save(force_insert=True)
        context.journal.deed(context, "intake.mapping.saved", detail={"mapping": row.id})
        return row.id


def delete_mapping(context: AccessContext, *, mapping_id: int, now: datetime) -> None:
    """Offer the mapping's name no more. The imports that used it go on saying how they read their lists.

    Needs `list:import`. NotFoundError where it is not the one that stands under its name now.
    """
    context.check_operation("list:import")
    with scoped(context.scope):
        if mapping_id not in {saved.mapping_id for saved in mappings(context)}:
            raise NotFoundError(_("There is no such mapping."), place="mapping", mend=_("Look at the list again."))
        rows = Row.objects.filter(controller_id=context.controller_id, id=mapping_id)
        rows.update(retired_at=now, retired_by=context.operator_id)
        context.journal.deed(context, "intake.mapping.deleted", detail={"mapping": mapping_id})
