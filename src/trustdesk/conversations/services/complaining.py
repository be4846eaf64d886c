"""Complaint files: the fields and the clock of the law that counts, the reply, and how long it is kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.conversations import places, references
from trustdesk.conversations.contracts import Asked, ComplaintForm, NewReply, ReplyOutcome
from trustdesk.conversations.models import Complaint, Conversation, Interaction
from trustdesk.conversations.people import person
from trustdesk.conversations.services.held import happened, hold, rules_of
from trustdesk.conversations.services.writing import add_note_held, checked
from trustdesk.decision import api as decision
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.periods import Span, ends_at, last_day, months_after
from trustdesk.mandates.api import ControllerView, controller
from trustdesk.vault.api import Sealer

OWN_FIELDS = frozenset({"taken_by", "unique_id"})
"""What the house fills in itself."""


def asked(context: AccessContext, *, conversation_id: int, now: datetime) -> Asked:
    """What the minutes of a complaint in this conversation have to hold, and when the reply would be due. Needs
    `conversation:read`.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        row = hold_to_read(context, conversation_id)
        handling = _handling(context, row, row.queue, now)
    company = controller(context.controller_id)
    due = last_day(_day(now, company), handling.reply_within, works=decision.working_days(company.country))
    return Asked(
        fields=handling.fields,
        may_be_empty=handling.may_be_empty,
        own=OWN_FIELDS & frozenset(handling.fields),
        last_date=due,
        law=handling.law,
    )


def open_complaint_held(
    context: AccessContext, row: Conversation, one: Interaction, form: ComplaintForm, *, now: datetime
) -> int:
    """Open the file, for whoever holds the conversation; its id. The clock runs from the day the complaint was made."""
    company = controller(context.controller_id)
    handling = _handling(context, row, one.queue, one.started_at)
    complaint_id = new_id()
    number = _number(context, row)
    minutes = _minutes(context, form, handling, company=company, number=number, now=now)
    due = last_day(_day(one.started_at, company), handling.reply_within, works=decision.working_days(company.country))
    with Sealer(context) as sealer:
        box = sealer.seal(row.subject_id, places.COMPLAINT, places.minutes_place(complaint_id), json.dumps(minutes))
    Complaint.objects.create(
        controller_id=context.controller_id,
        id=complaint_id,
        number=number,
        conversation_id=row.id,
        interaction_id=one.id,
        customer_id=row.customer_id,
        subject_id=row.subject_id,
        queue=one.queue,
        countries=_countries(context, row),
        sector=rules_of(context, one.queue).sector,
        rules=_as_json(handling),
        minutes=box,
        received_at=one.started_at,
        taken_by=context.operator_id,
        due_date=due,
        due_at=ends_at(due, ZoneInfo(company.time_zone)),
    )
    happened(context, row, "complaint", now=now, detail=number)
    context.journal.deed(
        context,
        "conversations.complaint.opened",
        subjects=[] if row.customer_id is None else [row.customer_id],
        detail={"complaint": complaint_id, "rules": list(handling.rule_ids), "due": due.isoformat()},
    )
    return complaint_id


def reply(context: AccessContext, *, complaint_id: int, new: NewReply, now: datetime) -> None:
    """Record the reply as it was sent, sealed. Needs `complaint:handle`. The years of keeping run from its day.

    BadInputError where not all was accepted and the rules want it named where the person can go next; ConflictError
    where it was answered already. Recorded late it still says when it was sent.
    """
    text = checked(new.text)
    if not text or new.sent_at > now:
        raise BadInputError(
            _("A reply has a text, and was sent when it is recorded."), place="reply", mend=_("Correct it.")
        )

    def change(row: Complaint) -> str:
        if row.replied_at is not None:
            raise ConflictError(
                _("This complaint was answered already."), place="reply", mend=_("Load the page again.")
            )
        if new.sent_at < row.received_at:
            raise BadInputError(_("The reply lies before the complaint."), place="sent_at", mend=_("Correct the day."))
        if row.rules["name_authority"] and new.outcome is not ReplyOutcome.ACCEPTED and not new.authority.strip():
            raise BadInputError(
                _("Who rejects a complaint names the authority or body the person can go to."),
                place="authority",
                mend=_("Name it in the reply, and here."),
            )
        with Sealer(context) as sealer:
            row.reply = sealer.seal(row.subject_id, places.COMPLAINT, places.reply_place(row.id), text)
        row.replied_at, row.replied_by, row.outcome = new.sent_at, context.operator_id, new.outcome
        row.authority = new.authority.strip()
        row.keep_until = _kept_until(context, row, new.sent_at)
        if row.rules["minutes_copy"] and row.copy_given_at is None:
            row.copy_given_at = new.sent_at  # it goes with the reply at the latest
        return "replied"

    _change(context, complaint_id, change, deed="conversations.complaint.replied", now=now)


