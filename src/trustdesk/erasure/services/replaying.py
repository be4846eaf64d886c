"""After a restore: whoever was erased since the backup is erased again, before anybody can look.

The book is newer than the database may be. What the database lacks of it is entered anew; what stands in it as not done
is carried out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.erasure import book
from trustdesk.erasure.contracts import AT_ONCE, Cause, Happening, PlanState, Replayed
from trustdesk.erasure.models import Plan
from trustdesk.erasure.services import ledger, sweeping
from trustdesk.erasure.services.drawing import add_steps
from trustdesk.erasure.services.moving import move
from trustdesk.erasure.services.running import carry_out_all
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.vault.api import SuppressionToken

SAID_EVERY = 100


def replay(*, now: datetime, tell: Callable[[str], None], copies: Sequence[Path] = ()) -> Replayed:
    """See `erasure.api.replay`."""
    lines = book.read(copies)
    book.take_over(lines)
    new = erased = stopped = looked = 0
    for some in _sets(lines):
        first = some[0]
        try:
            context = sweeping.house(first.controller_id, now=now, on_behalf_of=first.approved_by)
        except RefusedError:
            stopped += len(some)  # a company whose mandate has ended, or which the backup does not know
            continue
        before = {line.plan_id: _entered(context, line, now=now) for line in some}
        new += sum(state is None for state in before.values())
        again = [plan_id for plan_id, state in before.items() if state is not PlanState.DONE]
        states = carry_out_all(context, plan_ids=again, before=None, now=now)
        done = sum(state is PlanState.DONE for state in states.values())
        erased, stopped, looked = erased + done, stopped + len(again) - done, looked + len(some)
        if looked // SAID_EVERY > (looked - len(some)) // SAID_EVERY:
            tell(f"{looked} of {len(lines)} erasures looked at")
    last = max((line.at for line in lines), default=None)
    return Replayed(entries=len(lines), new=new, erased=erased, stopped=stopped, last_at=last)


def _sets(lines: Iterable[book.Line]) -> Iterator[list[book.Line]]:
    """Erasures one after another that the same officer approved for the same company, nobody twice among them."""
    some: list[book.Line] = []
    met: set[int] = set()
    for line in lines:
        same = some and (some[0].controller_id, some[0].approved_by) == (line.controller_id, line.approved_by)
        if some and (not same or len(some) == AT_ONCE or met & set(line.people)):
            yield some
            some, met = [], set()
        some.append(line)
        met.update(line.people)
    if some:
        yield some


def _entered(context: AccessContext, line: book.Line, *, now: datetime) -> PlanState | None:
    """The plan's state before; None where the database did not know it. From then on it is there, approved."""
    with scoped(context.scope):
        row = Plan.objects.select_for_update().filter(controller_id=context.controller_id, id=line.plan_id).first()
        before = PlanState(row.state) if row is not None else None
        if row is None:
            row = _made(context, line, now)
        elif before in {PlanState.DRAWN, PlanState.DISMISSED}:
            _approve(context, row, line, now)
        tokens = [
            (each.kind, SuppressionToken(each.version, each.level, bytes.fromhex(each.token))) for each in line.tokens
        ]
        ledger.enter_known(context, row.id, tokens, at=line.at)
    return before


def _made(context: AccessContext, line: book.Line, now: datetime) -> Plan:
    _clear_the_way(context, line, now)
    row = Plan(
        controller_id=context.controller_id,
        id=line.plan_id,
        customer_id=line.customer_id,
        people=list(line.people),
        cause=Cause(line.cause),
        about="",
        state=PlanState.APPROVED,
        lines=[],
        drawn_at=line.approved_at,
        drawn_by=line.approved_by,
        approved_at=line.approved_at,
        approved_by=line.approved_by,
        begun_at=line.at,
        mandate_id=context.mandate_id,
        changed_at=now,
    )
    row.save(force_insert=True)
    add_steps(context, [row.id])
    context.journal.deed(context, "erasure.replayed", subjects=list(line.people), detail={"plan": line.plan_id})
    return row


def _approve(context: AccessContext, row: Plan, line: book.Line, now: datetime) -> None:
    """It was approved after the backup was made. A plan that was closed then had been opened again by another one."""
    Plan.objects.filter(controller_id=context.controller_id, id=row.id).update(state=PlanState.DRAWN)
    row.state = PlanState.DRAWN
    add_steps(context, [row.id])
    move(
        context,
        row,
        Happening.APPROVED,
        now=now,
        approved_at=line.approved_at,
        approved_by=line.approved_by,
        begun_at=line.at,
    )


def _clear_the_way(context: AccessContext, line: book.Line, now: datetime) -> None:
    """Of two plans of one person the one that was carried out counts: an open one of the backup's day is closed."""
    waiting = [PlanState.DRAWN, PlanState.APPROVED]
    others = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=line.people, state__in=waiting)
    for other in others.order_by("id"):
        move(context, other, Happening.DISMISSED, now=now, dismissed_because="replayed")
