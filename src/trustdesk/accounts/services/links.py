"""Single-use links: made, read, used. The table holds a digest; the secret leaves once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.accounts.contracts import SetupLink
from trustdesk.accounts.models import Link
from trustdesk.kernel.errors import NotFoundError

LIFETIMES = {
    "setup": timedelta(hours=24),
    "invitation": timedelta(days=7),
    "recovery": timedelta(hours=24),
}
PATH = "/sign-in/start/{secret}/"


def issue(*, operator_id: int, kind: str, issued_by: int | None, now: datetime) -> SetupLink:
    """A fresh link; those the operator had before open nothing any more."""
    void(operator_id=operator_id, now=now)
    secret = secrets.token_urlsafe(32)
    link = Link.objects.create(
        operator_id=operator_id,
        kind=kind,
        digest=_digest(secret),
        issued_by_id=issued_by,
        issued_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    return SetupLink(operator_id=operator_id, kind=kind, expires_at=link.expires_at, path=PATH.format(secret=secret))


def void(*, operator_id: int, now: datetime) -> None:
    Link.objects.filter(operator_id=operator_id, used_at=None, voided_at=None).update(voided_at=now)


def check_usable(secret: str, *, now: datetime, lock: bool = False) -> Link:
    """The link behind the secret, while it can still be used; NotFoundError otherwise, for whichever reason."""
    rows = Link.objects.select_related("operator").filter(
        digest=_digest(secret), used_at=None, voided_at=None, expires_at__gt=now, operator__disabled_at=None
    )
    if lock:
        rows = rows.select_for_update(of=("self", "operator"))
    found = rows.first()
    if found is None:
        raise NotFoundError(
            _("This link does not open anything: it was used, replaced or is too old."),
            place="link",
            mend=_("Ask whoever sent it for a new one."),
        )
    return found


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
