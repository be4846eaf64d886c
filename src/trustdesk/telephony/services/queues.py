"""Queues: set, shown, taken away."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.announcements import api as announcements
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.telephony.contracts import NewQueue, Overflow, QueueView, Span
from trustdesk.telephony.hours import keeps_holidays, minutes
from trustdesk.telephony.models import Menu, Number, Queue
from trustdesk.telephony.services.checks import LONGEST_LABEL, check_code, check_seconds, check_texts, check_zone
from trustdesk.telephony.services.telling import tell

_DAYS = 7
_DAY_MINUTES = 24 * 60
_SECONDS = {
    "wrap_up_seconds": (0, 3_600),
    "longest_wait_seconds": (30, 14_400),
    "overflow_after_seconds": (10, 7_200),
    "service_level_seconds": (5, 600),
}


def save_queue(context: AccessContext, *, new: NewQueue, now: datetime) -> None:
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    names = _check(new)
    with scoped(context.scope):
        _check_references(context, new)
        values: dict[str, Any] = {
            "names": names,
            "week": [[[f"{o:%H:%M}", f"{c:%H:%M}"] for o, c in day] for day in new.week],
            "overflow": new.overflow.value,
            "changed_at": now,
            "changed_by": context.operator_id,
        }
        values |= {name: getattr(new, name) for name in _PLAIN}
        Queue.objects.update_or_create(controller_id=context.controller_id, code=new.code, defaults=values)
        tell()
        context.journal.deed(context, "telephony.queue.set", detail={"queue": new.code})


def remove_queue(context: AccessContext, *, code: str, now: datetime) -> None:  # noqa: ARG001 - every write takes it
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    with scoped(context.scope):
        row = Queue.objects.select_for_update().filter(controller_id=context.controller_id, code=code).first()
        if row is None:
            raise _no_queue(code)
        users = _users(context, code)
        if users:
            raise ConflictError(
                _("The queue is still used."),
                place="queue",
                mend=_("Lead these elsewhere first: %(users)s.") % {"users": ", ".join(users)},
            )
        row.delete()
        tell()
        context.journal.deed(context, "telephony.queue.removed", detail={"queue": code})


def queues(context: AccessContext) -> Sequence[QueueView]:
    """See `telephony.api`."""
    with scoped(context.scope):
        return [view(row) for row in Queue.objects.filter(controller_id=context.controller_id).order_by("code")]


def queue(context: AccessContext, code: str) -> QueueView:
    """See `telephony.api`."""
    with scoped(context.scope):
        row = Queue.objects.filter(controller_id=context.controller_id, code=code).first()
    if row is None:
        raise _no_queue(code)
    return view(row)


def view(row: Queue) -> QueueView:
    return QueueView(
        controller_id=row.controller_id,
        code=row.code,
        names=row.names,
        week=[[_span(pair) for pair in day] for day in row.week],
        overflow=Overflow(row.overflow),
        changed_at=row.changed_at,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def check_queue(context: AccessContext, code: str, place: str) -> None:
    """BadInputError where the company has no such queue. Inside the scope."""
    if not Queue.objects.filter(controller_id=context.controller_id, code=code).exists():
        raise BadInputError(_("There is no such queue."), place=place, mend=_("Set the queue first."))


_PLAIN = (
    "time_zone",
    "country",
    "region",
    "closed_on_holidays",
    "wrap_up_seconds",
    "longest_wait_seconds",
    "overflow_after_seconds",
    "overflow_queue",
    "service_level_seconds",
    "callback_offered",
    "alarm_seconds",
    "closed_words",
)


def _no_queue(code: str) -> NotFoundError:
    return NotFoundError(_("There is no such queue."), place=f"queue {code}"[:60])


def _span(pair: Sequence[str]) -> Span:
    return time.fromisoformat(pair[0]), time.fromisoformat(pair[1])


def _check(new: NewQueue) -> dict[str, str]:
    check_code(new.code, "code")
    names = check_texts(new.names, "names", most=LONGEST_LABEL)
    check_zone(new.time_zone, "time_zone")
    for place, (least, most) in _SECONDS.items():
        check_seconds(getattr(new, place), place, least=least, most=most)
    if new.alarm_seconds is not None:
        check_seconds(new.alarm_seconds, "alarm_seconds", least=10, most=3_600)
    if not keeps_holidays(new.country, ""):
        raise BadInputError(_("The public holidays of this country are not known."), place="country", mend="HU")
    if new.region and not keeps_holidays(new.country, new.region):
        raise BadInputError(_("The public holidays of this region are not known."), place="region")
    if len(new.week) != _DAYS:
        raise BadInputError(_("A week has seven days."), place="week")
    _check_week(new)
    return names


def _check_week(new: NewQueue) -> None:
    """No two spans of the week may overlap, those over midnight included."""
    taken: dict[int, int] = {}
    for day, spans in enumerate(new.week):
        for span in spans:
            first = day * _DAY_MINUTES + span[0].hour * 60 + span[0].minute
            for minute in range(first, first + minutes(span)):
                place = minute % (_DAYS * _DAY_MINUTES)
                if place in taken:
                    raise BadInputError(
                        _("Two spans of the opening hours overlap."),
                        place=f"week.{day}",
                        mend=_("Leave each hour in one span only."),
                    )
                taken[place] = day


def _check_references(context: AccessContext, new: NewQueue) -> None:
    if (new.overflow is Overflow.QUEUE) != bool(new.overflow_queue):
        raise BadInputError(
            _("An overflow into a queue names that queue, any other names none."), place="overflow_queue"
        )
    if new.overflow_queue:
        check_queue(context, new.overflow_queue, "overflow_queue")
        if new.overflow_queue == new.code:
            raise BadInputError(_("A queue does not overflow into itself."), place="overflow_queue")
    if new.closed_words and not any(
        announcements.words(context, new.closed_words, language) for language in sorted(new.names)
    ):
        raise BadInputError(
            _("There are no words of this code."),
            place="closed_words",
            mend=_("Save the words first, or leave it empty."),
        )


def _users(context: AccessContext, code: str) -> list[str]:
    numbers = Number.objects.filter(controller_id=context.controller_id, queue=code).values_list("e164", flat=True)
    menus = [
        row.code
        for row in Menu.objects.filter(controller_id=context.controller_id)
        if code == row.otherwise or code in {choice["queue"] for choice in row.choices}
    ]
    others = Queue.objects.filter(controller_id=context.controller_id, overflow_queue=code)
    return [*numbers, *menus, *others.values_list("code", flat=True)]
