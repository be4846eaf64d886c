"""A consent asked for by a form of the company, for an address that may or may not be on file: the answer is the same,
and takes the same time.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.clearance.api import notices, purpose
from trustdesk.clearance.contracts import NoticeKind
from trustdesk.decision.contracts import Channel
from trustdesk.identity.contracts import ConsentForm, NewConfirmation
from trustdesk.identity.models import Form
from trustdesk.identity.services.asking import address_key, understood
from trustdesk.identity.services.confirming import record_and_send
from trustdesk.identity.services.looking import having
from trustdesk.identity.services.purposes import ensure_purposes
from trustdesk.identity.services.waking import wake_form
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import controller, customer_context
from trustdesk.vault.api import root_unwrap, root_wrap

_MOST_AN_HOUR = 3  # mails to one address: whoever fills in a form in somebody else's name is no nuisance to them
_HOUR, _WAITS = timedelta(hours=1), timedelta(days=1)


def ask_by_form(context: AccessContext, *, form: ConsentForm, now: datetime) -> int:
    """Take in a form; the id under which it waits. A job looks up whose address it is: where exactly one customer has
    it, a mail asks for the confirmation, else nothing happens.

    Needs `consent:record` and `clearance:read`. NotFoundError for a purpose there is not, BadInputError for what is no
    e-mail address or no published notice: nothing said here depends on what is on file. Mail only, because it is the
    mailbox that the confirmation proves.
    """
    context.check_operation("consent:record")
    kind, normal = understood(form.email, country=controller(context.controller_id).country)
    if kind != "email":
        raise BadInputError(_("That is no e-mail address."), place="email", mend=_("Write it as in anna@example.com."))
    purpose(context, form.purpose)
    if not notices(context, kind=NoticeKind.CONSENT, version=form.notice_version):
        raise BadInputError(
            _("No notice of this version is published."),
            place="notice_version",
            mend=_("Name one that is published for consents."),
        )
    form_id, key = new_id(), address_key(context.controller_id, kind, normal)
    sent = json.dumps({**asdict(form), "email": normal})
    with scoped(context.scope):
        rows = Form.objects.filter(controller_id=context.controller_id, address_key=key, asked_at__gt=now - _HOUR)
        # Also one too many is written and looked up to nothing: what is done must not tell.
        Form.objects.create(
            controller_id=context.controller_id,
            id=form_id,
            address_key=key,
            asked_at=now,
            expires_at=now + _WAITS if rows.count() < _MOST_AN_HOUR else now,
            sent=root_wrap(sent.encode(), label=_label(context.controller_id, form_id)),
        )
        context.journal.deed(context, "identity.form", subjects=[], detail={"form": form_id})
        transaction.on_commit(lambda: wake_form(context.controller_id, form_id))
    return form_id


def look_up_form(controller_id: int, form_id: int, *, now: datetime) -> bool:
    """Look up whose address a form names, once, and ask for the confirmation; whether it was asked for.

    What was sent is forgotten in the same transaction. Nobody is asked where several have the address: which of them
    it was, the mailbox can't say.
    """
    ensure_purposes(controller_id, now=now)
    context = customer_context(controller_id, visit=f"form-{to_public(form_id)}", now=now)
    with scoped(context.scope):
        rows = Form.objects.select_for_update()
        row = rows.filter(controller_id=controller_id, id=form_id, sent__isnull=False).first()
        if row is None or row.sent is None:
            return False
        sealed = bytes(row.sent)
        row.sent = None
        row.save(update_fields=["sent"])
        if row.expires_at <= now:
            return False
        form = ConsentForm(**json.loads(root_unwrap(sealed, label=_label(controller_id, form_id))))
        found = list(having(context, "email", form.email, now=now))
        if len(found) != 1 or found[0].shared:
            return False
        asked = NewConfirmation(
            customer_id=found[0].customer_id,
            value_id=found[0].value_id,
            purpose=form.purpose,
            channel=Channel.EMAIL,
            words=form.words,
            notice_version=form.notice_version,
            language=form.language,
            reference=form.reference,
        )
        record_and_send(context, asked=asked, now=now)
    return True


def _label(controller_id: int, form_id: int) -> str:
    return f"identity form|{controller_id}|{form_id}"
