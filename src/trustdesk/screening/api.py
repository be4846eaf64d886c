"""What others may ask of screening. A list comes in, each of its numbers, addresses or customers gets the verdict that
`clearance.decide` would give, and a signed summary says what was asked and by which rules.

Each function takes the access context first and works under its signed scope. `now` is an aware instant.
Law: GDPR Art. 5(2), 6, 7, 21, 25(1); Dir. 2002/58/EC Art. 13. Nothing may be done on a verdict alone: each contact is
decided anew (`clearance.permit`).
"""

from trustdesk.screening.chosen import chosen
from trustdesk.screening.contracts import criteria_from_json
from trustdesk.screening.engines import EngineMissingError
from trustdesk.screening.selectors import filters, lists, progress, report, runs, verdicts
from trustdesk.screening.services.filters import save_filter
from trustdesk.screening.services.handing import check_fresh, forget_old, hand_over, write_verdicts
from trustdesk.screening.services.orders import (
    order_again,
    order_filter,
    order_received,
    resume,
    screen_file,
    screen_filter,
)
from trustdesk.screening.services.runs import cancel
from trustdesk.screening.services.summaries import public_key

__all__ = [
    "EngineMissingError",
    "cancel",
    "check_fresh",
    "chosen",
    "criteria_from_json",
    "filters",
    "forget_old",
    "hand_over",
    "lists",
    "order_again",
    "order_filter",
    "order_received",
    "progress",
    "public_key",
    "report",
    "resume",
    "runs",
    "save_filter",
    "screen_file",
    "screen_filter",
    "verdicts",
    "write_verdicts",
]