def extend(context: AccessContext, *, complaint_id: int, reason: str, now: datetime) -> None:
    """More time, once, where the rules give it. Needs `complaint:handle`. `reason` is what the person was told: it
    becomes a note. ConflictError where there is no more time to be had, or it is over.
    """
    reason = checked(reason)
    if not reason:
        raise BadInputError(_("More time needs a reason."), place="reason", mend=_("Write what the person was told."))

    def change(row: Complaint) -> str:
        more = row.rules["extend_by"]
        if more is None or row.extended_at is not None or row.replied_at is not None or now >= row.due_at:
            raise ConflictError(
                _("There is no more time to be had for this complaint."), place="due", mend=_("Answer it.")
            )
        company = controller(context.controller_id)
        row.due_date = last_day(row.due_date, Span(**more), works=decision.working_days(company.country))
        row.due_at, row.extended_at = ends_at(row.due_date, ZoneInfo(company.time_zone)), now
        if row.conversation_id is not None:
            add_note_held(context, hold(context, row.conversation_id), reason, now=now)
        return "extended"

    _change(context, complaint_id, change, deed="conversations.complaint.extended", now=now)


def copy_given(context: AccessContext, *, complaint_id: int, at: datetime, now: datetime) -> None:
    """The person was given a copy of the minutes. Needs `complaint:handle`. A second time it keeps the first day."""

    def change(row: Complaint) -> str:
        row.copy_given_at = row.copy_given_at or min(at, now)
        return "copied"

    _change(context, complaint_id, change, deed="conversations.complaint.copied", now=now)


def hold_to_read(context: AccessContext, conversation_id: int) -> Conversation:
    """The conversation, not locked. NotFoundError where there is none."""
    row = Conversation.objects.filter(controller_id=context.controller_id, id=conversation_id).first()
    if row is None:
        raise NotFoundError(
            _("There is no such conversation."), place="conversation", mend=_("Look at the list again.")
        )
    return row if row.joined_to is None else hold_to_read(context, row.joined_to)


def _change(
    context: AccessContext, complaint_id: int, change: Callable[[Complaint], str], *, deed: str, now: datetime
) -> None:
    context.check_operation("complaint:handle")
    with scoped(context.scope):
        own = Complaint.objects.filter(controller_id=context.controller_id, id=complaint_id)
        conversation_id = own.values_list("conversation_id", flat=True).first()
        # The conversation first, as everywhere.
        thread = None if conversation_id is None else hold(context, conversation_id)
        row = own.select_for_update().first()
        if row is None:
            raise NotFoundError(
                _("There is no such complaint file."), place="complaint", mend=_("Look at the list again.")
            )
        kind = change(row)
        row.save(
            update_fields=[
                *("reply", "replied_at", "replied_by", "outcome", "authority", "keep_until"),
                *("copy_given_at", "due_date", "due_at", "extended_at"),
            ]
        )
        if thread is not None:
            happened(context, thread, kind, now=now, detail=row.number)
        subjects = [] if row.customer_id is None else [row.customer_id]
        context.journal.deed(context, deed, subjects=subjects, detail={"complaint": row.id})


def _handling(context: AccessContext, row: Conversation, queue: str, at: datetime) -> decision.ComplaintHandling:
    sector = rules_of(context, queue).sector
    return decision.complaint_handling(clearance.packs(), countries=_countries(context, row), sector=sector, at=at)


def _countries(context: AccessContext, row: Conversation) -> list[str]:
    """The company's country and the person's: both count, and the stricter holds."""
    own = controller(context.controller_id).country
    theirs = person(context, row.customer_id).country if row.customer_id is not None else ""
    return sorted({own, theirs} - {""})


def _number(context: AccessContext, row: Conversation) -> str:
    """The complaint's own number: the reference finds the case, the figure after the stroke the complaint in it."""
    others = Complaint.objects.filter(controller_id=context.controller_id, number__startswith=f"{row.reference}/")
    return f"{row.reference}/{others.count() + 1}"


def _minutes(
    context: AccessContext,
    form: ComplaintForm,
    handling: decision.ComplaintHandling,
    *,
    company: ControllerView,
    number: str,
    now: datetime,
) -> Mapping[str, str]:
    minutes: dict[str, str] = {}
    reference, _stroke, figure = number.partition("/")
    who = accounts.names({context.operator_id}).get(context.operator_id, "")
    at = now.astimezone(ZoneInfo(company.time_zone))
    own = {
        "taken_by": ", ".join(part for part in (who, company.name, f"{at:%Y-%m-%d %H:%M}") if part),
        "unique_id": f"{references.grouped(reference)}/{figure}",
    }
    for name in handling.fields:
        text = own[name] if name in own else checked(form.fields.get(name, ""))
        if not text and name not in handling.may_be_empty:
            raise BadInputError(_("A field of the minutes is empty that may not be."), place=name, mend=_("Fill it."))
        minutes[name] = text
    return minutes


def _as_json(handling: decision.ComplaintHandling) -> dict[str, object]:
    span = handling.extend_by
    more = None if span is None else {name: getattr(span, name) for name in Span.__slots__ if getattr(span, name)}
    return {
        "ids": list(handling.rule_ids),
        "law": asdict(handling.law),
        "fields": list(handling.fields),
        "extend_by": more,
        "silence_accepts": handling.silence_accepts,
        "keep_years": handling.keep_years,
        "keep_law": asdict(handling.keep_law),
        "minutes_copy": handling.minutes_copy,
        "name_authority": handling.name_authority,
    }


def _kept_until(context: AccessContext, row: Complaint, sent_at: datetime) -> datetime:
    company = controller(context.controller_id)
    day = months_after(_day(sent_at, company), 12 * row.rules["keep_years"])
    return ends_at(day, ZoneInfo(company.time_zone))


def _day(at: datetime, company: ControllerView) -> date:
    return at.astimezone(ZoneInfo(company.time_zone)).date()
