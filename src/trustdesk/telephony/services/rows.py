"""Rows as the frozen values that cross the door."""

from trustdesk.decision.api import Keep, RecordingMode
from trustdesk.telephony.contracts import NumberView
from trustdesk.telephony.models import Number

PLAIN = (
    "e164",
    "queue",
    "language",
    "country",
    "sector",
    "menu",
    "notice",
    "label",
    "purposes",
    "display",
    "answers",
)


def number_view(row: Number) -> NumberView:
    return NumberView(
        controller_id=row.controller_id,
        mode=RecordingMode(row.mode) if row.mode else None,
        keep=Keep(days=row.keep_days) if row.keep_days else None,
        trunk=row.trunk_id,
        changed_at=row.changed_at,
        **{name: getattr(row, name) for name in PLAIN},
    )
