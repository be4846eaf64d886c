"""Visits: a customer who is in, for half an hour."""

import hmac
from datetime import datetime

from trustdesk.identity.contracts import Proof, Visit
from trustdesk.identity.models import Visit as Row
from trustdesk.identity.services import secrets
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import customer_context


def visit_of(controller_id: int, *, secret: str, now: datetime) -> Visit | None:
    """Who is in by this cookie; None where nobody is, or not any more."""
    named = secrets.read(secret)
    if named is None:
        return None
    context = customer_context(controller_id, visit=to_public(named.row_id), now=now)
    with scoped(context.scope):
        row = Row.objects.filter(
            controller_id=controller_id, id=named.row_id, ended_at=None, expires_at__gt=now
        ).first()
    if row is None or not hmac.compare_digest(bytes(row.digest), named.digest):
        return None
    return visit(row)


def visiting(one: Visit, *, now: datetime) -> AccessContext:
    """The context of what the customer does during the visit, under the visit's name in the log."""
    return customer_context(one.controller_id, visit=to_public(one.visit_id), now=now)


def leave(context: AccessContext, one: Visit, *, now: datetime) -> None:
    """End the visit, under its own context."""
    with scoped(context.scope):
        Row.objects.filter(controller_id=one.controller_id, id=one.visit_id, ended_at=None).update(ended_at=now)
        context.journal.deed(context, "identity.left", subjects=[one.customer_id], detail={"visit": one.visit_id})


def visit(row: Row) -> Visit:
    return Visit(
        visit_id=row.id,
        controller_id=row.controller_id,
        customer_id=row.customer_id,
        value_id=row.value_id,
        proof=Proof(row.proof),
        expires_at=row.expires_at,
    )
