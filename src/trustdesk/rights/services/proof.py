"""How it becomes known who asks: asking, which stops the clock, and a proof, which starts it again."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.rights import clock
from trustdesk.rights.contracts import Happening, ProofKind
from trustdesk.rights.models import Request
from trustdesk.rights.rows import place_of, set_clock
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import move


def ask(context: AccessContext, row: Request, *, now: datetime) -> None:
    """Ask the person who they are. Inside the scope, the row locked. The first asking counts for the clock."""
    stop(row, now=now)
    move(context, row, Happening.ASKED, now=now)
    letters.write(context, row, letters.Letter.IDENTITY, now=now)


def prove(context: AccessContext, row: Request, kind: ProofKind, *, now: datetime) -> None:
    """It is known who asks. Inside the scope, the row locked; whose request it is stands on the row."""
    if row.suspended_since is not None:
        place = place_of(controller(row.controller_id))
        row.suspended_days += clock.stood(row.suspended_since, now, place=place)
        row.suspended_since = None
    row.identity, row.identity_at, row.identity_by = kind, now, context.operator_id or None
    set_clock(row, now=now)
    move(context, row, Happening.PROVED, now=now, code=kind)


def unprove(context: AccessContext, row: Request, *, reason: str, now: datetime) -> None:
    """The proof is not believed any more. Inside the scope, the row locked."""
    row.identity, row.identity_at, row.identity_by = "", None, None
    stop(row, now=now)
    move(context, row, Happening.DOUBTED, now=now, detail=reason)


def stop(row: Request, *, now: datetime) -> None:
    """The clock stands from now on, where it was asked without undue delay."""
    place = place_of(controller(row.controller_id))
    if row.suspended_since is None and clock.stands(row.received_at, now, place=place):
        row.suspended_since = now
