"""What people decided, beside what the model had said."""

from datetime import datetime, timedelta
from typing import LiteralString

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.updates import figures
from trustdesk.updates.contracts import Calibration, Decided

LOOKED_BACK = timedelta(days=365)
# Each candidate of a decided review is one decision: it was them, or it was not.
_REVIEWED: LiteralString = """
SELECT (one.held ->> 'probability')::float8, (one.held ->> 'customer')::bigint = r.choice, one.place = 1
FROM updates_review r
CROSS JOIN LATERAL jsonb_array_elements(r.candidates -> 'candidates') WITH ORDINALITY AS one (held, place)
WHERE r.controller_id = %(controller)s AND r.state = 'decided' AND r.decided_at >= %(since)s
"""
_AUDITED: LiteralString = """
SELECT c.probability, a.verdict = 'right', true
FROM updates_audit a JOIN updates_change c ON c.controller_id = a.controller_id AND c.id = a.change_id
WHERE a.controller_id = %(controller)s AND a.verdict IN ('right', 'wrong') AND a.judged_at >= %(since)s
  AND c.probability IS NOT NULL
"""


def calibration(context: AccessContext, *, tolerated: float = 0.001, now: datetime) -> Calibration:
    """How well the model kept its word in the last year: reviews and audits, band by band, with the Brier score, the
    expected calibration error, and the threshold above which no larger share than `tolerated` is wrong, at 95 %.

    Needs `update:read`; opens nothing and sets nothing. Reviews are the doubtful cases: what is calibrated among them
    says nothing of a band in which nobody decided. See `figures.calibration` for the definitions.
    """
    context.check_operation("update:read")
    parameters: dict[str, int | datetime] = {"controller": context.controller_id, "since": now - LOOKED_BACK}
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_REVIEWED + " UNION ALL " + _AUDITED, parameters)
        decided = [Decided(*row) for row in cursor.fetchall()]
    return figures.calibration(decided, tolerated=tolerated)
