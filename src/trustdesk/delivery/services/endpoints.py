"""Where other systems are called: made, their secrets rotated, switched off and on."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.clearance.api import purpose as purpose_of
from trustdesk.clearance.api import recipient as recipient_of
from trustdesk.delivery.contracts import EVENTS, Endpoint, NewEndpoint, NewSecret
from trustdesk.delivery.models import Endpoint as Row
from trustdesk.delivery.places import secret_label
from trustdesk.delivery.transports.faults import RejectedError
from trustdesk.delivery.transports.https import IPAddress, any_address, checked_url, public
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.seal.api import new_key
from trustdesk.vault.api import root_unwrap, root_wrap

_BOTH_GOOD_FOR = timedelta(hours=24)
_LONGEST_URL = 2_000


def create_endpoint(context: AccessContext, *, endpoint: NewEndpoint, now: datetime) -> NewSecret:
    """Call another system from now on; its secret, shown this once. Needs `delivery:manage`.

    BadInputError for an address that is not https, or an event there is not; NotFoundError for a recipient or purpose
    that is not declared; ConflictError for a name that is taken.
    """
    context.check_operation("delivery:manage")
    _check(endpoint)
    identifier, secret = new_id(), new_key()
    with scoped(context.scope):
        recipient_of(context, endpoint.recipient_id)
        purpose_of(context, endpoint.purpose)
        if Row.objects.filter(controller_id=context.controller_id, name=endpoint.name.strip()).exists():
            raise ConflictError(_("There is already an endpoint of this name."), place="name")
        Row.objects.create(
            controller_id=context.controller_id,
            id=identifier,
            name=endpoint.name.strip(),
            url=endpoint.url,
            recipient_id=endpoint.recipient_id,
            purpose=endpoint.purpose,
            events=sorted(set(endpoint.events)),
            secret=root_wrap(secret, label=secret_label(context.controller_id, identifier)),
            created_at=now,
            created_by=context.operator_id,
        )
        _deed(context, "made", identifier)
    return NewSecret(endpoint_id=identifier, secret=_shown(secret))


def rotate_secret(context: AccessContext, *, endpoint_id: int, now: datetime) -> NewSecret:
    """A new secret, shown this once. For a day calls carry a signature of each, so that the other side can change over.

    Needs `delivery:manage`. ConflictError while the day after the last rotation is not over.
    """
    context.check_operation("delivery:manage")
    secret = new_key()
    with scoped(context.scope):
        row = _held(context, endpoint_id)
        if row.previous_until is not None and row.previous_until > now:
            raise ConflictError(
                _("The secret was changed within the last day."), place="endpoint", mend=_("Try again when it is over.")
            )
        Row.objects.filter(controller_id=context.controller_id, id=endpoint_id).update(
            secret=root_wrap(secret, label=secret_label(context.controller_id, endpoint_id)),
            previous_secret=row.secret,
            previous_until=now + _BOTH_GOOD_FOR,
        )
        _deed(context, "rotated", endpoint_id)
    return NewSecret(endpoint_id=endpoint_id, secret=_shown(secret))


def disable_endpoint(context: AccessContext, *, endpoint_id: int, now: datetime) -> None:
    """Call it no more; what waits for it fails. Needs `delivery:manage`."""
    context.check_operation("delivery:manage")
    with scoped(context.scope):
        _held(context, endpoint_id)
        switch_off(context, endpoint_id, "by-hand", now=now)


def enable_endpoint(context: AccessContext, *, endpoint_id: int) -> None:
    """Call it again; what failed meanwhile is not repeated by itself. Needs `delivery:manage`."""
    context.check_operation("delivery:manage")
    with scoped(context.scope):
        _held(context, endpoint_id)
        Row.objects.filter(controller_id=context.controller_id, id=endpoint_id).update(
            disabled_at=None, disabled_because="", failing_since=None
        )
        _deed(context, "enabled", endpoint_id)


def endpoints(context: AccessContext) -> Sequence[Endpoint]:
    """The company's endpoints by name, without secrets. Needs `delivery:read`."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        return [_view(row) for row in Row.objects.filter(controller_id=context.controller_id).order_by("name")]


def switch_off(context: AccessContext, endpoint_id: int, because: str, *, now: datetime) -> None:
    """Inside the scope; also by the worker, after days in which nothing was taken."""
    Row.objects.filter(controller_id=context.controller_id, id=endpoint_id, disabled_at=None).update(
        disabled_at=now, disabled_because=because
    )
    _deed(context, "disabled", endpoint_id)


def living_secrets(row: Row, *, now: datetime) -> list[str]:
    """The secrets that calls are signed with: the present one, and for a day the one before."""
    label = secret_label(row.controller_id, row.id)
    boxes = [row.secret]
    if row.previous_secret is not None and row.previous_until is not None and row.previous_until > now:
        boxes.append(row.previous_secret)
    return [_shown(root_unwrap(bytes(box), label=label)) for box in boxes]


def callable_address(address: IPAddress) -> bool:
    """What an endpoint may resolve to: the open Internet. The demo has nobody but this machine to talk to."""
    return any_address(address) if settings.TRUSTDESK_DEMO else public(address)


def _check(endpoint: NewEndpoint) -> None:
    try:
        checked_url(endpoint.url)
    except RejectedError:
        raise BadInputError(
            _("Another system is called under https only."), place="url", mend="https://example.com/hooks"
        ) from None
    if not endpoint.name.strip() or len(endpoint.name) > 100 or len(endpoint.url) > _LONGEST_URL:
        raise BadInputError(_("An endpoint needs a name."), place="name")
    if not endpoint.events or set(endpoint.events) - EVENTS.keys():
        raise BadInputError(_("There is no such event."), place="events", mend=", ".join(EVENTS))


def _held(context: AccessContext, endpoint_id: int) -> Row:
    row = Row.objects.select_for_update().filter(controller_id=context.controller_id, id=endpoint_id).first()
    if row is None:
        raise NotFoundError(_("There is no such endpoint."), place="endpoint")
    return row


def _deed(context: AccessContext, what: str, endpoint_id: int) -> None:
    context.journal.deed(context, f"delivery.endpoint.{what}", detail={"endpoint": endpoint_id})


def _shown(secret: bytes) -> str:
    return "whsec_" + base64.b64encode(secret).decode()


def _view(row: Row) -> Endpoint:
    return Endpoint(
        endpoint_id=row.id,
        name=row.name,
        url=row.url,
        recipient_id=row.recipient_id,
        purpose=row.purpose,
        events=tuple(row.events),
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
        failing_since=row.failing_since,
        rotating_until=row.previous_until,
        created_at=row.created_at,
    )
