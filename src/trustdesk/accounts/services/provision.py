"""Ready-made operators for the demo and for tests. A production installation refuses."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from trustdesk.accounts.models import Operator
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import RefusedError


def provision_for_demo(
    *,
    email: str,
    name: str,
    language: str,
    password: str,
    totp_secret: str,
    installation_roles: tuple[str, ...],
    now: datetime,
) -> int:
    """An operator with password and authenticator already set; gives the id. RefusedError outside the demo."""
    if not getattr(settings, "TRUSTDESK_DEMO", False):
        raise RefusedError(
            "Only the demo makes operators with a known password.", place="accounts", mend="Invite the operator."
        )
    with transaction.atomic():
        row = Operator(
            email=email.lower(),
            name=name,
            language=language,
            installation_roles=sorted(installation_roles),
            invited_at=now,
            accepted_at=now,
        )
        row.set_password(password)
        row.save(force_insert=True)
        EmailAddress.objects.create(user=row, email=row.email, verified=True, primary=True)
        if totp_secret:
            Authenticator.objects.create(
                user=row, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(totp_secret)}
            )
        installation_deed(None, "operator.provisioned", {"operator": row.id})
    return row.id
