"""Who data are given to, and on what terms."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import NewRecipient
from trustdesk.clearance.models import Recipient as RecipientRow
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.terms import checked
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.vault.api import normal_value

_LETTERS = 2
_INSTANT = timedelta(microseconds=1)  # a period is never empty


def declare_recipient(context: AccessContext, *, recipient: NewRecipient, now: datetime) -> int:
    """Add a recipient; its id. Needs `clearance:manage`.

    BadInputError where name, country, purposes or categories are missing or no such terms. A third country without a
    safeguard (GDPR Art. 45-49) is recorded as it is: nothing is then given there.
    """
    context.check_operation("clearance:manage")
    country = recipient.country.strip().upper()
    if not recipient.name.strip():
        raise BadInputError(_("A recipient needs its name."), place="name", mend=_("Fill it in."))
    if not (len(country) == _LETTERS and country.isascii() and country.isalpha()):
        raise BadInputError(_("There is no such country."), place="country", mend=_("Give two letters, as in FI."))
    if not recipient.purposes or not recipient.categories:
        raise BadInputError(
            _("Say for which purposes and which categories of data."), place="purposes", mend=_("Name at least one.")
        )
    categories = sorted({checked("categories", each, place="categories") for each in recipient.categories})
    safeguard = checked("safeguards", recipient.safeguard, place="safeguard") if recipient.safeguard else ""
    recipient_id = new_id()
    with scoped(context.scope):
        setup = current(context)
        purposes = sorted({setup.living(code, now).code for code in recipient.purposes})
        RecipientRow.objects.create(
            controller_id=context.controller_id,
            id=recipient_id,
            name=recipient.name.strip(),
            role=recipient.role.value,
            country=country,
            safeguard=safeguard,
            purposes=purposes,
            categories=categories,
            notice_email=_address(recipient.notice_email),
            starts_at=recipient.starts_at or now,
            ends_at=recipient.ends_at,
            declared_at=now,
            declared_by=context.operator_id,
        )
        context.journal.deed(
            context,
            "clearance.recipient.declared",
            detail={"recipient": recipient_id, "role": recipient.role.value, "country": country, "purposes": purposes},
        )
    return recipient_id


def set_notice_email(context: AccessContext, *, recipient_id: int, email: str, now: datetime) -> None:
    """Where this recipient is told of erasures and corrections from now on (GDPR Art. 19); empty: nowhere by mail.
    BadInputError where it is no address. Needs `clearance:manage`.
    """
    del now  # the log has its own
    context.check_operation("clearance:manage")
    address = _address(email)
    with scoped(context.scope):
        found = RecipientRow.objects.filter(controller_id=context.controller_id, id=recipient_id)
        if not found.update(notice_email=address):
            raise NotFoundError(
                _("There is no such recipient."), place="recipient", mend=_("Choose one from the list.")
            )
        detail: dict[str, object] = {"recipient": recipient_id, "set": bool(address)}
        context.journal.deed(context, "clearance.recipient.address", detail=detail)


def _address(email: str) -> str:
    """In its one notation. BadInputError where it is none."""
    if not email.strip():
        return ""
    address = normal_value("email", email.strip(), country="")
    if not address:
        raise BadInputError(
            _("This is not an e-mail address."), place="notice_email", mend=_("Write it as name@example.com.")
        )
    return address


def end_recipient(context: AccessContext, *, recipient_id: int, now: datetime) -> None:
    """From now on nothing is given to this recipient. ConflictError where it ended. Needs `clearance:manage`."""
    context.check_operation("clearance:manage")
    with scoped(context.scope):
        row = RecipientRow.objects.filter(id=recipient_id).first()
        if row is None:
            raise NotFoundError(
                _("There is no such recipient."), place="recipient", mend=_("Choose one from the list.")
            )
        if row.ends_at is not None and row.ends_at <= now:
            raise ConflictError(_("This recipient has ended already."), place="recipient")
        RecipientRow.objects.filter(id=recipient_id).update(ends_at=max(now, row.starts_at + _INSTANT))
        context.journal.deed(context, "clearance.recipient.ended", detail={"recipient": recipient_id})
