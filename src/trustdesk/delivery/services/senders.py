"""As whom a company writes."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.delivery import references
from trustdesk.delivery.composing import deliverable
from trustdesk.delivery.contracts import Sender
from trustdesk.delivery.models import Sender as Row
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id

_SMS_NAME = re.compile(r"\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_LOCAL = 64 - len("+b.") - references.LONGEST  # RFC 5321, 4.5.3.1.1


def set_sender(context: AccessContext, *, sender: Sender, now: datetime) -> None:
    """Say as whom the company writes from now on. Needs `delivery:manage`.

    BadInputError where an address is none, or the return mailbox leaves no room for the tag of a message.
    """
    context.check_operation("delivery:manage")
    _check(sender)
    with scoped(context.scope):
        Row.objects.create(
            controller_id=context.controller_id,
            id=new_id(),
            mail_address=sender.mail_address and deliverable(sender.mail_address),
            mail_name=sender.mail_name.strip(),
            reply_to=sender.reply_to and deliverable(sender.reply_to),
            return_mailbox=sender.return_mailbox and deliverable(sender.return_mailbox),
            imprint=sender.imprint.strip(),
            sms_name=sender.sms_name.strip(),
            set_at=now,
            set_by=context.operator_id,
        )
        context.journal.deed(context, "delivery.sender.set")


def sender_of(context: AccessContext) -> Sender:
    """As whom the company writes; all empty where nobody said so yet."""
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id).order_by("-id").first()
    if row is None:
        return Sender()
    return Sender(
        mail_address=row.mail_address,
        mail_name=row.mail_name,
        reply_to=row.reply_to,
        return_mailbox=row.return_mailbox,
        imprint=row.imprint,
        sms_name=row.sms_name,
    )


def _check(sender: Sender) -> None:
    for place in ("mail_address", "reply_to", "return_mailbox"):
        address = getattr(sender, place)
        if address:
            try:
                deliverable(address)
            except BadInputError:
                raise BadInputError(
                    _("This is not an e-mail address."), place=place, mend=_("Write it as name@example.com.")
                ) from None
            if not address.isascii():
                raise BadInputError(_("Our own addresses are written in ASCII."), place=place)
    if len(sender.return_mailbox.rpartition("@")[0]) > _LONGEST_LOCAL or "+" in sender.return_mailbox:
        raise BadInputError(
            _("The return mailbox leaves no room for the tag of a message."),
            place="return_mailbox",
            mend=_("Use a short name without a plus sign, such as returns@example.com."),
        )
    if _CONTROL.search(sender.mail_name):
        raise BadInputError(_("The value holds control characters."), place="mail_name", mend=_("Remove them."))
    if sender.sms_name and not _SMS_NAME.fullmatch(sender.sms_name.strip()):
        raise BadInputError(
            _("An SMS comes from a number or from a name of up to eleven letters and digits."), place="sms_name"
        )
