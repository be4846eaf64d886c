"""Verdicts on their way out of the house, and the end of what is kept."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.batch.api import SafeCsvWriter
from trustdesk.clearance.api import may_disclose
from trustdesk.clearance.contracts import POINT_OF_CHANNEL, NotClearedError, PointKind
from trustdesk.decision.contracts import Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import to_public
from trustdesk.screening import selectors
from trustdesk.screening.contracts import Progress, RowVerdict
from trustdesk.screening.models import List

HOLDS = timedelta(hours=24)
"""How long verdicts may be handed out: later, too much that is not in them may have changed."""

_CATEGORIES = {
    PointKind.PHONE: "pd:TelephoneNumber",
    PointKind.EMAIL: "pd:EmailAddress",
    PointKind.ADDRESS: "pd:PhysicalAddress",
    PointKind.HANDLE: "pd:SocialMediaCommunication",
}
_GONE = """
DELETE FROM screening_result d USING screening_run n
WHERE d.controller_id = %(controller)s AND n.controller_id = d.controller_id AND n.id = d.run_id
  AND n.list_id = %(list)s
"""
_ROWS_GONE = "DELETE FROM screening_row WHERE controller_id = %(controller)s AND list_id = %(list)s"


def hand_over(
    context: AccessContext, *, run_id: int, now: datetime, recipient_id: int | None = None
) -> Iterable[RowVerdict]:
    """The verdicts, row by row, for whoever gave the list. Needs `list:screen`; leaves a deed.

    `recipient_id` names who outside the house gets them: then `clearance.may_disclose` is asked first, and where it
    says no NotClearedError carries its verdict. ConflictError where the screening has not finished, or is older than a
    day: what has changed since is not in it.
    """
    found = selectors.report(context, run_id).progress
    check_fresh(found, now=now)
    if recipient_id is not None:
        _check_disclosure(context, found, recipient_id, now)
    with scoped(context.scope):
        context.journal.deed(context, "screening.handed_over", detail={"run": run_id, "recipient": recipient_id or 0})
    return selectors.verdicts(context, run_id)


def check_fresh(found: Progress, *, now: datetime) -> None:
    """Raise ConflictError where the verdicts are too old to be acted on."""
    if found.decided_at is None or now - found.decided_at > HOLDS:
        raise ConflictError(
            _("These verdicts are older than a day: consents may have been withdrawn since."),
            place="screening",
            mend=_("Screen the list again; it need not be given again."),
        )


def _check_disclosure(context: AccessContext, found: Progress, recipient_id: int, now: datetime) -> None:
    kind = POINT_OF_CHANNEL[found.ask.channel]
    verdict = may_disclose(
        context, recipient_id=recipient_id, purpose=found.ask.purpose, categories=[_CATEGORIES[kind]], now=now
    )
    if verdict.outcome is not Outcome.PERMIT:
        first = verdict.reasons[0]
        raise NotClearedError(verdict, _(first.message), place=first.statute.text)


def write_verdicts(path: Path, verdicts: Iterable[RowVerdict]) -> int:
    """Write verdicts as CSV: row, column, verdict, rules, fault; nothing that stood in the list. How many rows.

    Readable by its owner only, whole or not at all.
    """
    draft = path.with_name(path.name + ".draft")
    count = 0
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as stream:
            writer = SafeCsvWriter(stream, ["row", "column", "verdict", "rules", "fault"])
            for one in verdicts:
                writer.write([one.row, one.column, one.outcome.value, " ".join(one.rule_ids), one.fault.value])
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return count


def forget_old(context: AccessContext, *, now: datetime) -> int:
    """Delete the rows and verdicts of lists whose retention is over; how many lists. The summaries stay."""
    forgotten = 0
    with scoped(context.scope), connection.cursor() as cursor:
        due = List.objects.filter(controller_id=context.controller_id, erase_at__lte=now, cells__gt=0)
        for row in due.order_by("id"):
            named = {"controller": context.controller_id, "list": row.id}
            cursor.execute(_GONE, named)
            cursor.execute(_ROWS_GONE, named)
            List.objects.filter(controller_id=row.controller_id, id=row.id).update(cells=0)
            context.journal.deed(context, "screening.list.forgotten", detail={"list": to_public(row.id)})
            forgotten += 1
    return forgotten
