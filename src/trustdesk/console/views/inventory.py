"""What we hold, why, until when, from where."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trustdesk.console.answers import page
from trustdesk.design.entrance import entered
from trustdesk.design.holding import period_label
from trustdesk.design.law import basis_label
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import InventoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    row: InventoryRow
    label: str
    basis: str
    kept: str
    never_percent: int


@require_GET
@entered("inventory:read")
def inventory(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Counts only: nothing is opened."""
    rows = [
        HeldRow(
            row=row,
            label=_(row.attribute_label),
            basis=basis_label(row.legal_basis),
            kept=period_label(row.retention_period),
            never_percent=round(100 * row.never_confirmed / row.values) if row.values else 0,
        )
        for row in register.inventory(context)
    ]
    return page(request, "console/inventory.html", {"rows": rows}, context=context)
