"""Double opt-in: a consent that was asked for by a form counts when the link in the mail is confirmed, and not before.

The mail asks for nothing else and advertises nothing (Hungary: Grt. 6. § (8), Ekertv. 14. § (5)).
"""

import hmac
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.clearance.api import consent_words, consents, notices, record_consent
from trustdesk.clearance.contracts import By, ConsentEvent, ConsentState, Evidence, Method, NoticeKind
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.api import send_mail
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.contracts import CONFIRMATION_LIVES, LinkRefusedError, NewConfirmation, Pending
from trustdesk.identity.models import Confirmation
from trustdesk.identity.services import secrets
from trustdesk.identity.services.purposes import CONFIRMATION, ensure_purposes
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import controller, customer_context


def ask_to_confirm(context: AccessContext, *, asked: NewConfirmation, now: datetime) -> int:
    """Record that a consent was asked for, and send the mail that confirms it; the id of the confirmation.

    Needs `consent:record`, `customer:contact`, `customer:open`. Errors are those of `record_consent` and `send_mail`.
    """
    ensure_purposes(context.controller_id, now=now)
    return record_and_send(context, asked=asked, now=now)


def record_and_send(context: AccessContext, *, asked: NewConfirmation, now: datetime) -> int:
    """As `ask_to_confirm`, where the purposes are declared already: inside the caller's transaction too."""
    company = controller(context.controller_id)
    evidence = Evidence(
        method=Method.WEB_FORM,
        by=By.PERSON,
        words=asked.words,
        notice_version=asked.notice_version,
        notice_language=asked.language,
        reference=asked.reference,
    )
    named = secrets.Named(new_id(), secrets.fresh())
    with scoped(context.scope):
        event_id = record_consent(
            context,
            customer_id=asked.customer_id,
            purpose=asked.purpose,
            channel=asked.channel,
            state=ConsentState.REQUESTED,
            evidence=evidence,
            at=now,
            now=now,
        )
        message = NewMessage(
            customer_id=asked.customer_id,
            value_id=asked.value_id,
            purpose=CONFIRMATION,
            template="confirm-consent",
            language=asked.language,
            parameters={
                "company": company.name,
                "wording": asked.words,
                "link": f"{settings.TRUSTDESK_ADDRESS}/my/{company.id}/confirm/{named.text}/",
            },
            key=f"confirm-consent|{to_public(named.row_id)}",
            about={"consent_request_only": True},
        )
        Confirmation.objects.create(
            controller_id=context.controller_id,
            id=named.row_id,
            digest=named.digest,
            customer_id=asked.customer_id,
            event_id=event_id,
            message_id=send_mail(context, message=message, now=now),
            language=asked.language,
            asked_at=now,
            expires_at=now + CONFIRMATION_LIVES,
        )
    return named.row_id


def pending(controller_id: int, *, token: str, now: datetime) -> Pending:
    """What the link would confirm; changes nothing. LinkRefusedError where it confirms nothing (any more)."""
    named = _named(token)
    context = customer_context(controller_id, visit=f"confirm-{to_public(named.row_id)}", now=now)
    with scoped(context.scope):
        row = _living(context, named, now)
        event = _event(context, row)
        return Pending(
            purpose=event.purpose,
            channel=_channel(event),
            words=_words(context, row),
            notice_version=event.evidence.notice_version,
            language=row.language,
            notices=notices(context, kind=NoticeKind.CONSENT, version=event.evidence.notice_version),
            asked_at=row.asked_at,
        )


def confirm(controller_id: int, *, token: str, now: datetime) -> None:
    """The consent is given, now, by whoever reads the mailbox. LinkRefusedError as `pending`."""
    named = _named(token)
    context = customer_context(controller_id, visit=f"confirm-{to_public(named.row_id)}", now=now)
    with scoped(context.scope):
        row = _living(context, named, now, lock=True)
        row.used_at = now
        row.save(update_fields=["used_at"])
        event = _event(context, row)
        evidence = Evidence(
            method=Method.DOUBLE_OPT_IN,
            by=By.PERSON,
            words=_words(context, row),
            notice_version=event.evidence.notice_version,
            notice_language=row.language,
            reference=f"mail {to_public(row.message_id)}",
        )
        record_consent(
            context,
            customer_id=row.customer_id,
            purpose=event.purpose,
            channel=_channel(event),
            state=ConsentState.GIVEN,
            evidence=evidence,
            at=now,
            now=now,
            express=True,
        )


def _named(token: str) -> secrets.Named:
    named = secrets.read(token)
    if named is None:
        raise _refused()
    return named


def _living(context: AccessContext, named: secrets.Named, now: datetime, *, lock: bool = False) -> Confirmation:
    rows = Confirmation.objects.select_for_update() if lock else Confirmation.objects
    row = rows.filter(controller_id=context.controller_id, id=named.row_id, used_at=None, expires_at__gt=now).first()
    if row is None or not hmac.compare_digest(bytes(row.digest), named.digest):
        raise _refused()
    return row


def _event(context: AccessContext, row: Confirmation) -> ConsentEvent:
    found = next((event for event in consents(context, row.customer_id) if event.event_id == row.event_id), None)
    if found is None:  # the customer was forgotten meanwhile
        raise _refused()
    return found


def _words(context: AccessContext, row: Confirmation) -> str:
    words = consent_words(context, row.customer_id, reason="confirmation by mail").get(row.event_id)
    if words is None:
        raise _refused()
    return words


def _channel(event: ConsentEvent) -> Channel:
    if event.channel is None:
        raise _refused()
    return event.channel


def _refused() -> LinkRefusedError:
    return LinkRefusedError(
        _("This link confirms nothing."),
        place="link",
        mend=_("A confirmation works once, for seven days. Fill in the form again to get a new one."),
    )
