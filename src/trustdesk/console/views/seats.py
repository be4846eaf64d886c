"""Who may work for this company, and what they opened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trustdesk.accounts import api as accounts
from trustdesk.audit import api as audit
from trustdesk.audit.contracts import EntryView
from trustdesk.console.answers import page
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.purposes import purpose_label, role_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates import api as mandates
from trustdesk.mandates.contracts import MandateView, SeatView

LOOKED_BACK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """A seat with what its operator opened in the newest entries of the log."""

    seat: SeatView
    name: str
    role: str
    purposes: Sequence[str]
    processor: str
    living: bool
    openings: int
    customers: int
    last_at: datetime | None


@require_GET
@entered("seat:read")
def seats(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Living seats first. What they opened is counted where the role may read the log."""
    now = clock.now()
    found = mandates.seats(context)
    may_log = context.allows("log:read")
    entries = audit.entries(context, limit=LOOKED_BACK) if may_log else []
    rows = seat_rows(found, mandates.mandates(context), entries, now=now)
    values = {"rows": rows, "may_log": may_log, "looked_back": LOOKED_BACK}
    return page(request, "console/seats.html", values, context=context)


def seat_rows(
    found: Sequence[SeatView], held: Sequence[MandateView], entries: Sequence[EntryView], *, now: datetime
) -> list[SeatRow]:
    names = accounts.names(seat.operator_id for seat in found)
    by_mandate = {mandate.id: mandate for mandate in held}
    openings, customers, last = _opened(entries)
    rows = [
        SeatRow(
            seat=seat,
            name=operator_name(names, seat.operator_id),
            role=role_label(seat.role),
            purposes=[purpose_label(purpose) for purpose in seat.purposes],
            processor=_processor(by_mandate.get(seat.mandate_id)),
            living=seat.starts_at <= now and (seat.ends_at is None or now < seat.ends_at),
            openings=openings[seat.operator_id],
            customers=len(customers.get(seat.operator_id, ())),
            last_at=last.get(seat.operator_id),
        )
        for seat in found
    ]
    return sorted(rows, key=lambda row: (not row.living, row.name))


def _opened(entries: Sequence[EntryView]) -> tuple[Counter[int], Mapping[int, set[int]], Mapping[int, datetime]]:
    openings: Counter[int] = Counter()
    customers: dict[int, set[int]] = {}
    last: dict[int, datetime] = {}
    for entry in entries:
        if entry.kind != "opening" or not entry.operator_id:
            continue
        openings[entry.operator_id] += 1
        customers.setdefault(entry.operator_id, set()).update(entry.subjects)
        last.setdefault(entry.operator_id, entry.at)
    return openings, customers, last


def _processor(mandate: MandateView | None) -> str:
    return mandate.processor_name or _("Own staff") if mandate else ""
