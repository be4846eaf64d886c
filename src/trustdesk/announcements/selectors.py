"""What a company says, and the files that are played. Nothing here is written but copies of what the table holds."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.announcements.contracts import CallNotice, Kind, Made
from trustdesk.announcements.models import Announcement
from trustdesk.announcements.texts import needed
from trustdesk.decision.api import NoticeElement, RecordingRule
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.sipedge.api import RATE

MOST = 100


def notice(context: AccessContext, code: str, language: str) -> CallNotice | None:
    """See `announcements.api`."""
    return _newest(context, Kind.NOTICE, code, language)


def words(context: AccessContext, code: str, language: str) -> CallNotice | None:
    """See `announcements.api`."""
    return _newest(context, Kind.WORDS, code, language)


def notices(context: AccessContext, *, kind: Kind = Kind.NOTICE) -> Sequence[CallNotice]:
    """See `announcements.api`."""
    context.check_operation("telephony:read")
    with scoped(context.scope):
        rows = (
            Announcement.objects.filter(controller_id=context.controller_id, kind=kind)
            .order_by("code", "language", "-id")
            .distinct("code", "language")
            .defer("sound")
        )
        return [_view(row) for row in rows]


def versions(context: AccessContext, code: str, language: str, *, kind: Kind = Kind.NOTICE) -> Sequence[CallNotice]:
    """See `announcements.api`."""
    context.check_operation("telephony:read")
    with scoped(context.scope):
        rows = (
            Announcement.objects.filter(controller_id=context.controller_id, kind=kind, code=code, language=language)
            .order_by("-id")
            .defer("sound")[:MOST]
        )
        return [_view(row) for row in rows]


def version(context: AccessContext, version_id: int) -> CallNotice:
    """See `announcements.api`."""
    with scoped(context.scope):
        row = Announcement.objects.filter(controller_id=context.controller_id, id=version_id).defer("sound").first()
        if row is None:
            raise NotFoundError(_("There is no such version."), place="version")
        return _view(row)


def wave_of(context: AccessContext, version_id: int) -> bytes:
    """See `announcements.api`."""
    from trustdesk.announcements.wave import write_wave  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it

    context.check_operation("telephony:read")
    return write_wave(version(context, version_id).clips[0].read_bytes())


def missing(held: CallNotice, rule: RecordingRule) -> tuple[NoticeElement, ...]:
    """See `announcements.api`."""
    return tuple(element for element in needed(rule) if element not in held.elements)


def _newest(context: AccessContext, kind: Kind, code: str, language: str) -> CallNotice | None:
    with scoped(context.scope):
        row = (
            Announcement.objects.filter(controller_id=context.controller_id, kind=kind, code=code, language=language)
            .order_by("-id")
            .defer("sound")
            .first()
        )
        return _view(row) if row is not None else None


def _view(row: Announcement) -> CallNotice:
    return CallNotice(
        version=row.id,
        number=row.number,
        kind=Kind(row.kind),
        code=row.code,
        language=row.language,
        country=row.country,
        sector=row.sector,
        recorded=row.recorded,
        clips=(_file(row),),
        parts={NoticeElement(name): part for name, part in row.parts.items()},
        text=row.text,
        milliseconds=row.octets * 1_000 // RATE,
        made=Made(row.made),
        saved_at=row.saved_at,
        saved_by=row.saved_by,
    )


def _file(row: Announcement) -> Path:
    """A copy that the edge can play, made where it is missing or cut off: after a restore, or on another machine."""
    folder = Path(settings.TRUSTDESK_HOME.data) / "prompts" / str(row.controller_id)
    path = folder / f"{row.id}.alaw"
    if path.is_file() and path.stat().st_size == row.octets:
        return path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{row.id}.{new_id()}"
    half.write_bytes(row.sound)
    half.chmod(0o600)
    os.replace(half, path)  # noqa: PTH105 - whoever plays it sees all of it or nothing
    return path
