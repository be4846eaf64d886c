"""Who answers which queue, and how well."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.mandates.api import SeatView, seats
from trustdesk.telephony.models import Skill
from trustdesk.telephony.services.queues import check_queue

HIGHEST = 100


def set_skill(context: AccessContext, *, operator_id: int, queue: str, level: int | None, now: datetime) -> None:
    """See `telephony.api`."""
    context.check_operation("skill:manage")
    if level is not None and not 0 <= level <= HIGHEST:
        raise BadInputError(_("A skill is a number from 0 to 100."), place="level")
    with scoped(context.scope):
        check_queue(context, queue, "queue")
        held = Skill.objects.filter(controller_id=context.controller_id, operator_id=operator_id, queue=queue)
        if level is None:
            held.delete()
        else:
            if not any(seat.operator_id == operator_id and _lives(seat, now) for seat in seats(context)):
                raise BadInputError(
                    _("This operator has no seat in the company."), place="operator", mend=_("Give a seat first.")
                )
            Skill.objects.update_or_create(
                controller_id=context.controller_id,
                operator_id=operator_id,
                queue=queue,
                defaults={"level": level, "changed_at": now, "changed_by": context.operator_id},
            )
        detail: dict[str, object] = {"operator": operator_id, "queue": queue, "level": level}
        context.journal.deed(context, "telephony.skill.set", detail=detail)


def agents_for(context: AccessContext, queue: str) -> Sequence[tuple[int, int]]:
    """See `telephony.api`."""
    with scoped(context.scope):
        rows = Skill.objects.filter(controller_id=context.controller_id, queue=queue, level__gt=0)
        return list(rows.order_by("-level", "operator_id").values_list("operator_id", "level"))


def skills(context: AccessContext) -> Mapping[int, Mapping[str, int]]:
    """See `telephony.api`."""
    context.check_operation("telephony:read")
    found: dict[int, dict[str, int]] = {}
    with scoped(context.scope):
        rows = Skill.objects.filter(controller_id=context.controller_id).order_by("operator_id", "queue")
        for operator_id, queue, level in rows.values_list("operator_id", "queue", "level"):
            found.setdefault(operator_id, {})[queue] = level
    return found


def _lives(seat: SeatView, now: datetime) -> bool:
    return seat.ends_at is None or seat.ends_at > now
