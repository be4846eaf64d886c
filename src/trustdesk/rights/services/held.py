"""What every change of a request shares: hold the row, move it by the table, say what happened, tell the open pages."""

from datetime import datetime

from trustdesk.delivery.api import send_webhook
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.mandates.api import request_context
from trustdesk.rights import places
from trustdesk.rights.contracts import REQUEST, REQUESTS, STATUS, Happening, Kind, State
from trustdesk.rights.models import Event, Request
from trustdesk.rights.rows import no_request
from trustdesk.rights.states import after
from trustdesk.vault.api import Sealer


def hold(context: AccessContext, request_id: int) -> Request:
    """The request, locked until the transaction ends. NotFoundError where the company has none of that id."""
    rows = Request.objects.select_for_update().filter(controller_id=context.controller_id, id=request_id)
    row = rows.first()
    if row is None:
        raise no_request()
    return row


def move(
    context: AccessContext, row: Request, happening: Happening, *, now: datetime, code: str = "", detail: str = ""
) -> None:
    """Bring the request where the table says, with its line of history and its entry in the log; what the caller has
    changed of the row is stored with it. NoSuchStepError: nothing has changed.
    """
    before = State(row.state)
    row.state = after(Kind(row.kind), before, happening)
    row.changed_at = now
    row.save()
    note(context, row, happening, before, now=now, code=code, detail=detail)


def note(
    context: AccessContext,
    row: Request,
    happening: Happening,
    before: State | None,
    *,
    now: datetime,
    code: str = "",
    detail: str = "",
) -> None:
    """One line of the history. What a person said goes into `detail`, which is sealed under the request's own key."""
    event = line(context, row, happening, before, now=now, code=code)
    if detail:
        with Sealer(context) as sealer:
            event.sealed = sealer.seal(row.id, places.PROOF, places.event_place(event.id), detail)
    event.save(force_insert=True)
    subjects = [] if row.customer_id is None else [row.customer_id]
    told: dict[str, object] = {"request": row.id, "right": row.kind, "state": row.state}
    context.journal.deed(
        context, f"rights.{happening}", subjects=subjects, detail=told | ({"how": code} if code else {})
    )
    if before is not State(row.state):
        tell_systems(context, row, event.id, now=now)
    announce(context, Thing(REQUEST, row.id), Thing(REQUESTS, 0))


def line(
    context: AccessContext, row: Request, happening: Happening, before: State | None, *, now: datetime, code: str = ""
) -> Event:
    """A line of the history, not stored yet."""
    return Event(
        controller_id=context.controller_id,
        id=new_id(),
        request_id=row.id,
        at=now,
        happening=happening,
        before=before or "",
        after=row.state,
        operator_id=context.operator_id or None,
        code=code,
    )


def tell_systems(context: AccessContext, row: Request, event_id: int, *, now: datetime) -> None:
    """Other systems of the company that listen learn that it moved on, in the words of OpenDSR: codes only."""
    facts = {
        "request_id": to_public(row.id),
        "subject_request_id": row.external_id,
        "request_status": STATUS[State(row.state)],
        "state": row.state,
        "expected_completion_time": rfc3339(row.due_at),
    }
    send_webhook(
        request_context(context), event="request.changed", key=f"request|{to_public(event_id)}", facts=facts, now=now
    )
