"""The life of an operator: invited, accepted, disabled, enabled again."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from trustdesk.accounts import selectors
from trustdesk.accounts.contracts import SetupLink
from trustdesk.accounts.models import DeskSession, ElevatedSession, Link, Operator
from trustdesk.accounts.roles import INSTALLATION_ROLES
from trustdesk.accounts.services import links
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError


def create_first_administrator(*, email: str, name: str, language: str, now: datetime) -> SetupLink:
    """An administrator without a password and the link by which that person sets one."""
    with transaction.atomic():
        if Operator.objects.exclude(accepted_at=None).exists():
            raise ConflictError(
                _("This installation already has operators."),
                place="accounts",
                mend=_("Sign in as an administrator and invite the new one."),
            )
        # A first link that was lost is replaced, with the account nobody ever entered.
        lost = Link.objects.filter(kind="setup").values("operator_id")
        Operator.objects.filter(accepted_at=None, id__in=lost).delete()
        row = _create(email=email, name=name, language=language, roles=("administrator",), now=now)
        link = links.issue(operator_id=row.id, kind="setup", issued_by=None, now=now)
        installation_deed(None, "operator.first_administrator", {"operator": row.id})
    return link


def invite(
    *, email: str, name: str, language: str, installation_roles: Iterable[str], by: int | None, now: datetime
) -> SetupLink:
    """A new operator and the link to hand over. `by` is None at the machine's own command line."""
    check_installation_operation(by, "operator:invite")
    with transaction.atomic():
        row = _create(email=email, name=name, language=language, roles=installation_roles, now=now)
        link = links.issue(operator_id=row.id, kind="invitation", issued_by=by, now=now)
        installation_deed(by, "operator.invited", {"operator": row.id, "roles": sorted(row.installation_roles)})
    return link


def invite_again(*, operator_id: int, by: int | None, now: datetime) -> SetupLink:
    """A fresh link for somebody who never finished: no second factor stands yet."""
    check_installation_operation(by, "operator:invite")
    with transaction.atomic():
        row = Operator.objects.select_for_update().get(id=selectors.operator_row(operator_id).id)
        if row.disabled_at is not None or selectors.has_second_factor(row.id):
            raise RefusedError(
                _("This operator has a second factor, or is disabled: an invitation can't replace it."),
                place="operator",
                mend=_("Use the recovery with two persons."),
            )
        link = links.issue(operator_id=row.id, kind="invitation", issued_by=by, now=now)
        installation_deed(by, "operator.invited_again", {"operator": row.id})
    return link


def accept(secret: str, *, password: str, now: datetime) -> int:
    """Use the link: the password is set, earlier sessions end, the link is spent. Gives the operator's id."""
    with transaction.atomic():
        link = links.check_usable(secret, now=now, lock=True)
        row = link.operator
        check_password_fit(password, row)
        link.used_at = now
        link.save(update_fields=["used_at"])
        row.set_password(password)
        row.accepted_at = row.accepted_at or now
        row.session_epoch += 1
        row.save(update_fields=["password", "accepted_at", "session_epoch"])
        # The link reached the person: that is the proof of the address allauth asks for.
        EmailAddress.objects.update_or_create(user=row, email=row.email, defaults={"verified": True, "primary": True})
        _end_sessions(row.id)
        installation_deed(row.id, "operator.accepted", {"operator": row.id, "link": link.kind})
    return row.id


def disable(*, operator_id: int, by: int | None, now: datetime) -> None:
    """The operator signs in no more and every open session ends with this transaction."""
    check_installation_operation(by, "operator:disable")
    if operator_id == by:
        raise RefusedError(
            _("Nobody disables the own account."), place="operator", mend=_("Ask another administrator.")
        )
    with transaction.atomic():
        row = Operator.objects.select_for_update().get(id=selectors.operator_row(operator_id).id)
        if row.disabled_at is not None:
            raise ConflictError(_("This operator is already disabled."), place="operator")
        row.disabled_at = now
        row.session_epoch += 1
        row.save(update_fields=["disabled_at", "session_epoch"])
        links.void(operator_id=row.id, now=now)
        _end_sessions(row.id)
        installation_deed(by, "operator.disabled", {"operator": row.id})


def enable(*, operator_id: int, by: int | None) -> None:
    """The operator may sign in again, with the factors kept. No session comes back."""
    check_installation_operation(by, "operator:disable")
    with transaction.atomic():
        row = Operator.objects.select_for_update().get(id=selectors.operator_row(operator_id).id)
        if row.disabled_at is None:
            raise ConflictError(_("This operator is not disabled."), place="operator")
        row.disabled_at = None
        row.save(update_fields=["disabled_at"])
        installation_deed(by, "operator.enabled", {"operator": row.id})


def end_sessions(*, operator_id: int) -> None:
    """Every session of the operator ends: rows gone, and the epoch makes a copied cookie worthless."""
    with transaction.atomic():
        Operator.objects.filter(id=operator_id).update(session_epoch=F("session_epoch") + 1)
        _end_sessions(operator_id)


def check_installation_operation(operator_id: int | None, operation: str) -> None:
    """RefusedError unless a role of the whole installation allows it. None is the machine's own command line."""
    if operator_id is not None and operation not in selectors.installation_operations(operator_id):
        raise RefusedError(
            _("Your role in this installation does not include this."),
            place=operation,
            mend=_("Ask an administrator."),
        )


def check_password_fit(password: str, row: Operator) -> None:
    """BadInputError where the password is too weak for the configured validators."""
    try:
        validate_password(password, row)
    except ValidationError as error:
        raise BadInputError(
            " ".join(error.messages), place="password", mend=_("Choose a longer, less common password.")
        ) from error


def _create(*, email: str, name: str, language: str, roles: Iterable[str], now: datetime) -> Operator:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInputError(
            _("This is not an e-mail address."), place="email", mend=_("Correct the address.")
        ) from error
    unknown = set(roles) - INSTALLATION_ROLES.keys()
    if unknown:
        raise BadInputError(_("There is no such role."), place="roles", mend=", ".join(sorted(INSTALLATION_ROLES)))
    if not name.strip():
        raise BadInputError(_("The operator needs a name."), place="name", mend=_("Give first and last name."))
    if Operator.objects.filter(email=email).exists():
        raise ConflictError(_("There is already an operator with this address."), place="email")
    row = Operator(email=email, name=name.strip(), language=language, installation_roles=sorted(roles), invited_at=now)
    row.set_unusable_password()
    row.save(force_insert=True)
    return row


def _end_sessions(operator_id: int) -> None:
    DeskSession.objects.filter(operator_id=operator_id).delete()
    ElevatedSession.objects.filter(operator_id=operator_id).delete()
