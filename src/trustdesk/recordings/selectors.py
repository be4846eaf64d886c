"""What there is of recordings, without a sound of them. Nothing here writes and nothing is opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from django.db.models import Q
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.recordings.contracts import (
    Because,
    CallView,
    Gap,
    Ground,
    HoldView,
    NotRecorded,
    RecordingView,
    Role,
    State,
    Tally,
)
from trustdesk.recordings.models import Hold, Recording, Unrecorded
from trustdesk.recordings.models import Tally as TallyRow
from trustdesk.sipedge.contracts import Mode

MOST = 200


def recording(context: AccessContext, recording_id: int) -> RecordingView:
    """One recording. Needs `recording:read`. NotFoundError where there is none of that number here."""
    context.check_operation("recording:read")
    with scoped(context.scope):
        row = Recording.objects.filter(controller_id=context.controller_id, id=recording_id).first()
        if row is None:
            raise NotFoundError(_("There is no such recording; it may have been deleted."), place="recording")
        return view(row, _held(context, [row.conversation_id]))


def of_conversation(context: AccessContext, conversation_id: int) -> Sequence[CallView]:
    """A conversation's recordings, call by call, the earliest first. Needs `recording:read`."""
    context.check_operation("recording:read")
    with scoped(context.scope):
        rows = list(
            Recording.objects.filter(controller_id=context.controller_id, conversation_id=conversation_id).order_by(
                "began_at", "id"
            )
        )
        held = _held(context, [conversation_id])
    return calls(rows, held)


def newest(
    context: AccessContext,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    queue: str = "",
    operator_id: int | None = None,
    customer_id: int | None = None,
    due_before: datetime | None = None,
    held: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[RecordingView]:
    """Recordings, the newest first, by what they are looked for; those before the id `before`. Needs
    `recording:read`.
    """
    context.check_operation("recording:read")
    wanted = Q(controller_id=context.controller_id)
    wanted &= Q(began_at__gte=since) if since else Q()
    wanted &= Q(began_at__lt=until) if until else Q()
    wanted &= Q(queue=queue) if queue else Q()
    wanted &= Q(operator_id=operator_id) if operator_id is not None else Q()
    wanted &= Q(customer_id=customer_id) if customer_id is not None else Q()
    wanted &= Q(keep_until__lt=due_before) if due_before else Q()
    wanted &= Q(id__lt=before) if before is not None else Q()
    with scoped(context.scope):
        if held:
            living = Hold.objects.filter(controller_id=context.controller_id, released_at__isnull=True)
            wanted &= Q(conversation_id__in=living.values("conversation_id"))
        rows = list(Recording.objects.filter(wanted).order_by("-id")[: min(limit, MOST)])
        holding = _held(context, {row.conversation_id for row in rows})
    return [view(row, holding) for row in rows]


def unrecorded(
    context: AccessContext, *, conversation_id: int | None = None, since: datetime | None = None, limit: int = 50
) -> Sequence[NotRecorded]:
    """What was not recorded and why, the newest first. Needs `recording:read`."""
    context.check_operation("recording:read")
    wanted = Q(controller_id=context.controller_id)
    wanted &= Q(conversation_id=conversation_id) if conversation_id is not None else Q()
    wanted &= Q(at__gte=since) if since else Q()
    with scoped(context.scope):
        return [
            NotRecorded(
                conversation_id=row.conversation_id,
                interaction_id=row.interaction_id,
                call_id=row.call_id,
                queue=row.queue,
                reason=row.reason,
                at=row.at,
            )
            for row in Unrecorded.objects.filter(wanted).order_by("-at", "-id")[: min(limit, MOST)]
        ]


def holds(
    context: AccessContext, *, conversation_id: int | None = None, released: bool = False, limit: int = 50
) -> Sequence[HoldView]:
    """Legal holds that live, or those that were released as well; the newest first. Needs `recording:read`."""
    context.check_operation("recording:read")
    wanted = Q(controller_id=context.controller_id)
    wanted &= Q() if released else Q(released_at__isnull=True)
    wanted &= Q(conversation_id=conversation_id) if conversation_id is not None else Q()
    with scoped(context.scope):
        return [
            HoldView(
                hold_id=row.id,
                conversation_id=row.conversation_id,
                ground=Ground(row.ground),
                file_number=row.file_number,
                placed_at=row.placed_at,
                placed_by=row.placed_by,
                released_at=row.released_at,
                released_by=row.released_by,
            )
            for row in Hold.objects.filter(wanted).order_by("-placed_at", "-id")[: min(limit, MOST)]
        ]


def tallies(context: AccessContext) -> Sequence[Tally]:
    """How many were destroyed, month by month, the newest first. Needs `recording:read`."""
    context.check_operation("recording:read")
    with scoped(context.scope):
        return [
            Tally(row.month, Because(row.because), row.recordings, row.milliseconds)
            for row in TallyRow.objects.filter(controller_id=context.controller_id).order_by("-month", "because")
        ]


def calls(rows: Iterable[Recording], held: frozenset[int]) -> list[CallView]:
    """The rows call by call, in the order in which the first leg of each began."""
    found: dict[int, list[RecordingView]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(view(row, held))
    return [
        CallView(
            conversation_id=legs[0].conversation_id,
            call_id=call_id,
            began_at=min(leg.began_at for leg in legs),
            queue=next((leg.queue for leg in legs if leg.queue), ""),
            recordings=legs,
        )
        for call_id, legs in found.items()
    ]


def view(row: Recording, held: frozenset[int]) -> RecordingView:
    """`held` are the conversations under a legal hold."""
    return RecordingView(
        recording_id=row.id,
        conversation_id=row.conversation_id,
        interaction_id=row.interaction_id,
        call_id=row.call_id,
        leg=row.leg,
        role=cast("Role", row.role),
        queue=row.queue,
        operator_id=row.operator_id,
        customer_id=row.customer_id,
        mode=Mode(row.mode),
        rule_ids=tuple(row.rule_ids),
        notice_version=row.notice_version,
        heard_at=row.heard_at,
        consent_key=row.consent_key,
        retention_class=row.retention_class,
        keep_until=row.keep_until,
        copy_days=row.copy_days,
        began_at=row.began_at,
        ended_at=row.ended_at,
        state=State(row.state),
        chunks=row.chunks,
        head=row.head,
        milliseconds=row.milliseconds,
        gaps=tuple(Gap(why, start, end) for why, start, end in row.gaps),
        reason=row.reason,
        held=row.conversation_id in held,
    )


def _held(context: AccessContext, conversations: Iterable[int]) -> frozenset[int]:
    found = Hold.objects.filter(
        controller_id=context.controller_id, conversation_id__in=list(conversations), released_at__isnull=True
    )
    return frozenset(found.values_list("conversation_id", flat=True))
