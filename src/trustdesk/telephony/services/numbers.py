"""Numbers: how they are answered, and what is told of them to anybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.clearance.api import packs
from trustdesk.decision.api import RecordingRule, recording_rule, sectors_known, stricter_recording
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.mandates.api import controller, system_context
from trustdesk.telephony.contracts import NewNumber, NumberView, PublicNumber
from trustdesk.telephony.models import Directory, Menu, Number, Trunk
from trustdesk.telephony.numbering import e164, is_called
from trustdesk.telephony.services.checks import (
    LONGEST_LABEL,
    LONGEST_PURPOSE,
    check_code,
    check_language,
    check_texts,
)
from trustdesk.telephony.services.menus import check_person_first, check_words, menu
from trustdesk.telephony.services.queues import check_queue
from trustdesk.telephony.services.rows import PLAIN, number_view
from trustdesk.telephony.services.telling import tell

_LONGEST_DISPLAY = 40
_PURPOSE = "service"


def save_number(context: AccessContext, *, new: NewNumber, now: datetime) -> str:
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    new = replace(new, e164=e164(new.e164, country=new.country, place="e164"), label=new.label.strip())
    purposes = _check(new)
    rule = _check_rule(new, now)
    with scoped(context.scope):
        _check_references(context, new, rule)
        values: dict[str, Any] = {name: getattr(new, name) for name in PLAIN if name != "e164"}
        values |= {
            "purposes": purposes,
            "mode": new.mode.value if new.mode else "",
            "keep_days": new.keep.roughly_days() if new.keep else None,
            "trunk_id": new.trunk,
            "changed_at": now,
            "changed_by": context.operator_id,
        }
        _list(context, new, purposes)
        Number.objects.update_or_create(controller_id=context.controller_id, e164=new.e164, defaults=values)
        tell()
        context.journal.deed(context, "telephony.number.set", detail={"number": new.e164, "queue": new.queue})
    return new.e164


def remove_number(context: AccessContext, *, number: str, now: datetime) -> None:  # noqa: ARG001 - every write takes it
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    with scoped(context.scope):
        gone, _rows = Number.objects.filter(controller_id=context.controller_id, e164=number).delete()
        if not gone:
            raise _no_number()
        Directory.objects.filter(controller_id=context.controller_id, e164=number).delete()
        tell()
        context.journal.deed(context, "telephony.number.removed", detail={"number": number})


def numbers(context: AccessContext) -> Sequence[NumberView]:
    """See `telephony.api`."""
    with scoped(context.scope):
        rows = Number.objects.filter(controller_id=context.controller_id).order_by("e164")
        return [number_view(row) for row in rows]


def number(context: AccessContext, number: str) -> NumberView:
    """See `telephony.api`."""
    with scoped(context.scope):
        row = Number.objects.filter(controller_id=context.controller_id, e164=number).first()
    if row is None:
        raise _no_number()
    return number_view(row)


def find_number(called: str, *, now: datetime) -> NumberView | None:
    """See `telephony.api`."""
    listed = Directory.objects.filter(e164=called).first()
    if listed is None or not listed.answers:
        return None
    context = system_context(listed.controller_id, purpose=_PURPOSE, now=now, on_behalf_of=0)
    with scoped(context.scope):
        row = Number.objects.filter(controller_id=listed.controller_id, e164=called).first()
    return number_view(row) if row is not None else None


def public_number(called: str, *, language: str) -> PublicNumber | None:
    """See `telephony.api`."""
    listed = Directory.objects.filter(e164=called).first()
    if listed is None:
        return None
    purposes: dict[str, str] = listed.purposes
    purpose = purposes.get(language) or purposes.get(listed.language) or next(iter(purposes.values()), "")
    return PublicNumber(company=listed.label or controller(listed.controller_id).name, purpose=purpose)


def _no_number() -> NotFoundError:
    return NotFoundError(_("The company has no such number."), place="number")


def _check(new: NewNumber) -> dict[str, str]:
    check_language(new.language, "language")
    if not new.label or len(new.label) > LONGEST_LABEL:
        raise BadInputError(_("Say whose number it is, in at most 100 letters."), place="label")
    if len(new.display) > _LONGEST_DISPLAY or not new.display.isprintable() or '"' in new.display:
        raise BadInputError(
            _("The name that is shown has at most 40 letters, and no quotation marks."), place="display"
        )
    if new.menu:
        check_code(new.menu, "menu")
    if new.notice:
        check_code(new.notice, "notice")
    return check_texts(new.purposes, "purposes", most=LONGEST_PURPOSE)


def _check_rule(new: NewNumber, now: datetime) -> RecordingRule:
    """The country and sector have to be ones that the packs speak of, the wish has to be stricter."""
    known = packs()
    if new.country not in known.countries:
        raise BadInputError(_("No rules are known for this country."), place="country", mend=", ".join(known.countries))
    sectors = sectors_known(known, new.country)
    if new.sector not in sectors:
        raise BadInputError(
            _("The country's rules do not speak of this sector."), place="sector", mend=", ".join(sectors)
        )
    rule = recording_rule(known, new.country, new.sector, now)
    rule = stricter_recording(stricter_recording(rule, mode=new.mode), keep=new.keep)
    if not is_called(new.e164):
        if rule.premium_closed:
            raise BadInputError(
                _("The law wants a number here that costs no more than a call."),
                place="e164",
                mend=", ".join(rule.rule_ids),
            )
        raise BadInputError(_("A number of this kind can't be used."), place="e164", mend=_("Use a plain number."))
    return rule


def _check_references(context: AccessContext, new: NewNumber, rule: RecordingRule) -> None:
    check_queue(context, new.queue, "queue")
    if new.menu:
        if not Menu.objects.filter(controller_id=context.controller_id, code=new.menu).exists():
            raise BadInputError(_("There is no such menu."), place="menu", mend=_("Set the menu first."))
        held = menu(context, new.menu)
        check_person_first(rule, held, place="menu")
        check_words(context, held, new.language, place="menu")
    if new.trunk is not None and Trunk.objects.select_for_update(no_key=True).filter(id=new.trunk).first() is None:
        raise BadInputError(_("There is no such trunk."), place="trunk")


def _list(context: AccessContext, new: NewNumber, purposes: dict[str, str]) -> None:
    """Into the directory, where a number stands once over all companies."""
    held = Directory.objects.select_for_update().filter(e164=new.e164).first()
    if held is not None and held.controller_id != context.controller_id:
        raise ConflictError(
            _("This number belongs to another company of this installation."),
            place="e164",
            mend=_("Let it be taken away there first."),
        )
    Directory.objects.update_or_create(
        e164=new.e164,
        defaults={
            "controller_id": context.controller_id,
            "label": new.label,
            "purposes": purposes,
            "language": new.language,
            "answers": new.answers,
        },
    )
