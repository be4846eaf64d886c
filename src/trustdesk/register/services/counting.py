"""Counting how fresh the register is: one pass over what it holds, opening nothing."""

from datetime import datetime, timedelta
from typing import LiteralString

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.register import wire
from trustdesk.register.selectors.fresh import DAYS, FROM_WHEN, VALUES

MARKS_KEPT = timedelta(days=90)
COUNTS_KEPT = timedelta(days=400)
_COUNT: LiteralString = (
    "INSERT INTO register_fresh_count"  # noqa: S608 - constants of ours
    " (controller_id, day, attribute_id, source_id, confirmed_by, held, fresh, counted_at)"
    " SELECT v.controller_id, %s, v.attribute_id, v.source_id,"
    " CASE WHEN v.confirmed_by IS NULL THEN '' ELSE v.confirmed_by END, count(*),"
    " count(*) FILTER (WHERE %s - " + FROM_WHEN + " <= make_interval(days => " + DAYS + ")), %s " + VALUES + " "
    "WHERE v.controller_id = %s AND v.superseded_at IS NULL GROUP BY 1, 2, 3, 4, 5"
)
_AGAIN = "DELETE FROM register_fresh_count WHERE controller_id = %s AND (day = %s OR day < %s)"
_OLD_MARKS = "DELETE FROM register_question WHERE controller_id = %s AND at < %s"
_OLD_DAYS = "DELETE FROM register_spared WHERE controller_id = %s AND day < %s"


def count_freshness(context: AccessContext, *, now: datetime) -> int:
    """Count how many current values of each attribute, source and confirmation are fresh; the number of lines. Needs
    `inventory:read`. A second count of a day takes the place of the first.
    """
    context.check_operation("inventory:read")
    day, controller = now.date(), context.controller_id
    with scoped(context.scope):
        wire.run(_AGAIN, controller, day, day - COUNTS_KEPT)
        lines = wire.run(_COUNT, day, now, now, controller)
        context.journal.deed(context, "register.freshness.counted", detail={"lines": lines})
    return lines


def count_everywhere(*, now: datetime) -> int:
    """Every company's count of the night, and what is too old goes: marks of conversations after ninety days, counts
    after four hundred. The number of companies counted.
    """
    counted = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:
            continue
        with scoped(context.scope):
            wire.run(_OLD_MARKS, company.id, now - MARKS_KEPT)
            wire.run(_OLD_DAYS, company.id, now.date() - COUNTS_KEPT)
            count_freshness(context, now=now)
        counted += 1
    return counted
