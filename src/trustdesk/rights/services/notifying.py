"""Art. 19: to whom a value was given that was wrong, is told that it was put right; who was told, and who has it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from trustdesk.clearance.api import recipients
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import State
from trustdesk.erasure.contracts import ToldView, Way
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.kernel.registries import Correction
from trustdesk.mandates.api import request_context
from trustdesk.register import api as register
from trustdesk.register.contracts import Disclosure
from trustdesk.rights.fulfilment import ToFulfil
from trustdesk.rights.models import Told

EVENT, NOTICE = "customer.changed", "recipient-corrected"
_LOST = frozenset({State.FAILED, State.REFUSED})


def tell(context: AccessContext, one: ToFulfil, *, wrong: Collection[int], fresh: Sequence[int], now: datetime) -> None:
    """Tell everybody to whom one of the wrong values was given, and whoever listens; inside the transaction that put
    them right. A call carries the right values where the recipient may be told them, a mail only which they are.
    """
    given = [each for each in register.disclosures(context, one.customer_id) if each.value_id in wrong]
    known = {each.name: each.recipient_id for each in recipients(context)}
    key = to_public(one.request_id)
    for name in sorted({each.recipient for each in given}):
        row = Told(controller_id=context.controller_id, id=new_id(), request_id=one.request_id, recipient=name)
        row.way = Way.BY_HAND
        if name in known:
            what = {each.attribute for each in given if each.recipient == name}
            reached = _reach(context, known[name], _Case(one.customer_id, key, what, fresh), now=now)
            row.way, row.call_ids, row.notice_id = reached.way, list(reached.call_ids), reached.notice_id
            row.told_at = None if row.way == Way.BY_HAND else now
        row.save()
    _call(context, _Case(one.customer_id, key, (), fresh), None, now=now)


def tell_each(context: AccessContext, corrections: Sequence[Correction], *, now: datetime) -> None:
    """Tell everybody to whom a value was given what counts in its place since something outside a request; inside the
    transaction in which it does. Whom nothing reaches stands in the log, for somebody to tell them.
    """
    given = register.disclosures_of(context, [(each.customer_id, each.old) for each in corrections])
    if not given:
        return
    known = {each.name: each.recipient_id for each in recipients(context)}
    told: set[tuple[int | None, str]] = set()
    for correction in corrections:
        theirs = [each for each in given if each.value_id == correction.old]
        for name, each in {each.recipient: each for each in theirs}.items():
            # Who was given a value and the one that took its place hears once which counts again.
            if correction.new is not None and (correction.new, name) in told:
                continue
            told.add((correction.new, name))
            _tell(context, correction, each, known.get(name), now=now)


def _tell(
    context: AccessContext, correction: Correction, given: Disclosure, recipient_id: int | None, *, now: datetime
) -> None:
    reached, new = _Reached(Way.BY_HAND), correction.new
    if recipient_id is not None:
        # The instant is part of the name: what was taken back and is said again is news again.
        key = f"value|{to_public(correction.old)}|{to_public(new or 0)}|{now.timestamp():.6f}"
        case = _Case(correction.customer_id, key, {given.attribute}, [] if new is None else [new])
        reached = _reach(context, recipient_id, case, now=now)
    if reached.way is Way.BY_HAND:
        context.journal.deed(
            context,
            "rights.recipient.untold",
            subjects=[correction.customer_id],
            detail={"disclosure": given.disclosure_id, "value": new or correction.old},
        )


@dataclass(frozen=True, slots=True)
class _Case:
    """What is told: of whom, under which name, which kinds of data, and the values that are right."""

    customer_id: int
    key: str
    what: Collection[str]
    fresh: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Reached:
    """How a recipient is told."""

    way: Way
    call_ids: Sequence[int] = ()
    notice_id: int | None = None


def _reach(context: AccessContext, recipient_id: int, case: _Case, *, now: datetime) -> _Reached:
    """By a call, else by mail, else not."""
    call_ids = _call(context, case, [recipient_id], now=now)
    if call_ids:
        return _Reached(Way.WEBHOOK, call_ids)
    facts = {"customer": to_public(case.customer_id), "what": _named(context, case.what)}
    notice_id = delivery.send_notice(
        context, recipient_id=recipient_id, template=NOTICE, facts=facts, key=f"{case.key}:{recipient_id}", now=now
    )
    return _Reached(Way.BY_HAND if notice_id is None else Way.MAIL, (), notice_id)


def _call(context: AccessContext, case: _Case, recipient_ids: Sequence[int] | None, *, now: datetime) -> Sequence[int]:
    """Each endpoint once, whoever it is called for first."""
    return delivery.send_webhook(
        context,
        event=EVENT,
        key=f"rectified|{case.key}",
        customer_id=case.customer_id,
        value_ids=case.fresh,
        recipient_ids=recipient_ids,
        now=now,
    )


def _named(context: AccessContext, codes: Collection[str]) -> str:
    """Kinds of data by the company's names for them, which a recipient of another country reads as they are."""
    with translation.override("en"):
        return ", ".join(sorted(_(one.label) for one in register.catalog(context) if one.code in codes))


def note_receipts(context: AccessContext, *, now: datetime) -> int:
    """What was taken since is received, and what none took is told by hand; how many rows changed. Inside the scope."""
    waiting = Told.objects.select_for_update().filter(
        controller_id=context.controller_id, way__in=[Way.WEBHOOK, Way.MAIL], received_at=None
    )
    house, changed = request_context(context), 0
    for row in waiting:
        states, at = _how(house, row, now)
        if at is not None:
            row.received_at = at
        elif not states or states & _LOST:
            row.way, row.told_at = Way.BY_HAND, None
        else:
            continue
        row.save(update_fields=["received_at", "way", "told_at"])
        changed += 1
    return changed


def _how(context: AccessContext, row: Told, now: datetime) -> tuple[set[State], datetime | None]:
    """How telling went, and since when the recipient has it."""
    if row.way == Way.MAIL:
        notices = delivery.notices_of(context, [row.notice_id or 0])
        return {one.state for one in notices}, next((one.received_at for one in notices), None)
    states = {call.state for call in delivery.calls_of(context, row.call_ids)}
    return states, now if states == {State.SENT} else None


def told(context: AccessContext, *, request_id: int) -> Sequence[ToldView]:
    """To whom a value was given that this request put right, how they were told, and who has it (Art. 19); by their
    names. Needs `request:work`.
    """
    context.check_operation("request:work")
    with scoped(context.scope):
        rows = Told.objects.filter(controller_id=context.controller_id, request_id=request_id).order_by("recipient")
        return [ToldView(row.id, row.recipient, Way(row.way), row.told_at, row.received_at) for row in rows]


def received(context: AccessContext, *, told_id: int, now: datetime) -> None:
    """Somebody here told a recipient, or heard that they have it. Needs `request:work`. NotFoundError where there is
    none, ConflictError where it is known already.
    """
    context.check_operation("request:work")
    with scoped(context.scope):
        row = Told.objects.select_for_update().filter(controller_id=context.controller_id, id=told_id).first()
        if row is None:
            raise NotFoundError(_("There is no such recipient."), place="recipient")
        if row.received_at is not None:
            raise ConflictError(_("This recipient has confirmed it already."), place="recipient")
        row.told_at, row.received_at, row.received_by = row.told_at or now, now, context.operator_id
        row.save(update_fields=["told_at", "received_at", "received_by"])
        detail: dict[str, object] = {"request": row.request_id, "recipient": row.id}
        context.journal.deed(context, "rights.recipient.received", detail=detail)
