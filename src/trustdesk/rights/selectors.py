"""Reading requests. Nothing here writes; only `whole` opens anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q

from trustdesk.conversations.api import by_any_reference
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.register.api import shown_as_one
from trustdesk.rights import clock, content
from trustdesk.rights.contracts import (
    CLOSED,
    GROUNDS,
    LAW,
    Channel,
    Clock,
    Ground,
    Happened,
    Happening,
    Kind,
    ProofKind,
    Proved,
    RequestView,
    Standing,
    State,
    Taken,
    Whole,
    Written,
)
from trustdesk.rights.models import Event, Letter, Mailbox, Request
from trustdesk.rights.rows import course, no_request, place_of
from trustdesk.rights.services.letters import Letter as Wording

_MOST = 500
_PARKED = timedelta(days=30)
_FAILING = timedelta(hours=1)


def requests(
    context: AccessContext,
    *,
    states: Sequence[State] = (),
    kind: Kind | None = None,
    customer_id: int | None = None,
    limit: int = 100,
    now: datetime,
) -> Sequence[RequestView]:
    """By their clock (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        found = Request.objects.filter(controller_id=context.controller_id)
        found = found.filter(state__in=list(states)) if states else found.filter(closed_at=None)
        if kind is not None:
            found = found.filter(kind=kind)
        if customer_id is not None:
            found = found.filter(customer_id__in=shown_as_one(context, customer_id))
        rows = list(found.order_by("due_at", "id")[: min(limit, _MOST)])
    return _views(context, rows, now=now)


def request(context: AccessContext, *, request_id: int, now: datetime) -> RequestView:
    """One as it stands (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        return view(_row(context, request_id), now=now)


def whole(context: AccessContext, *, request_id: int, now: datetime) -> Whole:
    """One with its words (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        row = _row(context, request_id)
        events = list(Event.objects.filter(controller_id=context.controller_id, request_id=row.id).order_by("id"))
        told, details = content.open_with(context, row, events, what="rights.request")
    history = [_happened(event, detail) for event, detail in zip(events, details, strict=True)]
    return Whole(view=view(row, now=now), told=told, history=history)


def by_reference(context: AccessContext, *, digits: str, asker: str, now: datetime) -> RequestView | None:
    """By what is said or typed (see `rights.api`)."""
    context.check_operation("request:take")
    return by_any_reference(
        context, digits=digits, asker=asker, find=lambda named: of_reference(context, named, now=now), now=now
    )


def of_reference(context: AccessContext, reference: str, *, now: datetime) -> RequestView | None:
    """Inside the scope and past the throttle (see `rights.api`)."""
    row = Request.objects.filter(controller_id=context.controller_id, reference=reference).first()
    return None if row is None else view(row, now=now)


def of_customer(context: AccessContext, *, customer_id: int, now: datetime) -> Sequence[RequestView]:
    """All of one person (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        own = Request.objects.filter(
            controller_id=context.controller_id, customer_id__in=shown_as_one(context, customer_id)
        )
        rows = list(own.order_by("-received_at", "-id")[:_MOST])
    return _views(context, rows, now=now)


def written(context: AccessContext, *, request_id: int) -> Sequence[Written]:
    """The letters to whom it is thought to be now (see `rights.api`)."""
    context.check_operation("request:take")
    found: list[Written] = []
    telling = [Happening.TOLD, Happening.CODE_SENT, Happening.SUPPOSED]
    with scoped(context.scope):
        lines = Event.objects.filter(controller_id=context.controller_id, request_id=request_id, happening__in=telling)
        for line in lines.order_by("id"):
            if line.happening == Happening.SUPPOSED:
                found.clear()
            elif line.happening == Happening.CODE_SENT:
                found.append(Written(line.at, Wording.CODE))
            elif line.code != Wording.ALERT:
                found.append(Written(line.at, line.code))
    return found


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """How a company's requests stand (see `rights.api`)."""
    context.check_operation("request:take")
    running = Q(suspended_since=None)
    with scoped(context.scope):
        held = Request.objects.filter(controller_id=context.controller_id, closed_at=None).aggregate(
            open=Count("id"),
            due=Count("id", filter=running & Q(due_at__gt=now, due_at__lte=now + clock.ESCALATE_BEFORE)),
            overdue=Count("id", filter=running & Q(due_at__lte=now)),
            waiting=Count("id", filter=Q(state__in=[State.IDENTIFIED, State.PLANNED])),
        )
        letters = Letter.objects.filter(controller_id=context.controller_id, taken=Taken.PARKED)
        parked = letters.filter(taken_at__gt=now - _PARKED).count()
        failing = Mailbox.objects.filter(
            controller_id=context.controller_id, paused_at=None, failing_since__lt=now - _FAILING
        ).exists()
    return Standing(**held, parked=parked, failing=failing)


def _views(context: AccessContext, rows: Sequence[Request], *, now: datetime) -> Sequence[RequestView]:
    place = place_of(controller(context.controller_id))
    return [view(row, now=now, place=place) for row in rows]


def view(row: Request, *, now: datetime, place: clock.Place | None = None) -> RequestView:
    """A row as others see it. `place` is the company's, where it is at hand."""
    kind = Kind(row.kind)
    proved = None
    if row.identity_at is not None:
        proved = Proved(kind=ProofKind(row.identity), at=row.identity_at, by=row.identity_by)
    refused = Ground(row.refused) if row.refused else None
    return RequestView(
        request_id=row.id,
        reference=row.reference,
        kind=kind,
        state=State(row.state),
        channel=Channel(row.channel),
        language=row.language,
        customer_id=row.customer_id,
        proved=proved,
        clock=_clock(row, place or place_of(controller(row.controller_id)), now=now),
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        refused=refused,
        law=GROUNDS[refused][0] if refused else LAW[kind],
        closed_at=row.closed_at,
        external_id=row.external_id,
        delegated=row.delegated,
        work_id=row.work_id,
    )


def _clock(row: Request, place: clock.Place, *, now: datetime) -> Clock:
    stands = row.suspended_since is not None
    held = course(row)
    until = None if State(row.state) in CLOSED else clock.extendable_until(held, place=place, now=now)
    return Clock(
        received_date=place.day(row.received_at),
        due_date=clock.due_date(held, place=place, now=now) if stands else row.due_date,
        due_at=clock.due_at(held, place=place, now=now) if stands else row.due_at,
        suspended_since=row.suspended_since,
        suspended_days=row.suspended_days,
        extended_at=row.extended_at,
        extendable_until=until,
    )


def _happened(event: Event, detail: str | None) -> Happened:
    return Happened(
        at=event.at,
        happening=Happening(event.happening),
        before=State(event.before) if event.before else None,
        after=State(event.after),
        by=event.operator_id,
        code=event.code,
        detail=detail,
    )


def _row(context: AccessContext, request_id: int) -> Request:
    row = Request.objects.filter(controller_id=context.controller_id, id=request_id).first()
    if row is None:
        raise no_request()
    return row
