"""Notices: published in every language of the company at once, and never changed."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import ELEMENTS, NoticeKind, NoticeText
from trustdesk.clearance.models import Notice as NoticeRow
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller

_LONGEST_VERSION = 40


def publish_notice(
    context: AccessContext, *, kind: NoticeKind, version: str, texts: Mapping[str, NoticeText], now: datetime
) -> None:
    """Publish a notice, in every language of the company. Needs `clearance:manage`.

    Every element is said in every language (GDPR Art. 13(1)-(2), 14(1)-(2); in layers: `where_the_rest_is`).
    BadInputError where a language or an element is missing, ConflictError where the version is published: what people
    were told is never changed.
    """
    context.check_operation("clearance:manage")
    version = version.strip()
    if not version or len(version) > _LONGEST_VERSION:
        raise BadInputError(_("A notice needs a version of at most 40 letters."), place="version", mend="2026-1")
    wanted = set(controller(context.controller_id).languages)
    if missing := wanted - texts.keys():
        raise BadInputError(
            _("The notice is missing in a language of the company."),
            place="languages",
            mend=_("Write it in %(languages)s too.") % {"languages": ", ".join(sorted(missing))},
        )
    for language, text in texts.items():
        for element in ELEMENTS:
            if not getattr(text, element).strip():
                raise BadInputError(
                    _("A part of the notice is empty."), place=f"{language}.{element}", mend=_("Say it, or say none.")
                )
    with scoped(context.scope):
        if NoticeRow.objects.filter(kind=kind.value, version=version).exists():
            raise ConflictError(
                _("This version is published already."), place="version", mend=_("Publish under a new version.")
            )
        NoticeRow.objects.bulk_create(
            NoticeRow(
                controller_id=context.controller_id,
                id=new_id(),
                kind=kind.value,
                version=version,
                language=language,
                published_at=now,
                published_by=context.operator_id,
                **{element: getattr(text, element).strip() for element in ELEMENTS},
            )
            for language, text in sorted(texts.items())
        )
        context.journal.deed(
            context,
            "clearance.notice.published",
            detail={"kind": kind.value, "version": version, "languages": sorted(texts)},
        )
