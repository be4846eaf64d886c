"""What a company lets its agents say about an interaction, and what it asks for in a queue."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from trustdesk.conversations.contracts import DATED, MAIN, Disposition, Meaning, QueueRules
from trustdesk.conversations.models import Disposition as Row
from trustdesk.conversations.models import QueueRule
from trustdesk.conversations.services.held import rules_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MOST = 50
_LONGEST_LABEL = 80
_STANDARD: tuple[tuple[str, str, Meaning, timedelta | None], ...] = (
    ("done", gettext_noop("Settled"), Meaning.DONE, None),
    ("again", gettext_noop("We look at it again"), Meaning.AGAIN, timedelta(days=1)),
    ("callback", gettext_noop("Wants to be called back"), Meaning.CALLBACK, timedelta(hours=2)),
    ("stop", gettext_noop("No further attempts"), Meaning.STOP, None),
    ("objection", gettext_noop("Does not want to be contacted"), Meaning.OBJECTION, None),
    ("complaint", gettext_noop("Complaint"), Meaning.COMPLAINT, None),
)


def dispositions(context: AccessContext, queue: str = MAIN) -> Sequence[Disposition]:
    """What may be said in a queue: its own list, else that of all queues, else the product's. Needs
    `conversation:read`.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = list(
            Row.objects.filter(
                controller_id=context.controller_id, queue__in={queue, MAIN}, retired_at__isnull=True
            ).order_by("place", "code")
        )
    own = [row for row in rows if row.queue == queue] or [row for row in rows if row.queue == MAIN]
    return [_view(row) for row in own] or standard()


def disposition(context: AccessContext, queue: str, code: str) -> Disposition:
    """One of them, by its code. BadInputError where the queue has none of it."""
    for one in dispositions(context, queue):
        if one.code == code:
            return one
    raise BadInputError(
        _("This queue has no such disposition."), place="disposition", mend=_("Choose one of its dispositions.")
    )


def standard() -> list[Disposition]:
    """What comes with the product, in all its languages."""
    return [
        Disposition(code=code, labels=_labels(label), meaning=meaning, after=after)
        for code, label, meaning, after in _STANDARD
    ]


def save_dispositions(
    context: AccessContext, *, queue: str = MAIN, dispositions: Sequence[Disposition], now: datetime
) -> None:
    """The whole list of a queue (MAIN: of all that have none of their own), in its order; an empty one: those of all
    queues again. Needs `conversation:manage`. What was said before keeps its words.

    BadInputError where a code stands twice or is none, where there is no label in English, or `after` stands with what
    waits for nothing.
    """
    context.check_operation("conversation:manage")
    _check(dispositions)
    with scoped(context.scope):
        own = Row.objects.filter(controller_id=context.controller_id, queue=queue)
        codes = [one.code for one in dispositions]
        own.exclude(code__in=codes).filter(retired_at__isnull=True).update(retired_at=now)
        for place, one in enumerate(dispositions):
            Row.objects.update_or_create(
                controller_id=context.controller_id,
                queue=queue,
                code=one.code,
                defaults={
                    "labels": dict(one.labels),
                    "meaning": one.meaning,
                    "after": one.after,
                    "place": place,
                    "retired_at": None,
                },
            )
        context.journal.deed(context, "conversations.dispositions.saved", detail={"queue": queue, "codes": codes})


def queue_rules(context: AccessContext, queue: str = MAIN) -> QueueRules:
    """What the company asks for in a queue. Needs `conversation:read`."""
    context.check_operation("conversation:read")
    with scoped(context.scope):
        return rules_of(context, queue)


def save_queue_rules(context: AccessContext, *, rules: QueueRules, now: datetime) -> None:
    """What is asked for in a queue (MAIN: in all that have no rules of their own). Needs `conversation:manage`.

    BadInputError where a closed conversation would be kept less than a day or longer than ten years.
    """
    context.check_operation("conversation:manage")
    if not 1 <= rules.keep_days <= 3653:
        raise BadInputError(
            _("A closed conversation is kept for a day to ten years."), place="keep_days", mend=_("Correct the number.")
        )
    with scoped(context.scope):
        QueueRule.objects.update_or_create(
            controller_id=context.controller_id,
            queue=rules.queue,
            defaults={
                "required": rules.required,
                "keep_days": rules.keep_days,
                "sector": rules.sector.strip(),
                "changed_at": now,
                "changed_by": context.operator_id,
            },
        )
        context.journal.deed(
            context,
            "conversations.rules.saved",
            detail={"queue": rules.queue, "required": rules.required, "keep_days": rules.keep_days},
        )


def queues(context: AccessContext) -> Sequence[str]:
    """The queues that conversations, rules or dispositions name, sorted; MAIN is not among them. Needs
    `conversation:read`. What a queue is (skills, hours), telephony says.
    """
    from trustdesk.conversations.models import Conversation  # noqa: PLC0415 - only here

    context.check_operation("conversation:read")
    own = {"controller_id": context.controller_id}
    with scoped(context.scope):
        named = {
            *Conversation.objects.filter(**own).values_list("queue", flat=True).distinct().order_by(),
            *Row.objects.filter(**own, retired_at__isnull=True).values_list("queue", flat=True).distinct().order_by(),
            *QueueRule.objects.filter(**own).values_list("queue", flat=True).distinct().order_by(),
        }
    return sorted(named - {MAIN})


def _check(given: Sequence[Disposition]) -> None:
    codes = [one.code for one in given]
    if len(codes) > _MOST or len(set(codes)) < len(codes):
        raise BadInputError(
            _("A code stands twice, or there are more than fifty."), place="code", mend=_("Give each its own code.")
        )
    for one in given:
        if not _CODE.fullmatch(one.code):
            raise BadInputError(
                _("A code has lower-case letters, digits and hyphens."), place="code", mend=_("Correct the code.")
            )
        if not one.labels.get("en", "").strip() or any(len(each) > _LONGEST_LABEL for each in one.labels.values()):
            raise BadInputError(
                _("A disposition needs a name in English, and names have at most 80 characters."),
                place="labels",
                mend=_("Give it one."),
            )
        if one.after is not None and (one.meaning not in DATED or one.after <= timedelta()):
            raise BadInputError(
                _("Only what is looked at again has a time to wait."), place="after", mend=_("Leave it out.")
            )


def _labels(text: str) -> Mapping[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = gettext(text)
    return found


def _view(row: Row) -> Disposition:
    return Disposition(code=row.code, labels=row.labels, meaning=Meaning(row.meaning), after=row.after)
