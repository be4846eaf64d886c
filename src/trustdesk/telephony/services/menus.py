"""Menus of keys, and the law's order in them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.announcements import api as announcements
from trustdesk.decision.api import RecordingRule
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.telephony.contracts import Choice, MenuView, NewMenu
from trustdesk.telephony.models import Menu, Number
from trustdesk.telephony.rules import rule_of
from trustdesk.telephony.services.checks import check_code
from trustdesk.telephony.services.queues import check_queue
from trustdesk.telephony.services.rows import number_view
from trustdesk.telephony.services.telling import tell

_KEYS = "0123456789"
_MOST_CHOICES = 9
_SPOKEN_BY_ITSELF = 2  # choices that the product's own prompts can say: a person, and anything else
_WAIT = (3.0, 30.0)


def save_menu(context: AccessContext, *, new: NewMenu, now: datetime) -> None:
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    _check(new)
    with scoped(context.scope):
        for index, choice in enumerate(new.choices):
            check_queue(context, choice.queue, f"choices.{index}.queue")
        check_queue(context, new.otherwise, "otherwise")
        for row in Number.objects.filter(controller_id=context.controller_id, menu=new.code):
            check_person_first(rule_of(number_view(row), now=now), new, place="choices")
            check_words(context, new, row.language, place="words")
        Menu.objects.update_or_create(
            controller_id=context.controller_id,
            code=new.code,
            defaults={
                "choices": [{"key": one.key, "queue": one.queue, "person": one.person} for one in new.choices],
                "otherwise": new.otherwise,
                "words": new.words,
                "wait_seconds": new.wait_seconds,
                "changed_at": now,
                "changed_by": context.operator_id,
            },
        )
        tell()
        context.journal.deed(context, "telephony.menu.set", detail={"menu": new.code})


def remove_menu(context: AccessContext, *, code: str, now: datetime) -> None:  # noqa: ARG001 - every write takes it
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    with scoped(context.scope):
        used = list(
            Number.objects.filter(controller_id=context.controller_id, menu=code).values_list("e164", flat=True)
        )
        if used:
            raise ConflictError(
                _("The menu is still used."),
                place="menu",
                mend=_("Lead these elsewhere first: %(users)s.") % {"users": ", ".join(used)},
            )
        gone, _rows = Menu.objects.filter(controller_id=context.controller_id, code=code).delete()
        if not gone:
            raise NotFoundError(_("There is no such menu."), place="menu")
        tell()
        context.journal.deed(context, "telephony.menu.removed", detail={"menu": code})


def menus(context: AccessContext) -> Sequence[MenuView]:
    """See `telephony.api`."""
    with scoped(context.scope):
        return [_view(row) for row in Menu.objects.filter(controller_id=context.controller_id).order_by("code")]


def menu(context: AccessContext, code: str) -> MenuView:
    """See `telephony.api`."""
    with scoped(context.scope):
        row = Menu.objects.filter(controller_id=context.controller_id, code=code).first()
    if row is None:
        raise NotFoundError(_("There is no such menu."), place="menu")
    return _view(row)


def check_person_first(rule: RecordingRule, new: NewMenu, *, place: str) -> None:
    """Where the law wants a person for complaints first (Fgytv 17/B§), the first key leads to one."""
    if rule.human_first and not new.choices[0].person:
        raise BadInputError(
            _("The law wants a person for complaints first in the menu, before anybody is asked for a name."),
            place=place,
            mend=_("Put the key that leads to a person at the beginning: %(rules)s.")
            % {"rules": ", ".join(rule.rule_ids)},
        )


def check_words(context: AccessContext, new: NewMenu, language: str, *, place: str) -> None:
    """What the menu says has to be there in the language of the number."""
    if new.words and announcements.words(context, new.words, language) is None:
        raise BadInputError(
            _("The words of the menu are not there in this language."),
            place=place,
            mend=_("Save them in the language of the number first."),
        )


def _check(new: NewMenu) -> None:
    check_code(new.code, "code")
    if not 1 <= len(new.choices) <= _MOST_CHOICES:
        raise BadInputError(_("A menu has one to nine keys."), place="choices")
    seen: set[str] = set()
    for index, choice in enumerate(new.choices):
        if len(choice.key) != 1 or choice.key not in _KEYS or choice.key in seen:
            raise BadInputError(
                _("Each key is one digit, and stands once."), place=f"choices.{index}.key", mend="1, 2, 3 …"
            )
        seen.add(choice.key)
    if not _WAIT[0] <= new.wait_seconds <= _WAIT[1]:
        raise BadInputError(_("A menu waits three to thirty seconds for a key."), place="wait_seconds")
    if not new.words:
        _check_sayable(new)


def _check_sayable(new: NewMenu) -> None:
    persons = [choice for choice in new.choices if choice.person]
    if len(new.choices) > _SPOKEN_BY_ITSELF or len(persons) > 1 or len(new.choices) - len(persons) > 1:
        raise BadInputError(
            _("Without words of your own a menu can say two keys: a person, and anything else."),
            place="words",
            mend=_("Save words of your own, and name them here."),
        )


def _view(row: Menu) -> MenuView:
    return MenuView(
        controller_id=row.controller_id,
        code=row.code,
        choices=[Choice(**choice) for choice in row.choices],
        otherwise=row.otherwise,
        words=row.words,
        wait_seconds=row.wait_seconds,
        changed_at=row.changed_at,
    )
