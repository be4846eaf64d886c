"""Lists are screened: may these be contacted, on this channel, for this purpose?"""

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.routes.imports import list_name
from trustdesk.api.schemas.common import Limit, PathId, identifier
from trustdesk.api.schemas.screenings import (
    FilterForm,
    FilterReceipt,
    FilterShown,
    ReportShown,
    ScreeningForm,
    ScreeningReceipt,
    ScreeningShown,
)
from trustdesk.design.files import hand_over
from trustdesk.kernel.clock import now
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import to_public
from trustdesk.screening import api as screening

router = Router(tags=["screenings"])
_FILE_SCHEMA = {"schema": {"type": "string", "format": "binary"}}


@router.post("/screenings", response={202: ScreeningReceipt}, operation_id="start_screening")
@writes("list:screen")
def start(request: CallingRequest, form: ScreeningForm) -> Written:
    """Ask a question of a list. It also needs `clearance:read`."""
    screening_id = _order(request.auth, form)
    address = f"/api/v1/screenings/{to_public(screening_id)}"
    return Written(202, ScreeningReceipt(screening_id=screening_id), address)


def _order(context: AccessContext, form: ScreeningForm) -> int:
    given = [bool(form.list_id), form.filter_id is not None, form.screening_id is not None]
    if sum(given) != 1:
        raise BadInputError(
            _("Say which list is meant, once."), place="list_id", mend="list_id | filter_id | screening_id"
        )
    if form.list_id:
        name = list_name(context, form.list_id)
        return screening.order_received(context, name=name, layout=form.layout(), ask=form.ask(), now=now())
    if form.filter_id is not None:
        return screening.order_filter(context, filter_id=form.filter_id, ask=form.ask(), now=now())
    earlier = screening.progress(context, form.screening_id or 0)
    return screening.order_again(context, list_id=earlier.list_id, ask=form.ask(), now=now())


@router.get("/screenings", response=list[ScreeningShown], operation_id="list_screenings")
@reads("list:screen")
def screenings(request: CallingRequest, limit: Limit = 50) -> list[ScreeningShown]:
    """The newest screenings."""
    return [ScreeningShown.of(progress) for progress in screening.runs(request.auth, limit=limit)]


@router.get("/screenings/{screening_id}", response=ScreeningShown, operation_id="read_screening")
@reads("list:screen")
def progress(request: CallingRequest, screening_id: PathId) -> ScreeningShown:
    """How far a screening is."""
    return ScreeningShown.of(screening.progress(request.auth, identifier(screening_id)))


@router.get("/screenings/{screening_id}/report", response=ReportShown, operation_id="read_screening_report")
@reads("list:screen")
def report(request: CallingRequest, screening_id: PathId) -> ReportShown:
    """What a finished screening came to, by rule, with its signed summary."""
    return ReportShown.of(screening.report(request.auth, identifier(screening_id)))


@router.get(
    "/screenings/{screening_id}/verdicts.csv",
    operation_id="download_verdicts",
    openapi_extra={"responses": {200: {"description": "The verdicts.", "content": {"text/csv": _FILE_SCHEMA}}}},
)
@reads("list:screen")
def verdicts(request: CallingRequest, screening_id: PathId, recipient: str = "") -> HttpResponseBase:
    """The verdicts row by row, for a day: row, column, verdict, rules, fault; nothing that stood in the list.

    `recipient` names who outside the house gets them: it must be declared for purpose and kind of data.
    """
    context, run_id = request.auth, identifier(screening_id)
    given = identifier(recipient) if recipient else None
    found = screening.hand_over(context, run_id=run_id, now=now(), recipient_id=given)
    with tempfile.TemporaryDirectory(prefix="verdicts-", dir=settings.TRUSTDESK_HOME.data) as folder:
        path = Path(folder) / "verdicts.csv"
        screening.write_verdicts(path, found)
        return hand_over(path, name=f"verdicts-{to_public(run_id)}.csv", media_type="text/csv; charset=utf-8")


@router.post("/screenings/{screening_id}/cancel", response={200: ScreeningReceipt}, operation_id="cancel_screening")
@writes("list:screen")
def cancel(request: CallingRequest, screening_id: PathId) -> Written:
    """End a screening that is not over."""
    run_id = identifier(screening_id)
    screening.cancel(request.auth, run_id=run_id, now=now())
    return Written(200, ScreeningReceipt(screening_id=run_id))


@router.get("/filters", response=list[FilterShown], operation_id="list_filters")
@reads("list:screen")
def filters(request: CallingRequest) -> list[FilterShown]:
    """The newest filter of each name."""
    return [FilterShown.of(saved) for saved in screening.filters(request.auth)]


@router.post("/filters", response={201: FilterReceipt}, operation_id="save_filter")
@writes("list:screen")
def save_filter(request: CallingRequest, form: FilterForm) -> Written:
    """Keep which customers are meant, by open attributes. A filter is never changed: a newer one takes its name."""
    return Written(201, FilterReceipt(filter_id=screening.save_filter(request.auth, new=form.read(), now=now())))
