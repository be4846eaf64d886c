"""Versions of what a company says: saved whole, never changed."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from trustdesk.announcements.contracts import Kind, NewCallNotice, NewWords
from trustdesk.announcements.models import Announcement
from trustdesk.announcements.services.making import made_sound
from trustdesk.announcements.texts import needed
from trustdesk.clearance.api import packs
from trustdesk.decision.api import NoticeElement, RecordingMode, RecordingRule, recording_rule
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SHORTEST_PART = 3  # letters: a dash says nothing


def save_notice(context: AccessContext, *, new: NewCallNotice, now: datetime) -> int:
    """See `announcements.api`."""
    context.check_operation("telephony:manage")
    _check_name(new.code, new.language)
    parts = {element: new.parts[element].strip() for element in NoticeElement if new.parts.get(element, "").strip()}
    text = _plain(new.text) or " ".join(_plain(part) for part in parts.values())
    _check_parts(parts, text, _rule(new, now))
    if new.upload is not None and (unheard := parts.keys() - new.confirmed):
        raise BadInputError(
            _("Not every part is confirmed to be heard in the recording."),
            place="confirmed",
            mend=_("Listen to it and confirm: %(parts)s.") % {"parts": ", ".join(sorted(unheard))},
        )
    sound = made_sound(text, new.language, new.upload, notice=True)
    return _save(
        context,
        Announcement(
            kind=Kind.NOTICE,
            code=new.code,
            language=new.language,
            country=new.country,
            sector=new.sector,
            recorded=new.recorded,
            parts={element.value: part for element, part in parts.items()},
            text=text,
        ),
        sound,
        now=now,
    )


def save_words(context: AccessContext, *, new: NewWords, now: datetime) -> int:
    """See `announcements.api`."""
    context.check_operation("telephony:manage")
    _check_name(new.code, new.language)
    text = _plain(new.text)
    if not text:
        raise BadInputError(_("Write what is said."), place="text")
    row = Announcement(
        kind=Kind.WORDS,
        code=new.code,
        language=new.language,
        country="",
        sector="",
        recorded=False,
        parts={},
        text=text,
    )
    return _save(context, row, made_sound(text, new.language, new.upload, notice=False), now=now)


def _save(context: AccessContext, row: Announcement, sound: tuple[bytes, str], *, now: datetime) -> int:
    row.controller_id, row.id = context.controller_id, new_id()
    row.sound, row.made = sound
    row.octets = len(row.sound)
    row.digest = hashlib.sha256(row.sound).digest()
    row.saved_at, row.saved_by = now, context.operator_id
    with scoped(context.scope):
        before = Announcement.objects.filter(
            controller_id=context.controller_id, kind=row.kind, code=row.code, language=row.language
        ).aggregate(last=Max("number"))
        row.number = (before["last"] or 0) + 1
        row.save(force_insert=True)
        for _name, told in registries.announced:
            told()
        context.journal.deed(
            context,
            f"announcements.{row.kind}.saved",
            detail={"code": row.code, "language": row.language, "number": row.number, "sound": row.digest.hex()},
        )
    return row.id


def _rule(new: NewCallNotice, now: datetime) -> RecordingRule:
    """By whose elements the notice is measured. What nobody can decide is not recorded, and a notice says so then."""
    rule = recording_rule(packs(), new.country, new.sector, now)
    if not new.recorded:
        return RecordingRule(mode=RecordingMode.OFF)
    if not rule.recorded:
        raise BadInputError(_(rule.reason), place="country", mend=_("Say in the notice that the call is not recorded."))
    return rule


def _check_name(code: str, language: str) -> None:
    if not _CODE.fullmatch(code):
        raise BadInputError(
            _("Small letters, digits and hyphens, at most 40, a letter first."), place="code", mend="main"
        )
    if language not in dict(settings.LANGUAGES):
        raise BadInputError(_("There is no such language."), place="language", mend=_("Use en, hu, fi, pl or de."))


def _check_parts(parts: Mapping[NoticeElement, str], text: str, rule: RecordingRule) -> None:
    for element in needed(rule):
        if len(parts.get(element, "")) < _SHORTEST_PART:
            raise BadInputError(
                _("A part of the notice is missing."),
                place=f"parts.{element}",
                mend=_("Say it: %(rules)s ask for it.") % {"rules": ", ".join(rule.rule_ids) or "GDPR Art. 13"},
            )
    folded = _folded(text)
    for element, part in parts.items():
        if _folded(part) not in folded:
            raise BadInputError(
                _("This part is not said in the text that is spoken."),
                place=f"parts.{element}",
                mend=_("Write it into the text, word by word."),
            )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(text: str) -> str:
    """Letters and digits only: a comma more or less is the same words."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
