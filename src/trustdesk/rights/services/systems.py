"""Requests that another system of the company hands over, by the field names of OpenDSR."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.delivery.api import endpoints
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public
from trustdesk.mandates.api import request_context
from trustdesk.register.api import proving_points, search
from trustdesk.rights.contracts import Channel, Identity, NewRequest, Received, RequestView
from trustdesk.rights.models import Request
from trustdesk.rights.rows import no_request
from trustdesk.rights.selectors import view
from trustdesk.rights.services.receiving import receive

OUR_ID = "controller_customer_id"
EVENT = "request.changed"


def receive_from_system(
    context: AccessContext,
    *,
    new: NewRequest,
    identities: Sequence[Identity],
    callbacks: Sequence[str] = (),
    now: datetime,
) -> Received:
    """Take in what another system hands over (see `rights.api`)."""
    context.check_operation("request:take")
    if not new.external_id or not identities:
        raise BadInputError(
            _("It needs its own number and an identity."), place="subject_request_id", mend=_("Fill it in.")
        )
    with scoped(context.scope):
        _check_callbacks(context, callbacks)
        named = "; ".join(f"{each.kind}: {each.value}" for each in identities)
        whole = replace(new, channel=Channel.API, customer_id=_found(context, identities, now), reply_to=named)
        return receive(context, new=whole, now=now)


def by_external(context: AccessContext, *, external_id: str, now: datetime) -> RequestView:
    """The request of another system's number (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        row = Request.objects.filter(controller_id=context.controller_id, external_id=external_id).first()
    if row is None or not external_id:
        raise no_request()
    return view(row, now=now)


def _check_callbacks(context: AccessContext, callbacks: Sequence[str]) -> None:
    """What is told goes to declared endpoints alone: an address in a request is nobody's word for who stands there."""
    listening = {each.url for each in endpoints(request_context(context)) if EVENT in each.events}
    if set(callbacks) - listening:
        raise BadInputError(
            _("A callback goes to an endpoint that the company has declared for this event."),
            place="status_callback_urls",
            mend=_("Declare it in the console, under Delivery."),
        )


def _found(context: AccessContext, identities: Sequence[Identity], now: datetime) -> int | None:
    """The one customer whom every identity names; None where it is nobody, or could be several."""
    house = request_context(context)
    named = [_named(house, each, now) for each in identities]
    return named[0] if len(set(named)) == 1 else None


def _named(house: AccessContext, identity: Identity, now: datetime) -> int | None:
    if identity.kind == OUR_ID:
        try:
            customer_id = from_public(identity.value)
            proving_points(house, customer_id, now=now)
        except (ValueError, NotFoundError):
            return None
        return customer_id
    found = search(house, identity.value, limit=2).rows
    return found[0].customer_id if len(found) == 1 else None
