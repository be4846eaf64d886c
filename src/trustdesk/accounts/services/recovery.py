"""A lost factor comes back by two persons, neither of them the one who lost it."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.accounts import selectors
from trustdesk.accounts.contracts import RecoveryView, SetupLink
from trustdesk.accounts.models import Operator, Recovery
from trustdesk.accounts.services import links
from trustdesk.accounts.services.operators import check_installation_operation, end_sessions
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError

WAITS = timedelta(hours=24)


def recovery_request(*, operator_id: int, by: int, now: datetime) -> RecoveryView:
    """Ask that the operator's factors be replaced. Nothing changes until another person approves."""
    check_installation_operation(by, "operator:recover")
    _check_not_subject(operator_id, by)
    row = selectors.operator_row(operator_id)
    with transaction.atomic():
        Operator.objects.select_for_update().get(id=row.id)
        Recovery.objects.filter(operator_id=row.id, approved_at=None, withdrawn_at=None, expires_at__lte=now).update(
            withdrawn_at=now
        )
        if not row.is_active:
            raise RefusedError(
                _("This operator is not active."), place="operator", mend=_("Invite or enable the operator.")
            )
        if Recovery.objects.filter(operator_id=row.id, approved_at=None, withdrawn_at=None).exists():
            raise ConflictError(_("A recovery of this operator already waits for approval."), place="recovery")
        recovery = Recovery.objects.create(
            operator_id=row.id, requested_by_id=by, requested_at=now, expires_at=now + WAITS
        )
        installation_deed(by, "recovery.requested", {"operator": row.id, "recovery": recovery.id})
    return selectors.recovery_view(recovery)


def recovery_approve(*, recovery_id: int, by: int, now: datetime) -> SetupLink:
    """The second person's word: old factors and password die, sessions end, a one-day link is given."""
    check_installation_operation(by, "operator:recover")
    with transaction.atomic():
        recovery = _open_recovery(recovery_id, now=now)
        _check_not_subject(recovery.operator_id, by)
        if recovery.requested_by_id == by:
            raise RefusedError(
                _("Who asked for a recovery can't approve it."), place="recovery", mend=_("Ask another person.")
            )
        recovery.approved_by_id = by
        recovery.approved_at = now
        recovery.save(update_fields=["approved_by", "approved_at"])
        row = recovery.operator
        row.set_unusable_password()
        row.save(update_fields=["password"])
        Authenticator.objects.filter(user_id=row.id).delete()
        SocialAccount.objects.filter(user_id=row.id).delete()
        end_sessions(operator_id=row.id)
        link = links.issue(operator_id=row.id, kind="recovery", issued_by=by, now=now)
        installation_deed(
            by,
            "recovery.approved",
            {"operator": row.id, "recovery": recovery.id, "requested_by": recovery.requested_by_id},
        )
    return link


def recovery_withdraw(*, recovery_id: int, by: int, now: datetime) -> None:
    """Either person, or the subject, calls it off."""
    with transaction.atomic():
        recovery = _open_recovery(recovery_id, now=now)
        if by not in (recovery.operator_id, recovery.requested_by_id):
            check_installation_operation(by, "operator:recover")
        recovery.withdrawn_at = now
        recovery.save(update_fields=["withdrawn_at"])
        installation_deed(by, "recovery.withdrawn", {"operator": recovery.operator_id, "recovery": recovery.id})


def _open_recovery(recovery_id: int, *, now: datetime) -> Recovery:
    found = (
        Recovery.objects.select_for_update()
        .filter(id=recovery_id, approved_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise NotFoundError(
            _("No recovery waits here: it was approved, withdrawn or is too old."),
            place="recovery",
            mend=_("Ask for a new one."),
        )
    return found


def _check_not_subject(operator_id: int, by: int) -> None:
    if operator_id == by:
        raise RefusedError(
            _("Nobody recovers the own account."), place="recovery", mend=_("Ask two other authorized persons.")
        )
