"""A company's own wordings, and which one counts."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import CHANNELS, Template
from trustdesk.delivery.models import Template as Row
from trustdesk.delivery.standard import standard
from trustdesk.delivery.wording import check_template
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id


def publish_template(context: AccessContext, *, template: Template, now: datetime) -> int:
    """Publish a wording: from now on messages of its code and language say this; those queued before stay as they are.

    Needs `delivery:manage`. BadInputError where a parameter is written wrongly, a control character stands in it, or
    the parameters are not those of the product's own wording of this code.
    """
    context.check_operation("delivery:manage")
    check_publishable(template)
    identifier = new_id()
    with scoped(context.scope):
        Row.objects.create(
            controller_id=context.controller_id,
            id=identifier,
            channel=template.channel,
            code=template.code,
            language=template.language,
            subject=template.subject,
            text=template.text,
            published_at=now,
            published_by=context.operator_id,
        )
        context.journal.deed(
            context,
            "delivery.template.published",
            detail={"channel": template.channel, "code": template.code, "language": template.language},
        )
    return identifier


def check_publishable(template: Template) -> None:
    """BadInputError, with its place, where `publish_template` would refuse this wording. Publishes nothing."""
    if template.channel not in CHANNELS or not template.code.strip() or len(template.code) > 100:
        raise BadInputError(_("A template needs a code, and mail or SMS to be sent by."), place="code")
    if template.language not in dict(settings.LANGUAGES):
        raise BadInputError(_("There is no such language."), place="language", mend=_("Use en, hu, fi, pl or de."))
    check_template(template)
    ours = standard(template.channel, template.code, template.language)
    if ours is not None and ours.parameters != template.parameters:
        raise BadInputError(
            _("The parameters are not those of the template."), place="text", mend=", ".join(sorted(ours.parameters))
        )


def template_of(context: AccessContext, channel: Channel, code: str, language: str) -> Template:
    """The wording that counts: the company's newest, else the product's. NotFoundError where there is neither."""
    with scoped(context.scope):
        row = (
            Row.objects.filter(controller_id=context.controller_id, channel=channel, code=code, language=language)
            .order_by("-id")
            .first()
        )
    if row is not None:
        return _template(row)
    ours = standard(channel, code, language)
    if ours is None:
        raise NotFoundError(
            _("There is no template of this code in this language."), place="template", mend=_("Publish one.")
        )
    return ours


def templates(context: AccessContext) -> Sequence[Template]:
    """The company's own wordings that count, by channel, code and language. Needs `delivery:read`."""
    context.check_operation("delivery:read")
    with scoped(context.scope):
        rows = (
            Row.objects.filter(controller_id=context.controller_id)
            .order_by("channel", "code", "language", "-id")
            .distinct("channel", "code", "language")
        )
        return [_template(row) for row in rows]


def _template(row: Row) -> Template:
    return Template(
        channel=Channel(row.channel), code=row.code, language=row.language, subject=row.subject, text=row.text
    )
