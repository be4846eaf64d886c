"""Lists come in: a file is given, looked at, tried, imported, and what was not taken is told."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.cursors import cursor, position
from trustdesk.api.idempotency import Written
from trustdesk.api.problems import ProblemError
from trustdesk.api.schemas.common import Limit, Page, PathId, identifier
from trustdesk.api.schemas.imports import (
    MEDIA_TYPES,
    ImportForm,
    ImportReceipt,
    ImportShown,
    ListReceived,
    MappingForm,
    MappingReceipt,
    MappingShown,
    RejectShown,
)
from trustdesk.batch.contracts import Reading
from trustdesk.design.files import hand_over
from trustdesk.intake import api as intake
from trustdesk.kernel.clock import now
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.kernel.ids import from_public, to_public

router = Router(tags=["imports"])
_ENDINGS = tuple(MEDIA_TYPES.values())
_ADDRESS = "/api/v1/imports/"
_PIECE = 262_144
_FILE_SCHEMA = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/imports/files",
    response={201: ListReceived},
    operation_id="give_list",
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _FILE_SCHEMA)}},
)
@reads("list:preview")
def give_list(request: CallingRequest) -> ListReceived:
    """Give a list as the body itself: CSV, JSON Lines or XLSX. Its columns come back with a proposal for each.

    Nobody is let in by it, so it needs no idempotency key; it is deleted after its import, or after a week.
    """
    ending = MEDIA_TYPES.get(request.content_type or "")
    if ending is None:
        raise ProblemError("wrong-media", headers={"Accept": ", ".join(MEDIA_TYPES)})
    context, instant = request.auth, now()
    name = intake.receive(context, _pieces(request), name=f"list{ending}", now=instant)
    try:
        preview = intake.preview(intake.received(context, name), reading=Reading())
    except TrustdeskError:
        intake.forget(context, name, now=instant)
        raise
    return ListReceived.of(preview, _list_id(context, name))


@router.get("/mappings", response=list[MappingShown], operation_id="list_mappings")
@reads("list:preview")
def mappings(request: CallingRequest) -> list[MappingShown]:
    """How lists are read: the newest mapping of each name."""
    return [MappingShown.of(saved) for saved in intake.mappings(request.auth)]


@router.post("/mappings", response={201: MappingReceipt}, operation_id="save_mapping")
@writes("list:import")
def save_mapping(request: CallingRequest, form: MappingForm) -> Written:
    """Keep how the columns of a kind of list are understood. A mapping is never changed: a newer one takes its name."""
    return Written(201, MappingReceipt(mapping_id=intake.save_mapping(request.auth, mapping=form.read(), now=now())))


@router.post("/imports", response={202: ImportReceipt}, operation_id="start_import")
@writes("list:preview")
def start(request: CallingRequest, form: ImportForm) -> Written:
    """Start an import, which needs `list:import`, or a dry run of a list that was given."""
    import_id = intake.import_received(
        request.auth,
        name=list_name(request.auth, form.list_id),
        mapping_id=form.mapping_id,
        source_id=form.source_id,
        now=now(),
        dry_run=form.dry_run,
    )
    return Written(202, ImportReceipt(import_id=import_id), _ADDRESS + to_public(import_id))


@router.get("/imports", response=Page[ImportShown], operation_id="list_imports")
@reads("list:preview")
def imports(
    request: CallingRequest, cursor_text: Annotated[str, Query(alias="cursor")] = "", limit: Limit = 50
) -> Page[ImportShown]:
    """Imports and dry runs, newest first."""
    context = request.auth
    start_at = position(context, "imports", cursor_text)
    found = intake.runs(context, before=start_at[0] if start_at else None, limit=limit)
    following = cursor(context, "imports", [found[-1].run_id]) if len(found) == limit else None
    return Page[ImportShown](items=[ImportShown.of(progress) for progress in found], next=following)


@router.get("/imports/{import_id}", response=ImportShown, operation_id="read_import")
@reads("list:preview")
def progress(request: CallingRequest, import_id: PathId) -> ImportShown:
    """How far an import is, and its quality report so far."""
    return ImportShown.of(intake.progress(request.auth, identifier(import_id)))


@router.post("/imports/{import_id}/resumptions", response={202: ImportReceipt}, operation_id="resume_import")
@writes("list:import")
def resume(request: CallingRequest, import_id: PathId) -> Written:
    """Have a stopped or interrupted import of an uploaded list go on where it was."""
    run = identifier(import_id)
    intake.resume(request.auth, run_id=run, now=now())
    return Written(202, ImportReceipt(import_id=run), _ADDRESS + to_public(run))


@router.post("/imports/{import_id}/cancellations", response={200: ImportReceipt}, operation_id="cancel_import")
@writes("list:preview")
def cancel(request: CallingRequest, import_id: PathId) -> Written:
    """End an import, which needs `list:import`, or a dry run. Who came in stays; the list that was given is deleted."""
    run = identifier(import_id)
    intake.cancel(request.auth, run_id=run, now=now())
    return Written(200, ImportReceipt(import_id=run), _ADDRESS + to_public(run))


@router.get("/imports/{import_id}/rejects", response=Page[RejectShown], operation_id="list_rejects")
@reads("list:preview")
def rejects(
    request: CallingRequest,
    import_id: PathId,
    cursor_text: Annotated[str, Query(alias="cursor")] = "",
    limit: Limit = 50,
) -> Page[RejectShown]:
    """The rows that were not taken, in the order of the list."""
    context, run = request.auth, intake.progress(request.auth, identifier(import_id)).run_id
    start_at = position(context, f"rejects|{run}", cursor_text)
    found = list(islice(intake.rejects(context, run, after=start_at[0] if start_at else 0), limit))
    following = cursor(context, f"rejects|{run}", [found[-1].row]) if len(found) == limit else None
    return Page[RejectShown](items=[RejectShown.of(reject) for reject in found], next=following)


@router.get(
    "/imports/{import_id}/rejects.csv",
    operation_id="download_rejects",
    openapi_extra={"responses": {200: {"description": "The rejects file.", "content": {"text/csv": _FILE_SCHEMA}}}},
)
@reads("list:preview")
def rejects_file(request: CallingRequest, import_id: PathId) -> HttpResponseBase:
    """The rejects file: row, column, reason, detail; formulas escaped, nothing that stood in the list."""
    run = intake.progress(request.auth, identifier(import_id)).run_id
    with tempfile.TemporaryDirectory(prefix="rejects-", dir=settings.TRUSTDESK_HOME.data) as folder:
        path = Path(folder) / "rejects.csv"
        intake.write_rejects(path, intake.rejects(request.auth, run))
        return hand_over(path, name=f"rejects-{to_public(run)}.csv", media_type="text/csv; charset=utf-8")


def _pieces(request: CallingRequest) -> Iterator[bytes]:
    size = 0
    while piece := request.read(_PIECE):
        size += len(piece)
        if size > settings.TRUSTDESK_API_UPLOAD_BYTES:
            raise ProblemError("too-large")
        yield piece


def _list_id(context: AccessContext, name: str) -> str:
    """The file's name, sealed for this controller: nobody else can name it."""
    stem, _dot, ending = name.partition(".")
    return cursor(context, "list", [from_public(stem), _ENDINGS.index(f".{ending}")])


def list_name(context: AccessContext, list_id: str) -> str:
    """The file that this controller was told by `list_id`."""
    try:
        number, ending = position(context, "list", list_id)
    except (ProblemError, ValueError):
        raise NotFoundError(_("There is no such list."), place="list_id", mend=_("Give the list again.")) from None
    return f"{to_public(number)}{_ENDINGS[ending]}"
