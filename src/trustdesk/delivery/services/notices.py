"""Letters to recipients of data (GDPR Art. 19): to a mailbox of theirs, about somebody whom they know by a reference.

They concern no contact with a person: nothing is opened for them, so no gate is asked. A letter that may have arrived
is sent again: that it arrives twice harms nobody, and that it never does would. Whoever follows its link and presses
the button says that they have it; the link is good for nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.clearance.api import recipients
from trustdesk.clearance.contracts import Recipient
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import references
from trustdesk.delivery.composing import Letter, compose, deliverable, needs_utf8
from trustdesk.delivery.contracts import NOTICE_PATH, NoticeView, Sender, State, Template
from trustdesk.delivery.models import Notice
from trustdesk.delivery.references import Reference
from trustdesk.delivery.services.backoff import next_attempt
from trustdesk.delivery.services.contexts import Contexts, house
from trustdesk.delivery.services.locks import lane_held
from trustdesk.delivery.services.senders import sender_of
from trustdesk.delivery.services.sending import key_digest
from trustdesk.delivery.services.templates import template_of
from trustdesk.delivery.services.waking import NOTICE, wake
from trustdesk.delivery.transports.choosing import Carrier, carrier_for
from trustdesk.delivery.transports.faults import CarrierError, PutOffError, RejectedError
from trustdesk.delivery.transports.parcel import Mail
from trustdesk.delivery.wording import filled
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import controller

GIVE_UP = timedelta(days=3)
"""After so long without being taken, somebody tells the recipient by hand."""
CHUNK = 25
_USE = "notice"
_LANGUAGES = {"HU": "hu", "FI": "fi", "PL": "pl", "DE": "de", "AT": "de"}
_WAITING = (State.QUEUED, State.DEFERRED)

log = structlog.get_logger(__name__)


def send_notice(
    context: AccessContext, *, recipient_id: int, template: str, facts: Mapping[str, str], key: str, now: datetime
) -> int | None:
    """Write to a recipient; the notice's id. It leaves after the caller's transaction commits. None where the recipient
    has no address for notices, or the company no sender of mail.

    `facts` are the parameters of the template: numbers of ours and words for kinds of data, never anything of a person;
    the company's name and the link are added. `key` names it for the caller: a second time it is the same. Needs
    `customer:open`.
    """
    context.check_operation("customer:open")
    found = next((one for one in recipients(context) if one.recipient_id == recipient_id), None)
    if found is None or not found.notice_email or not sender_of(context).mail_address:
        return None
    with scoped(context.scope):
        row, made = Notice.objects.get_or_create(
            controller_id=context.controller_id,
            key_digest=key_digest(context, template, key),
            defaults={
                "id": new_id(),
                "recipient_id": recipient_id,
                "template": template,
                "language": _LANGUAGES.get(found.country, "en"),
                "facts": dict(facts),
                "state": State.QUEUED,
                "next_at": now,
                "queued_at": now,
                "changed_at": now,
                "operator_id": context.operator_id,
            },
        )
        if made:
            context.journal.deed(context, "delivery.noticed", detail={"notice": row.id, "recipient": recipient_id})
            transaction.on_commit(lambda: wake(context.controller_id, NOTICE, urgent=False), robust=True)
    return row.id


def notices_of(context: AccessContext, notice_ids: Sequence[int]) -> Sequence[NoticeView]:
    """Those of these notices that there still are. Needs `delivery:read`."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        rows = Notice.objects.filter(controller_id=context.controller_id, id__in=list(notice_ids)).order_by("id")
        return [_view(row) for row in rows]


def notice_by_link(text: str, *, now: datetime) -> NoticeView:
    """What a link in a notice is about: of which company, under which reference. Changes nothing. NotFoundError, always
    the same, where it is none of ours.
    """
    context, reference = _meant(text, now=now)
    with scoped(context.scope):
        row = Notice.objects.filter(controller_id=reference.controller_id, id=reference.message_id).first()
    if row is None:
        raise _no_notice()
    return _view(row)


def confirm_notice(text: str, *, now: datetime) -> NoticeView:
    """Whoever reads there has it (GDPR Art. 19): the first time counts. NotFoundError as `notice_by_link`."""
    context, reference = _meant(text, now=now)
    with scoped(context.scope):
        rows = Notice.objects.select_for_update().filter(controller_id=reference.controller_id, id=reference.message_id)
        row = rows.first()
        if row is None:
            raise _no_notice()
        if row.received_at is None:
            row.received_at = row.changed_at = now
            row.state, row.next_at = State.SENT, None
            row.handed_at = row.handed_at or now
            row.save(update_fields=["received_at", "changed_at", "state", "next_at", "handed_at"])
            context.journal.deed(context, "delivery.notice.received", detail={"notice": row.id})
        return _view(row)


