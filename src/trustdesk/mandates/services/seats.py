"""Seats and tokens: given and ended by whoever may manage them, in the installation or under a mandate."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.accounts.api import ROLES, check_installation_operation, operator
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates import scopes
from trustdesk.mandates.contracts import NewToken, SeatView
from trustdesk.mandates.models import ApiToken, Mandate, Seat
from trustdesk.mandates.selectors import seat_view
from trustdesk.mandates.services.companies import write_deed
from trustdesk.mandates.services.contexts import TOKEN_PREFIX, token_digest

LONGEST_TOKEN = timedelta(days=366)


def give_seat(
    *,
    controller_id: int,
    mandate_id: int,
    operator_id: int,
    role: str,
    purposes: Iterable[str],
    starts_at: datetime,
    ends_at: datetime | None,
    by: int | None,
    now: datetime,
) -> SeatView:
    """A place for an operator under a mandate, for some of its purposes. One at a time: ConflictError otherwise."""
    check_installation_operation(by, "seat:manage")
    purposes = sorted(set(purposes))
    if role not in ROLES:
        raise BadInputError(_("There is no such role."), place="role", mend=", ".join(ROLES))
    operator(operator_id)
    with transaction.atomic():
        with scoped(scopes.administering(controller_id, by, now=now)):
            mandate = _mandate(controller_id, mandate_id)
            _check_purposes(purposes, mandate)
            _check_within(starts_at, ends_at, mandate)
            row = _insert_seat(
                Seat(
                    controller_id=controller_id,
                    mandate_id=mandate_id,
                    operator_id=operator_id,
                    role=role,
                    purposes=purposes,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
            )
        detail: dict[str, object] = {"seat": row.id, "operator": operator_id, "mandate": mandate_id, "role": role}
        write_deed(controller_id, "seat.given", {**detail, "purposes": purposes}, by=by, now=now)
    return seat_view(row)


def end_seat(*, controller_id: int, seat_id: int, by: int | None, now: datetime) -> None:
    """The seat ends now: the operator's next request finds it gone."""
    check_installation_operation(by, "seat:manage")
    with transaction.atomic():
        with scoped(scopes.administering(controller_id, by, now=now)):
            rows = Seat.objects.filter(controller_id=controller_id, id=seat_id)
            row = rows.select_for_update().first()
            if row is None:
                raise NotFoundError(_("There is no such seat."), place="seat")
            if row.ends_at is not None and row.ends_at <= now:
                raise ConflictError(_("This seat has already ended."), place="seat")
            if row.starts_at >= now:
                rows.delete()
            else:
                rows.update(ends_at=now)
        write_deed(controller_id, "seat.ended", {"seat": seat_id, "operator": row.operator_id}, by=by, now=now)


def create_token(
    context: AccessContext,
    *,
    name: str,
    operations: Iterable[str],
    purposes: Iterable[str],
    ends_at: datetime,
    now: datetime,
) -> NewToken:
    """A token for another system under the context's mandate, at most a year. The secret is given once.

    It can never do more than the mandate, and dies with the operator who answers for it.
    """
    context.check_operation("token:manage")
    operations, purposes = sorted(set(operations)), sorted(set(purposes))
    if not name.strip():
        raise BadInputError(_("A token needs a name."), place="name", mend=_("Name the system that uses it."))
    if not now < ends_at <= now + LONGEST_TOKEN:
        raise BadInputError(_("A token lives at most a year."), place="ends_at", mend=_("Give an earlier end."))
    key = secrets.token_urlsafe(32)
    with scoped(context.scope):
        mandate = _mandate(context.controller_id, context.mandate_id)
        _check_purposes(purposes, mandate)
        if not operations or set(operations) - set(mandate.operations):
            raise BadInputError(
                _("The mandate does not cover these operations."),
                place="operations",
                mend=", ".join(sorted(mandate.operations)),
            )
        row = ApiToken(
            controller_id=context.controller_id,
            mandate_id=context.mandate_id,
            name=name.strip(),
            digest=token_digest(key),
            operations=operations,
            purposes=purposes,
            responsible_operator_id=context.operator_id,
            starts_at=now,
            ends_at=ends_at,
        )
        row.save(force_insert=True)
        context.journal.deed(context, "token.created", detail={"token": row.id, "operations": operations})
    secret = f"{TOKEN_PREFIX}_{context.controller_id}_{to_public(row.id)}_{key}"
    return NewToken(id=row.id, ends_at=ends_at, secret=secret)


def revoke_token(context: AccessContext, *, token_id: int, now: datetime) -> None:
    """The token opens nothing from now on."""
    context.check_operation("token:manage")
    with scoped(context.scope):
        changed = ApiToken.objects.filter(controller_id=context.controller_id, id=token_id, revoked_at=None).update(
            revoked_at=now
        )
        if not changed:
            raise NotFoundError(_("There is no such token."), place="token")
        context.journal.deed(context, "token.revoked", detail={"token": token_id})


def _insert_seat(row: Seat) -> Seat:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "mandates_seat_one_at_a_time" not in str(error):
            raise
        raise ConflictError(
            _("This operator already has a seat under this mandate."), place="seat", mend=_("End the other seat first.")
        ) from None
    return row


def _mandate(controller_id: int, mandate_id: int) -> Mandate:
    found = Mandate.objects.filter(controller_id=controller_id, id=mandate_id).first()
    if found is None:
        raise NotFoundError(_("There is no such mandate."), place="mandate")
    return found


def _check_purposes(purposes: list[str], mandate: Mandate) -> None:
    if not purposes or set(purposes) - set(mandate.purposes):
        raise BadInputError(
            _("The mandate does not cover this purpose."), place="purposes", mend=", ".join(mandate.purposes)
        )


def _check_within(starts_at: datetime, ends_at: datetime | None, mandate: Mandate) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise BadInputError(_("A seat ends after it starts."), place="ends_at", mend=_("Give a later end."))
    if mandate.ends_at is not None and starts_at >= mandate.ends_at:
        raise BadInputError(_("The mandate ends before this seat starts."), place="starts_at")
