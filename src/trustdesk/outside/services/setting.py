"""Connected systems: declared, tried, paused and taken away."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import ConnectorView, Kind, NewConnector
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.choosing import connector_of
from trustdesk.outside.models import Connector, Run
from trustdesk.outside.selectors import connector, held
from trustdesk.outside.services.running import stands
from trustdesk.outside.services.secrets import secret_of, wrapped
from trustdesk.outside.setups import read_setup
from trustdesk.register.api import catalog
from trustdesk.register.contracts import ValueKind

_MANAGE = "connector:manage"
_LONGEST_NAME, _LONGEST_SECRET = 100, 20_000
_ALWAYS = frozenset({"email", "phone", "name", "customer"})


def save_connector(context: AccessContext, *, connector_id: int | None, new: NewConnector, now: datetime) -> int:
    """Declare a system (`connector_id` None), or change one; its id. Needs `connector:manage`.

    A system whose place changed gets its secret anew: the old one belongs to the old place. BadInputError names the
    part of the setup that does not fit; ConflictError for a name that is taken.
    """
    context.check_operation(_MANAGE)
    setup = read_setup(new.kind, new.setup)
    _check(context, new)
    stored = setup.model_dump(mode="json")
    with scoped(context.scope):
        row = _locked(context, connector_id) if connector_id is not None else None
        if row is not None and row.kind != new.kind:
            raise ConflictError(_("A system stays of its kind."), place="kind", mend=_("Declare another one."))
        identifier = row.id if row is not None else new_id()
        kept = row.secret if row is not None and new.secret is None and _same_place(row.setup, stored) else None
        if row is not None and new.secret is None and row.secret is not None and kept is None:
            raise BadInputError(
                _("The system is at another place now: its secret has to be given anew."), place="secret"
            )
        secret = kept if new.secret is None else wrapped(new.secret, context.controller_id, identifier)
        try:
            with transaction.atomic():
                Connector.objects.update_or_create(
                    controller_id=context.controller_id,
                    id=identifier,
                    defaults={
                        "name": new.name.strip(),
                        "kind": new.kind,
                        "setup": stored,
                        "secret": secret,
                        "tested_at": None,
                        "changed_at": now,
                        "changed_by": context.operator_id,
                    },
                )
        except IntegrityError:
            raise ConflictError(_("There is already a system of this name."), place="name") from None
        context.journal.deed(context, "outside.connector.set", detail={"connector": identifier, "kind": str(new.kind)})
    return identifier


def try_connector(context: AccessContext, *, connector_id: int, now: datetime) -> ConnectorView:
    """Reach the system, sign in, and see that everything declared is there; how it stands then, fault and all. Reads no
    row. Needs `connector:manage`. NotFoundError where there is none.
    """
    context.check_operation(_MANAGE)
    row = held(context, connector_id)
    fault: OutsideError | None = None
    try:
        with connector_of(read_setup(Kind(row.kind), row.setup), secret_of(row)) as reached:
            reached.check()
    except OutsideError as told:
        fault = told
    with scoped(context.scope):
        stands(context, row, fault, now=now)
        context.journal.deed(context, "outside.connector.tried", detail={"connector": row.id, "worked": fault is None})
    return connector(context, connector_id)


def pause_connector(context: AccessContext, *, connector_id: int, now: datetime) -> None:
    """Reach it no more until it is taken up again; what is asked meanwhile waits. Needs `connector:manage`."""
    _paused(context, connector_id, now, "paused")


def resume_connector(context: AccessContext, *, connector_id: int) -> None:
    """Reach it again. Needs `connector:manage`."""
    _paused(context, connector_id, None, "resumed")


def remove_connector(context: AccessContext, *, connector_id: int) -> None:
    """It is the company's no longer: what waited for it waits no more, and its secret is gone. Needs
    `connector:manage`. The log keeps what was done there.
    """
    context.check_operation(_MANAGE)
    with scoped(context.scope):
        row = _locked(context, connector_id)
        Run.objects.filter(controller_id=context.controller_id, connector_id=connector_id).delete()
        row.delete()
        context.journal.deed(context, "outside.connector.removed", detail={"connector": connector_id})


def _paused(context: AccessContext, connector_id: int, paused_at: datetime | None, what: str) -> None:
    context.check_operation(_MANAGE)
    with scoped(context.scope):
        row = _locked(context, connector_id)
        Connector.objects.filter(controller_id=context.controller_id, id=row.id).update(paused_at=paused_at)
        context.journal.deed(context, f"outside.connector.{what}", detail={"connector": connector_id})


def _locked(context: AccessContext, connector_id: int) -> Connector:
    row = Connector.objects.select_for_update().filter(controller_id=context.controller_id, id=connector_id).first()
    if row is None:
        raise NotFoundError(_("There is no such connected system."), place="connector")
    return row


def _check(context: AccessContext, new: NewConnector) -> None:
    if not new.name.strip() or len(new.name) > _LONGEST_NAME or not new.name.isprintable():
        raise BadInputError(_("A system needs a name of at most 100 letters."), place="name")
    if new.secret is not None and len(new.secret) > _LONGEST_SECRET:
        raise BadInputError(_("This secret is too long."), place="secret")
    numbers = {one.code for one in catalog(context) if one.kind is ValueKind.EXTERNAL_ID}
    strangers = read_setup(new.kind, new.setup).keys - _ALWAYS - numbers
    if strangers:
        raise BadInputError(
            _("Nobody is known here by %(key)s.") % {"key": min(strangers)},
            place="setup",
            mend=", ".join(sorted(_ALWAYS | numbers)),
        )


def _same_place(before: dict[str, object], after: dict[str, object]) -> bool:
    """The secret would be given to the same server, as the same user: whoever may change the address alone must not be
    able to have it sent elsewhere.
    """
    places = ("host", "port", "address", "host_key", "tls", "encryption", "user", "access_key", "sign_in")
    return all(before.get(name) == after.get(name) for name in places)
