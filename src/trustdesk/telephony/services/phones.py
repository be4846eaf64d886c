"""SIP phones of agents. The password is drawn here, shown once, and kept by nobody: what is kept proves it only."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.accounts import api as accounts
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.sipedge.contracts import Phone as EdgePhone
from trustdesk.telephony.contracts import PhoneSecret, PhoneView
from trustdesk.telephony.models import Phone
from trustdesk.telephony.services.checks import like
from trustdesk.telephony.services.edge import settings_now
from trustdesk.telephony.services.telling import tell
from trustdesk.vault.api import root_unwrap, root_wrap

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another: it is typed on ten keys
_LENGTH = 20
_MANAGE = "telephony:manage"


def add_phone(
    *, user: str, label: str, operator_id: int, by: int | None, now: datetime, sha256: bool = False
) -> PhoneSecret:
    """See `telephony.api`."""
    accounts.check_installation_operation(by, _MANAGE)
    user = user.strip().lower()
    if not _USER.fullmatch(user):
        raise BadInputError(
            _("A phone's name has 2 to 32 small letters, digits, dots or hyphens."), place="user", mend=like("anna-1")
        )
    if not accounts.is_active(operator_id):
        raise BadInputError(_("This operator is not active."), place="operator", mend=_("Invite the operator first."))
    with transaction.atomic():
        if Phone.objects.filter(user=user).exists():
            raise ConflictError(_("There is a phone of this name."), place="user", mend=_("Take another name."))
        if Phone.objects.filter(operator_id=operator_id).exists():
            raise ConflictError(
                _("The operator has a phone."), place="operator", mend=_("Take it away, or give it a new password.")
            )
        row = Phone(
            id=new_id(),
            user=user,
            label=label.strip()[:100],
            operator_id=operator_id,
            made_at=now,
            made_by=by,
            sha256=sha256,
        )
        secret = _draw(row)
        row.save(force_insert=True)
        tell()
        installation_deed(by, "telephony.phone.added", {"phone": row.id, "operator": operator_id})
    return secret


def reset_phone(*, phone_id: int, by: int | None, now: datetime) -> PhoneSecret:
    """See `telephony.api`."""
    accounts.check_installation_operation(by, _MANAGE)
    with transaction.atomic():
        row = _row(phone_id)
        secret = _draw(row)
        row.reset_at = now
        row.save(update_fields=["ha1", "ha1_sha256", "reset_at"])
        tell()
        installation_deed(by, "telephony.phone.reset", {"phone": row.id})
    return secret


def remove_phone(*, phone_id: int, by: int | None, now: datetime) -> None:  # noqa: ARG001 - every write takes it
    """See `telephony.api`."""
    accounts.check_installation_operation(by, _MANAGE)
    with transaction.atomic():
        _row(phone_id).delete()
        tell()
        installation_deed(by, "telephony.phone.removed", {"phone": phone_id})


def phones(*, by: int | None) -> Sequence[PhoneView]:
    """See `telephony.api`."""
    accounts.check_installation_operation(by, _MANAGE)
    return [
        PhoneView(
            phone_id=row.id,
            user=row.user,
            label=row.label,
            operator_id=row.operator_id,
            made_at=row.made_at,
            reset_at=row.reset_at,
            sha256=row.sha256,
        )
        for row in Phone.objects.order_by("user")
    ]


def edge_phones() -> tuple[EdgePhone, ...]:
    """What the edge knows of them. Phones of operators who were disabled are left out: they register no more."""
    return tuple(
        EdgePhone(
            phone=row.id,
            user=row.user,
            ha1=root_unwrap(bytes(row.ha1), label=_label(row, "md5")).hex(),
            ha1_sha256=root_unwrap(bytes(row.ha1_sha256), label=_label(row, "sha256")).hex() if row.sha256 else "",
        )
        for row in Phone.objects.order_by("user")
        if accounts.is_active(row.operator_id)
    )


def _row(phone_id: int) -> Phone:
    row = Phone.objects.select_for_update().filter(id=phone_id).first()
    if row is None:
        raise NotFoundError(_("There is no such phone."), place="phone")
    return row


def _draw(row: Phone) -> PhoneSecret:
    """A new password; into the row go the digests that prove it (RFC 2617, RFC 8760), wrapped."""
    realm = settings_now().realm
    password = "".join(secrets.choice(_LETTERS) for _letter in range(_LENGTH))
    proof = f"{row.user}:{realm}:{password}".encode()
    md5 = hashlib.md5(proof, usedforsecurity=False).digest()  # what every desk phone can do
    row.ha1 = root_wrap(md5, label=_label(row, "md5"))
    row.ha1_sha256 = root_wrap(hashlib.sha256(proof).digest(), label=_label(row, "sha256"))
    return PhoneSecret(phone_id=row.id, user=row.user, realm=realm, password=password)


def _label(row: Phone, digest: str) -> str:
    return f"telephony|phone|{row.id}|{digest}"