def run(controller_id: int, *, until: datetime) -> int:
    """Send what is due, until the time is over; how many were dealt with."""
    with lane_held(controller_id, NOTICE) as mine:
        return _work(controller_id, until=until) if mine else 0


def _work(controller_id: int, *, until: datetime) -> int:
    contexts, done = Contexts(controller_id), 0
    try:
        context = contexts.house(now=clock.now())
    except RefusedError:
        return 0  # the company's own mandate has ended: nothing of it opens any more
    with scoped(context.scope):
        due = list(
            Notice.objects.filter(controller_id=controller_id, state__in=_WAITING, next_at__lte=clock.now()).order_by(
                "next_at", "id"
            )[:CHUNK]
        )
    if not due:
        return 0
    carrier, sender = carrier_for(Channel.EMAIL), sender_of(context)
    known = {one.recipient_id: one for one in recipients(context)}
    try:
        for row in due:
            if clock.now() >= until:
                break
            _deal_with(contexts.house(now=clock.now()), row, known.get(row.recipient_id), carrier, sender)
            done += 1
    finally:
        carrier.close()
    return done


def _deal_with(
    context: AccessContext, row: Notice, recipient: Recipient | None, carrier: Carrier, sender: Sender
) -> None:
    now = clock.now()
    if now - row.queued_at > GIVE_UP:
        _note(context, row, State.FAILED, "too-late", now=now)
        return
    if recipient is None or not recipient.notice_email:
        _note(context, row, State.FAILED, "no-address", now=now)
        return
    try:
        carrier.open()
        carrier.prepare(_mail(context, row, recipient.notice_email, sender, now=now))
        carrier.hand_over()
    except (RejectedError, BadInputError) as fault:
        reason = fault.reason if isinstance(fault, RejectedError) else "unusable"
        _note(context, row, State.FAILED, reason, now=now)
    except CarrierError as fault:
        if not isinstance(fault, PutOffError):
            log.warning("notice-unanswered", code=fault.reason)
        _note(context, row, State.DEFERRED, fault.reason, now=now)
    else:
        _note(context, row, State.SENT, "", now=now)


def _mail(context: AccessContext, row: Notice, address: str, sender: Sender, *, now: datetime) -> Mail:
    """To the address that the recipient has now."""
    if not sender.mail_address:
        raise PutOffError("no-sender")
    template: Template = template_of(context, Channel.EMAIL, row.template, row.language)
    company = controller(row.controller_id).name
    subject, text = filled(template, {**row.facts, "company": company, "link": link_of(row)})
    domain = sender.mail_address.rpartition("@")[2]
    letter = Letter(
        sender=sender.mail_address,
        sender_name=sender.mail_name,
        recipient=deliverable(address),
        reply_to=sender.reply_to,
        subject=subject,
        text=text,
        language=row.language,
        message_id=f"<{_written(row)}@{domain}>",
        at=now,
    )
    return Mail(
        name=to_public(row.id),
        sender=sender.mail_address,
        recipient=letter.recipient,
        content=compose(letter),
        utf8=needs_utf8(letter),
        envelope_id=to_public(row.id),
    )


def link_of(row: Notice) -> str:
    """Where the recipient says that they have it."""
    return urljoin(settings.TRUSTDESK_ADDRESS, f"{NOTICE_PATH}{_written(row)}/")


def _written(row: Notice) -> str:
    return references.written(_USE, Reference(row.controller_id, row.id))


def _note(context: AccessContext, row: Notice, state: State, reason: str, *, now: datetime) -> None:
    """How a try went; nothing where the recipient has said meanwhile that they have it."""
    waits = state is State.DEFERRED
    with scoped(context.scope):
        Notice.objects.filter(controller_id=row.controller_id, id=row.id, received_at=None).update(
            state=state,
            reason=reason,
            attempt=row.attempt + 1,
            next_at=next_attempt(row.attempt + 1, now=now) if waits else None,
            changed_at=now,
            handed_at=now if state is State.SENT else None,
        )


def _meant(text: str, *, now: datetime) -> tuple[AccessContext, Reference]:
    reference = references.read(_USE, text)
    if reference is None:
        raise _no_notice()
    try:
        return house(reference.controller_id, now=now), reference
    except RefusedError:
        raise _no_notice() from None


def _no_notice() -> NotFoundError:
    return NotFoundError(
        _("This link is not one of ours."), place="link", mend=_("Use the one in the mail, or write to the company.")
    )


def _view(row: Notice) -> NoticeView:
    return NoticeView(
        notice_id=row.id,
        controller_id=row.controller_id,
        template=row.template,
        customer=str(row.facts.get("customer", "")),
        state=State(row.state),
        reason=row.reason,
        handed_at=row.handed_at,
        received_at=row.received_at,
    )
