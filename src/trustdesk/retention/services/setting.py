"""The rules in force: set, ended, listed."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ageing import ageing
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.retention.contracts import LONGEST_MONTHS, Ground, NewRule, Rule, Start
from trustdesk.retention.models import Rule as Row

OPERATION = "retention:work"
_LONGEST_SOURCE = 200


def rules(context: AccessContext) -> list[Rule]:
    """See `retention.api.rules`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        return in_force(context)


def in_force(context: AccessContext) -> list[Rule]:
    """Every rule that counts now. Inside the scope."""
    rows = Row.objects.filter(controller_id=context.controller_id, ended_at=None)
    return [_rule(row) for row in rows.order_by("kind", "purpose", "country", "ground")]


def set_rule(context: AccessContext, *, new: NewRule, now: datetime) -> int:
    """See `retention.api.set_rule`."""
    context.check_operation(OPERATION)
    _check(new)
    place = {"kind": new.kind, "purpose": new.purpose, "country": new.country, "ground": new.ground}
    rule_id = new_id()
    with scoped(context.scope):
        before = Row.objects.filter(controller_id=context.controller_id, ended_at=None, **place)
        before.update(ended_at=now, ended_by=context.operator_id)
        Row.objects.create(
            controller_id=context.controller_id,
            id=rule_id,
            **place,
            months=new.months,
            counted_from=new.counted_from,
            source=new.source.strip(),
            set_at=now,
            set_by=context.operator_id,
        )
        detail = {**place, "months": new.months, "counted_from": new.counted_from, "rule": rule_id}
        context.journal.deed(context, "retention.rule.set", detail=detail)
    return rule_id


def end_rule(context: AccessContext, *, rule_id: int, now: datetime) -> None:
    """See `retention.api.end_rule`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        living = Row.objects.filter(controller_id=context.controller_id, id=rule_id, ended_at=None)
        if not living.update(ended_at=now, ended_by=context.operator_id):
            raise NotFoundError(_("There is no such rule in force."), place="rule", mend=_("Load the page again."))
        context.journal.deed(context, "retention.rule.ended", detail={"rule": rule_id})


def _check(new: NewRule) -> None:
    if new.kind not in dict(ageing):
        raise BadInputError(_("This kind of data is not known."), place="kind", mend=_("Choose one of the list."))
    if not 1 <= new.months <= LONGEST_MONTHS:
        raise BadInputError(
            _("A period has from 1 to %(most)s months.") % {"most": LONGEST_MONTHS},
            place="months",
            mend=_("Give the number of months."),
        )
    if new.ground is Ground.STATUTE and not new.source.strip():
        raise BadInputError(_("A law is named with its section."), place="source", mend=_("Say which law."))
    if len(new.source) > _LONGEST_SOURCE:
        raise BadInputError(_("At most 200 letters."), place="source", mend=_("Shorten it."))


def _rule(row: Row) -> Rule:
    return Rule(
        rule_id=row.id,
        kind=row.kind,
        purpose=row.purpose,
        country=row.country,
        months=row.months,
        counted_from=Start(row.counted_from),
        ground=Ground(row.ground),
        source=row.source,
        set_at=row.set_at,
        set_by=row.set_by,
    )
